package crash

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// verify holds everything against what the phones, whose outboxes are empty, were ever told.
func (h *home) verify(phones ...*phone) {
	h.t.Helper()
	if !strings.Contains(h.run("ledger", "checkpoint"), "/ledger/") {
		h.t.Error("no checkpoint")
	}
	now := h.checkpoint()
	entries, kept := 0, map[string]bool{}
	for _, key := range h.filed {
		kept[key] = true
	}
	for _, p := range phones {
		for _, e := range p.Journal() {
			entries++
			h.verifyRecord(p, e.Hash, e.Compact, now)
			for sum := range e.Blobs {
				kept[h.verifyBlob(p, e.Hash, sum)] = true
			}
		}
	}
	h.verifyTables(phones, now, entries, len(kept))
	for _, key := range h.keys("c/") {
		if !kept[key] {
			h.t.Errorf("%s is nobody's", key)
		}
	}
	if out := h.run("ledger", "verify"); !strings.Contains(out, fmt.Sprintf("ok    %d records", now.Size)) {
		h.t.Errorf("ledger verify: %s", out)
	}
	if out := h.run("rebuild", "--check"); !strings.Contains(out, "nothing differs") {
		h.t.Errorf("rebuild --check: %s", out)
	}
	h.stop()
}

// verifyRecord: the receipt that the phone holds verifies, is a leaf of the published ledger, and the record is held whole.
func (h *home) verifyRecord(p *phone, hash record.Hash, compact string, now ledger.Checkpoint) {
	h.t.Helper()
	token := p.told[hash.String()]
	receipt, err := seal.OpenReceipt(token, h.Keys.Receipt.Public())
	if err != nil || receipt.Hash != hash || receipt.Origin != now.Origin {
		h.t.Errorf("receipt %q: %+v, %v", token, receipt, err)
		return
	}
	proof, err := ledger.ParseInclusion(h.get(fmt.Sprintf("/ledger/v1/inclusion?index=%d&size=%d", receipt.Index, now.Size)))
	if err == nil && proof.Index != receipt.Index {
		err = fmt.Errorf("proof of entry %d", proof.Index)
	}
	if err == nil {
		err = proof.In(now, []byte(token[:strings.LastIndexByte(token, '.')]))
	}
	if err != nil {
		h.t.Errorf("receipt %d is not in the ledger: %v", receipt.Index, err)
	}
	held, err := h.DB.Held(h.t.Context(), hash)
	if err != nil || held.Compact != compact || held.Index != receipt.Index {
		h.t.Errorf("record %d: %v", receipt.Index, err)
	}
}

// verifyBlob: the blob receipt that the phone holds verifies, and the bytes are there. It returns their key.
func (h *home) verifyBlob(p *phone, hash record.Hash, sum string) string {
	h.t.Helper()
	token := p.told[hash.String()+"/"+sum]
	receipt, err := seal.OpenBlobReceipt(token, h.Keys.Receipt.Public())
	if err != nil || receipt.Record != hash || receipt.SHA256 != sum {
		h.t.Errorf("blob receipt %q: %+v, %v", token, receipt, err)
		return ""
	}
	digest, err := postgres.ParseDigest(sum)
	if err != nil {
		h.t.Fatal(err)
	}
	stored, err := h.DB.StoredBlob(h.t.Context(), hash, digest)
	if err != nil {
		h.t.Errorf("blob %s: %v", sum, err)
		return ""
	}
	content, _, err := h.Objects.Get(h.t.Context(), stored.Key)
	if err != nil {
		h.t.Errorf("blob %s: %v", sum, err)
		return stored.Key
	}
	defer content.Close()
	if _, err := io.Copy(io.Discard, blob.NewReader(content, blob.Ref(digest), receipt.Size)); err != nil {
		h.t.Errorf("blob %s: %v", sum, err)
	}
	return stored.Key
}

// verifyTables: nothing is there twice, nothing is there that no phone sealed, nothing is missing, and no chunk is counted whose object is gone.
func (h *home) verifyTables(phones []*phone, now ledger.Checkpoint, entries, blobs int) {
	h.t.Helper()
	ctx := h.t.Context()
	conn, err := pgx.Connect(ctx, h.Owner)
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close(ctx)
	var kids [][]byte
	for _, p := range phones {
		kid := p.Kid()
		kids = append(kids, kid[:])
	}
	for _, c := range []struct {
		what, sql string
		want      int64
		args      []any
	}{
		{"ledger entries", "select count(*) from records", now.Size, nil},
		{"different records", "select count(distinct hash) from records", now.Size, nil},
		{"last index", "select max(index) from records", now.Size - 1, nil},
		{"records of the phones", "select count(*) from records where kid = any($1)", int64(entries), []any{kids}},
		{"stored blobs", "select count(*) from blobs", int64(blobs), nil},
		{"missing blobs", "select count(*) from blob_slots where not stored", 0, nil},
		{"uploads that were begun and not ended", "select count(*) from uploads where not done and received > 0", 0, nil},
		{"uploads that end in nothing", "select count(*) from uploads u where done and not exists (select from blobs b where b.sha256 = u.sha256)", 0, nil},
	} {
		var got int64
		if err := conn.QueryRow(ctx, c.sql, c.args...).Scan(&got); err != nil || got != c.want {
			h.t.Errorf("%s: %d, want %d (%v)", c.what, got, c.want, err)
		}
	}
}

// get fetches a public page.
func (h *home) get(path string) []byte {
	h.t.Helper()
	answer, err := client.Get("http://" + h.Address + path) //nolint:noctx // the client has a limit
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		h.t.Fatalf("GET %s: %d %s, %v", path, answer.StatusCode, body, err)
	}
	return body
}

// checkpoint opens the published checkpoint.
func (h *home) checkpoint() ledger.Checkpoint {
	h.t.Helper()
	c, err := h.openCheckpoint(h.get("/checkpoint"))
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *home) openCheckpoint(note []byte) (ledger.Checkpoint, error) {
	origin, _, _ := strings.Cut(string(note), "\n")
	key, err := ledger.NewKey(origin, h.Keys.Ledger.Public().(ed25519.PublicKey))
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	return ledger.Open(note, key)
}

// witness collects every checkpoint that is published, as an auditor would, through all crashes.
type witness struct {
	home  *home
	stop  chan struct{}
	done  sync.WaitGroup
	notes []string
}

func (h *home) watch() *witness {
	w := &witness{home: h, stop: make(chan struct{})}
	w.done.Go(func() {
		for {
			select {
			case <-w.stop:
				return
			case <-time.After(5 * time.Millisecond):
				w.look()
			}
		}
	})
	return w
}

func (w *witness) look() {
	answer, err := client.Get("http://" + w.home.Address + "/checkpoint") //nolint:noctx // the client has a limit
	if err != nil {
		return
	}
	defer answer.Body.Close()
	note, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return
	}
	if n := len(w.notes); n == 0 || w.notes[n-1] != string(note) {
		w.notes = append(w.notes, string(note))
	}
}

// verify: each checkpoint that was seen is the beginning of the next one.
func (w *witness) verify() {
	w.home.t.Helper()
	close(w.stop)
	w.done.Wait()
	w.look()
	var before ledger.Checkpoint
	for i, note := range w.notes {
		c, err := w.home.openCheckpoint([]byte(note))
		if err != nil {
			w.home.t.Fatalf("checkpoint %q: %v", note, err)
		}
		if i > 0 {
			proof, err := ledger.ParseConsistency(w.home.get(fmt.Sprintf("/ledger/v1/consistency?from=%d&to=%d", before.Size, c.Size)))
			if err == nil {
				err = proof.Between(before, c)
			}
			if err != nil {
				w.home.t.Errorf("checkpoint %d does not go on from %d: %v", c.Size, before.Size, err)
			}
		}
		before = c
	}
	w.home.t.Logf("%d checkpoints, the last of %d entries", len(w.notes), before.Size)
}
