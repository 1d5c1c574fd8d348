package main

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// journal seals what a phone captures. Unlike fieldtest's it keeps nothing but its head: a run seals a million records.
type journal struct {
	key   *ecdsa.PrivateKey
	actor record.ID
	boot  string
	began time.Time
	head  record.Head
}

func newJournal(key *ecdsa.PrivateKey, kid record.KeyID, actor record.ID) *journal {
	var boot [16]byte
	_, _ = rand.Read(boot[:]) // never fails (Go 1.24)
	return &journal{key: key, actor: actor, boot: base64.RawURLEncoding.EncodeToString(boot[:]), began: time.Now(), head: record.Genesis(kid)}
}

// sealed is one record that waits for its push.
type sealed struct {
	hash    record.Hash
	compact string
}

// seal writes the next record. The clock is right and measured a second ago.
func (j *journal) seal(kind record.Kind, cause, visit record.ID, content []seal.Content, photos ...*photo) (sealed, error) {
	now := time.Now()
	s := record.Structure{
		V: record.Version, ID: record.NewID(now, rand.Reader), Seq: j.head.Seq + 1, Prev: j.head.Hash, Kind: kind, Case: cause, Visit: visit,
		At: now.UnixMilli(), TZ: "Asia/Tokyo", Boot: j.boot, Mono: now.Sub(j.began).Milliseconds(), Clock: &record.Clock{OffsetMS: 0, AgeMS: 1000},
		Actor: j.actor, App: "tachiai-bench", Policy: "jp-1",
	}
	for _, p := range photos {
		s.Blobs = append(s.Blobs, record.BlobSlot{ID: "p1", Role: "badge_front"})
		content = append(content, seal.Content{Name: record.BlobPrefix + "p1", Value: map[string]any{
			"sha256": p.digest.String(), "size": p.size(), "type": "image/jpeg", "of": nil,
		}})
	}
	compact, r, err := seal.Seal(s, content, j.key, rand.Reader)
	if err != nil {
		return sealed{}, fmt.Errorf("seal %s: %w", kind, err)
	}
	j.head = record.Head{Seq: r.Seq, Hash: r.Hash}
	return sealed{r.Hash, compact}, nil
}

var zippers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is valid
	return w
}}

// pushBody is the gzipped body of a push of these records.
func pushBody(records []sealed) ([]byte, error) {
	push := wire.Push{Device: &wire.Status{
		Outbox: int64(len(records)), Now: time.Now().UnixMilli(), Storage: wire.Storage{Usage: 1 << 20, Quota: 1 << 30, Persisted: true},
	}}
	for _, r := range records {
		push.Records = append(push.Records, r.compact)
	}
	plain, err := push.Marshal()
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&body)
	_, err = w.Write(plain)
	err = errors.Join(err, w.Close()) // only now all of it is in body
	return body.Bytes(), err
}
