package postgres_test

import (
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// photo seals a photo record that names one blob.
func (p *phone) photo(caseID record.ID, content string) (*record.Record, postgres.Digest) {
	p.h.t.Helper()
	sum := postgres.Digest(sha256.Sum256([]byte(content)))
	return p.seal(draft{
		kind: record.KindPhotoCaptured, caseID: caseID, blobs: []record.BlobSlot{{ID: "p1", Role: "badge_front"}},
		fields: []seal.Content{{Name: "source", Value: "camera"}, {Name: "blob.p1", Value: map[string]any{"sha256": sum.String(), "size": len(content), "type": "image/jpeg", "of": nil}}},
	}), sum
}

func TestL08RecordIsCompleteOnlyWithItsBlobs(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r, sum := p.photo(c, "front")
	if _, err := h.db.BlobSlot(h.ctx, r.Hash, sum); !errors.Is(err, postgres.ErrRecordUnknown) {
		t.Errorf("before the record: %v", err)
	}
	if a := p.push(r); len(a.Missing) != 1 || a.Missing[0].Record != r.Hash || a.Missing[0].ID != "p1" || a.Missing[0].SHA256 != sum {
		t.Errorf("missing: %+v", a.Missing)
	}
	if _, err := h.db.StoredBlob(h.ctx, r.Hash, sum); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("before the blob: %v", err)
	}
	if _, err := h.db.BlobSlot(h.ctx, r.Hash, postgres.Digest{1}); !errors.Is(err, postgres.ErrBlobNotNamed) {
		t.Errorf("another blob: %v", err)
	}
	slot, err := h.db.BlobSlot(h.ctx, r.Hash, sum)
	h.must(err)
	if slot.Key != "c/"+c.String()+"/"+sum.String() || slot.Size != 5 || slot.KeyID != p.kid {
		t.Errorf("%+v", slot)
	}
	// Cut before the commit: still missing, also for the same push again.
	if a := p.push(r); len(a.Missing) != 1 || a.Outcomes[0].Status != postgres.StatusDuplicate {
		t.Errorf("again: %+v", a)
	}
	servers := []*postgres.DB{h.db, h.server()}
	stored := make([]postgres.StoredBlob, 6)
	var freshes int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range stored {
		all.Go(func() {
			b, fresh, err := servers[i%2].StoreBlob(h.ctx, slot, 5, noon.Add(time.Duration(i)*time.Second))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			stored[i] = b
			if fresh {
				freshes++
			}
		})
	}
	all.Wait()
	for _, b := range stored {
		if b != stored[0] || b.ReceiptCore == "" {
			t.Errorf("receipts differ: %+v %+v", b, stored[0])
		}
	}
	receipt, err := seal.ParseBlobReceiptCore(stored[0].ReceiptCore)
	h.must(err)
	if freshes != 1 || receipt.Record != r.Hash || receipt.SHA256 != sum.String() || receipt.Index != h.size() {
		t.Errorf("%d fresh, %+v", freshes, receipt)
	}
	if a := p.push(); len(a.Missing) != 0 {
		t.Errorf("still missing: %+v", a.Missing)
	}
	sample, err := h.db.SampleBlobs(h.ctx, 5)
	h.must(err)
	if len(sample) != 1 || *sample[0].Stored != stored[0] {
		t.Errorf("%+v", sample)
	}
	h.sound()
}

func TestBlobOfAFieldThatComesLaterIsMissing(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r, sum := p.photo(c, "front")
	bare := *r
	bare.Fields = nil
	if a := p.push(&bare); len(a.Missing) != 0 {
		t.Errorf("%+v", a.Missing)
	}
	if _, err := h.db.BlobSlot(h.ctx, r.Hash, sum); !errors.Is(err, postgres.ErrBlobNotNamed) {
		t.Errorf("%v", err)
	}
	if a := p.push(r); len(a.Missing) != 1 || a.Missing[0].SHA256 != sum {
		t.Errorf("%+v", a.Missing)
	}
	h.sound()
}

func TestUploadMovesByCompareAndSwap(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r, sum := p.photo(c, strings.Repeat("x", 100))
	p.push(r)
	u, err := h.db.CreateUpload(h.ctx, postgres.Upload{Owner: r.Hash, SHA256: sum, KeyID: p.kid, Length: 100}, noon)
	h.must(err)
	var ahead *postgres.OffsetError
	if _, err := h.db.AdvanceUpload(h.ctx, u.ID, postgres.Chunk{Start: 25, Size: 25, Key: "k"}, noon); !errors.As(err, &ahead) || ahead.Offset != 0 {
		t.Errorf("ahead of the offset: %v", err)
	}
	servers := []*postgres.DB{h.db, h.server()}
	for start := int64(0); start < 100; start += 25 {
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = servers[i%2].AdvanceUpload(h.ctx, u.ID, postgres.Chunk{Start: start, Size: 25, Key: "k"}, noon)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			var moved *postgres.OffsetError
			switch {
			case err == nil:
				won++
			case !errors.As(err, &moved) || moved.Offset != start+25:
				t.Errorf("%v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d won at %d", won, start)
		}
	}
	if _, err := h.db.AdvanceUpload(h.ctx, u.ID, postgres.Chunk{Start: 100, Size: 1, Key: "k"}, noon); !errors.Is(err, postgres.ErrOffset) {
		t.Errorf("beyond the length: %v", err)
	}
	slot, err := h.db.BlobSlot(h.ctx, r.Hash, sum)
	h.must(err)
	u.Offset = u.Length
	one, err := h.db.FinishUpload(h.ctx, u, slot, noon)
	h.must(err)
	two, err := h.db.FinishUpload(h.ctx, u, slot, noon.Add(time.Minute))
	h.must(err)
	if one != two {
		t.Errorf("%+v %+v", one, two)
	}
	got, err := h.db.Upload(h.ctx, u.ID, noon)
	h.must(err)
	if !got.Done || got.Offset != 100 || len(got.Chunks) != 4 || got.Chunks[1].Start != 25 {
		t.Errorf("%+v", got)
	}
	h.must(h.db.DropChunks(h.ctx, u.ID))
	if got, err := h.db.Upload(h.ctx, u.ID, noon); err != nil || len(got.Chunks) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := h.db.Upload(h.ctx, u.ID, noon.Add(8*24*time.Hour)); !errors.Is(err, postgres.ErrUploadGone) {
		t.Errorf("expired: %v", err)
	}
	old, err := h.db.ExpiredUploads(h.ctx, noon.Add(8*24*time.Hour), 10)
	h.must(err)
	if len(old) != 1 || old[0].ID != u.ID {
		t.Errorf("%+v", old)
	}
	_, err = h.db.DropUpload(h.ctx, u.ID)
	h.must(err)
	if _, err := h.db.AdvanceUpload(h.ctx, u.ID, postgres.Chunk{Size: 1, Key: "k"}, noon); !errors.Is(err, postgres.ErrUploadGone) {
		t.Errorf("gone: %v", err)
	}
}

func TestQuarantineDecisions(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	stranger := h.stranger(rep)
	r, sum := stranger.photo(c, "front")
	raw := make([]string, len(r.Fields))
	for i := range r.Fields {
		raw[i] = r.Fields[i].Raw
	}
	text := []byte(seal.Compact(r.Core, r.Signature, raw))
	push := func(s *postgres.Suspect) postgres.Outcome {
		t.Helper()
		a, err := h.db.Accept(h.ctx, []postgres.Arrival{{Suspect: s}}, p.caller(), noon)
		h.must(err)
		return a.Outcomes[0]
	}
	good := &postgres.Suspect{Text: text, Code: "unknown_key", KeyID: stranger.kid, Record: r}
	bad := &postgres.Suspect{Text: []byte("rubbish"), Code: "form"}
	huge := &postgres.Suspect{Text: make([]byte, 300<<10), Code: "size"}
	digests := map[*postgres.Suspect]postgres.Digest{}
	for _, s := range []*postgres.Suspect{good, bad, huge} {
		o := push(s)
		receipt, err := seal.ParseQuarantineReceiptCore(o.ReceiptCore)
		h.must(err)
		if digests[s] = sha256.Sum256(s.Text); o.Status != postgres.StatusQuarantined || o.Hash != digests[s].String() || receipt.SHA256 != o.Hash || receipt.Code != s.Code || o.Problem != s.Code {
			t.Errorf("%+v %+v", o, receipt)
		}
	}
	slot, err := h.db.BlobSlot(h.ctx, r.Hash, sum)
	h.must(err)
	if !slot.Quarantined || slot.Key != "q/"+digests[good].String()+"/"+sum.String() {
		t.Errorf("%+v", slot)
	}
	before, _, err := h.db.StoreBlob(h.ctx, slot, 5, noon)
	h.must(err)
	if _, err := h.db.BlobSlot(h.ctx, r.Hash, postgres.Digest{1}); !errors.Is(err, postgres.ErrBlobNotNamed) {
		t.Errorf("a blob that the text does not name: %v", err)
	}
	if _, err := h.db.BlobSlot(h.ctx, record.Hash(digests[bad]), postgres.Digest{1}); err != nil {
		t.Errorf("a blob of a text that nobody can read: %v", err)
	}

	released, err := h.db.ReleaseQuarantine(h.ctx, digests[good], "", h.admin, noon)
	h.must(err)
	held, err := h.db.Held(h.ctx, r.Hash)
	h.must(err)
	if held.Index != released.Index || len(held.Flags) == 0 || held.ReceiptCore != released.ReceiptCore {
		t.Errorf("%+v", held)
	}
	if o := push(good); o.Status != postgres.StatusDuplicate || o.ReceiptCore != released.ReceiptCore || !hasFlag(o, record.FlagQuarantineReleased) {
		t.Errorf("pushed again: %+v", o)
	}
	after, err := h.db.StoredBlob(h.ctx, r.Hash, sum)
	h.must(err)
	if after.ReceiptCore != before.ReceiptCore || after.Key != before.Key {
		t.Errorf("blob receipts differ: %+v %+v", before, after)
	}
	if missing, err := h.db.MissingBlobs(h.ctx, []record.KeyID{stranger.kid}, 10); err != nil || len(missing) != 0 {
		t.Errorf("%+v %v", missing, err)
	}
	if _, err := h.db.ReleaseQuarantine(h.ctx, digests[good], "", h.admin, noon); !errors.Is(err, postgres.ErrDecided) {
		t.Errorf("released twice: %v", err)
	}
	if _, err := h.db.ReleaseQuarantine(h.ctx, digests[bad], "", h.admin, noon); !errors.Is(err, postgres.ErrNotReleasable) {
		t.Errorf("rubbish: %v", err)
	}
	h.must(h.db.RejectQuarantine(h.ctx, digests[bad], "読めない", h.admin, noon))
	if _, err := h.db.BlobSlot(h.ctx, record.Hash(digests[bad]), postgres.Digest{1}); !errors.Is(err, postgres.ErrRecordUnknown) {
		t.Errorf("a blob of a rejected text: %v", err)
	}
	if err := h.db.RejectQuarantine(h.ctx, digests[bad], "読めない", h.admin, noon); !errors.Is(err, postgres.ErrDecided) {
		t.Errorf("rejected twice: %v", err)
	}
	changes, _ := h.drain(rep, h.begin(), 100)
	told := map[string]bool{}
	for _, c := range changes {
		if c.Type == "quarantine" {
			told[c.ID] = true
		}
	}
	if !told[digests[good].String()] || !told[digests[bad].String()] {
		t.Errorf("the pusher was not told: %v", told)
	}
	h.sound()
}

// suspected pushes a photo record of a key that nobody enrolled, and finds the place of its blob in the quarantine.
func (h *house) suspected() (r *record.Record, text, sum postgres.Digest, slot postgres.Slot) {
	h.t.Helper()
	rep := h.member("髙橋", record.RoleRep)
	r, sum = h.stranger(rep).photo(h.openCase(rep), "front")
	raw := make([]string, len(r.Fields))
	for i := range r.Fields {
		raw[i] = r.Fields[i].Raw
	}
	compact := []byte(seal.Compact(r.Core, r.Signature, raw))
	_, err := h.db.Accept(h.ctx, []postgres.Arrival{{Suspect: &postgres.Suspect{Text: compact, Code: "unknown_key", KeyID: r.KeyID, Record: r}}}, h.newPhone(rep).caller(), noon)
	h.must(err)
	slot, err = h.db.BlobSlot(h.ctx, r.Hash, sum)
	h.must(err)
	return r, sha256.Sum256(compact), sum, slot
}

// TestReleaseDuringAnUpload: whatever the order of a release and of a blob that was on its way into the quarantine, the released record has it.
func TestReleaseDuringAnUpload(t *testing.T) {
	// settled says whether the record has the blob under the receipt that the phone was given, and asks nobody for it.
	settled := func(h *house, r *record.Record, sum postgres.Digest, given postgres.StoredBlob) {
		h.t.Helper()
		held, err := h.db.StoredBlob(h.ctx, r.Hash, sum)
		if err != nil || held != given {
			h.t.Errorf("of the record: %+v, %v; the phone was told %+v", held, err, given)
		}
		if missing, err := h.db.MissingBlobs(h.ctx, []record.KeyID{r.KeyID}, 10); err != nil || len(missing) != 0 {
			h.t.Errorf("still asked for: %+v %v", missing, err)
		}
		h.sound()
	}
	t.Run("released before the blob is noted", func(t *testing.T) {
		h := newHouse(t)
		r, text, sum, slot := h.suspected()
		_, err := h.db.ReleaseQuarantine(h.ctx, text, "", h.admin, noon)
		h.must(err)
		given, fresh, err := h.db.StoreBlob(h.ctx, slot, 5, noon)
		h.must(err)
		if !fresh {
			t.Error("not fresh")
		}
		settled(h, r, sum, given)
	})
	t.Run("released while the blob is being noted", func(t *testing.T) {
		h := newHouse(t)
		r, text, sum, slot := h.suspected()
		// The release has moved the blobs that it saw, and stands at its commit; the note comes.
		conn, err := pgx.Connect(h.ctx, h.ownerURL)
		h.must(err)
		t.Cleanup(func() { _ = conn.Close(h.ctx) })
		_, err = conn.Exec(h.ctx, stallDecisions)
		h.must(err)
		tx, err := conn.Begin(h.ctx)
		h.must(err)
		_, err = tx.Exec(h.ctx, `select pg_advisory_xact_lock(1)`)
		h.must(err)
		var given postgres.StoredBlob
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := h.server().ReleaseQuarantine(h.ctx, text, "", h.admin, noon); err != nil {
				t.Error(err)
			}
		})
		h.waiting(1)
		all.Go(func() {
			var err error
			if given, _, err = h.db.StoreBlob(h.ctx, slot, 5, noon); err != nil {
				t.Error(err)
			}
		})
		h.waiting(2)
		h.must(tx.Rollback(h.ctx))
		all.Wait()
		settled(h, r, sum, given)
	})
}

// stallDecisions has every commit of a decision wait for a lock of this test.
const stallDecisions = `
create function stall() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(1); return null; end $$;
create constraint trigger stalled after update on quarantine deferrable initially deferred for each row execute function stall()`

// waiting returns when n sessions wait for a lock, or after a second: then the test goes on, and says what came of it.
func (h *house) waiting(n int) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.ownerURL)
	h.must(err)
	defer func() { _ = conn.Close(h.ctx) }()
	for range 100 {
		var held int
		h.must(conn.QueryRow(h.ctx, `select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`).Scan(&held))
		if held >= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
