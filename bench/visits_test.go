package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"io"
	"testing"
	"time"

	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// What the bench sends must be what a phone would send: of the size that is announced, and nothing that would be flagged.
func TestVisits(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kid, err := seal.Thumbprint(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := declaration(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	j := newJournal(key, kid, record.NewID(time.Now(), rand.Reader))
	cause := record.NewID(time.Now(), rand.Reader)
	full, err := j.full(cause, paper, newFilm(photoSize))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := j.plain(cause)
	if err != nil {
		t.Fatal(err)
	}
	if len(full.records) != 7 || len(full.photos) != 3 || len(plain.records) != 3 {
		t.Errorf("%d records with %d photos, and %d records", len(full.records), len(full.photos), len(plain.records))
	}
	head := record.Genesis(kid)
	for i, s := range append(full.records, plain.records...) {
		r, err := seal.Open(s.compact, seal.OneKey(&key.PublicKey))
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		if faults := record.CheckSchema(r); len(faults) > 0 || len(r.Flags) > 0 {
			t.Errorf("record %d (%s): %v %v", i, r.Kind, faults, r.Flags)
		}
		if err := record.CheckLink(head, &r.Structure); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
		head = record.Head{Seq: r.Seq, Hash: r.Hash}
		if r.Kind != record.KindDeclarationSigned {
			continue
		}
		strokes, _ := r.Field("strokes")
		if size := len(strokes.Raw()); size < 11<<10 || size > 13<<10 {
			t.Errorf("the strokes have %d bytes", size)
		}
	}
}

func TestPhoto(t *testing.T) {
	film := newFilm(photoSize)
	one, two := film.take(photoSize), film.take(1000)
	for _, p := range []*photo{one, two} {
		all, err := io.ReadAll(p.part(0, p.size()))
		if err != nil || blob.Of(all) != p.digest {
			t.Errorf("reads %d bytes, %v", len(all), err)
		}
		if kind := blob.Sniff(all[:512]); kind != "image/jpeg" {
			t.Error(kind)
		}
		for _, at := range []int{0, 1, 31, 32, 33, 500} {
			part, err := io.ReadAll(p.part(at, 100))
			if err != nil || !bytes.Equal(part, all[at:at+100]) {
				t.Errorf("from %d: %v", at, err)
			}
		}
	}
	if one.digest == film.take(photoSize).digest {
		t.Error("two photos are the same")
	}
}

// The figures of a run are only as good as its arithmetic.
func TestTable(t *testing.T) {
	for _, c := range []struct {
		row       row
		goal, met string
	}{
		{row{measured: 1}, "", ""},
		{row{measured: 150, unit: "visits/s", least: 150}, "≥ 150 visits/s", "yes"},
		{row{measured: 149, unit: "visits/s", least: 150}, "≥ 150 visits/s", "NO"},
		{row{measured: 101, unit: "MB", most: 100}, "≤ 100 MB", "NO"},
		{row{measured: 200, limit: 400, least: 150, leastRatio: 0.6}, "≥ 150, ≥ 0.60 ×", "NO"},
		{row{measured: 300, limit: 400, least: 150, leastRatio: 0.6}, "≥ 150, ≥ 0.60 ×", "yes"},
		{row{measured: 1.4, limit: 1, mostRatio: 1.5}, "≤ 1.50 ×", "yes"},
		{row{measured: 1.6, limit: 1, mostRatio: 1.5}, "≤ 1.50 ×", "NO"},
		{row{measured: 0, limit: 0, leastRatio: 0.6}, "≥ 0.60 ×", "NO"}, // nothing was measured
	} {
		if got := c.row.goal(); got != c.goal {
			t.Errorf("goal %q, not %q", got, c.goal)
		}
		if got := c.row.met(); got != c.met {
			t.Errorf("%+v: met %q, not %q", c.row, got, c.met)
		}
	}
}
