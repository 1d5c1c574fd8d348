// Package phone lets the phone's own engine, as the PWA has it, work against the real server: in Node instead of a browser, over TLS and a line that
// these tests make as bad as they like (line). Then what the server holds is compared with what was sealed.
//
// The page's clock and the line run 8 times as fast as real ones, so that a wait of five minutes is one of 38 seconds; what the server takes
// counts 8 times as much.
package phone

import (
	"io"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
)

// A visit of 20 records with 9 photos, in pieces of 64 KiB; the page is killed, then the server, and the page again: all of it arrives, once.
func TestKilledPageKilledServer(t *testing.T) {
	h := theHome(t)
	p := h.newPhone(t)
	p.do(nil, "online", "on", false)
	p.seal(20, 400_000)
	p.do(nil, "online", "on", true)
	h.await(t, p, 1)
	p.do(nil, "kill")
	p.do(nil, "sync")
	h.await(t, p, 600_000)
	h.Kill()
	p.do(nil, "kill")
	p.do(nil, "sync")
	h.start(t)
	now := p.drain(time.Minute)
	if now.Problem != "" {
		t.Errorf("the phone still says %q", now.Problem)
	}
	h.verify(t, p)
}

// broken are the flags that speak of a journal in disorder. Others say what hour it is, or that what these tests seal is no real paper.
var broken = []record.Flag{record.FlagGap, record.FlagFork, record.FlagChain, record.FlagClock, record.FlagLate, record.FlagIDReuse, record.FlagActor}

// verify holds what the server has against what a phone has sealed: every record in the ledger, every blob with its bytes, nothing twice, nothing
// else, and no chunk left of an upload that was begun again.
func (h *home) verify(t *testing.T, p *phone) {
	t.Helper()
	indexes, stored := map[int64]bool{}, map[string]bool{}
	for _, m := range p.made {
		hash, err := record.ParseHash(m.Hash)
		if err != nil {
			t.Fatal(err)
		}
		held, err := h.DB.Held(t.Context(), hash)
		if err != nil || held.ReceiptCore == "" {
			t.Errorf("record %s: %v", m.Hash, err)
			continue
		}
		indexes[held.Index] = true
		for _, flag := range held.Flags {
			if slices.Contains(broken, flag) {
				t.Errorf("record %d of the journal, %s: %s", held.Seq, held.Kind, flag)
			}
		}
		for _, sum := range m.Blobs {
			stored[h.verifyBlob(t, hash, sum)] = true
		}
	}
	for what, c := range map[string]struct {
		sql  string
		want int
	}{
		"records":        {"select count(*) from records where case_id = $1 and seq is not null", len(p.made)},
		"ledger entries": {"select count(distinct index) from records where case_id = $1 and seq is not null", len(indexes)},
		"last seq":       {"select max(seq) from records where case_id = $1", len(p.made)},
		"blobs":          {"select count(*) from blobs b join records r on r.hash = b.owner where r.case_id = $1", len(stored)},
		"missing blobs":  {"select count(*) from blob_slots s join records r on r.index = s.index where r.case_id = $1 and not s.stored", 0},
		"quarantined":    {"select count(*) from quarantine where decision is null and $1::uuid is not null", 0},
	} {
		if got := h.number(t, c.sql, p.caseID); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
	h.run(t, "ledger", "verify")
	for o, err := range h.Objects.List(t.Context(), "c/"+p.caseID+"/") {
		if err != nil {
			t.Fatal(err)
		}
		if !stored[o.Key] {
			t.Errorf("%s is nobody's", o.Key)
		}
	}
}

// verifyBlob returns the key of the blob.
func (h *home) verifyBlob(t *testing.T, hash record.Hash, sum string) string {
	t.Helper()
	digest, err := postgres.ParseDigest(sum)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := h.DB.StoredBlob(t.Context(), hash, digest)
	if err != nil {
		t.Errorf("blob %s: %v", sum, err)
		return ""
	}
	content, _, err := h.Objects.Get(t.Context(), stored.Key)
	if err != nil {
		t.Errorf("blob %s: %v", sum, err)
		return stored.Key
	}
	defer content.Close()
	if _, err := io.Copy(io.Discard, blob.NewReader(content, blob.Ref(digest), stored.Size)); err != nil {
		t.Errorf("blob %s: %v", sum, err)
	}
	return stored.Key
}

// await waits until so many bytes of a phone's photos have arrived, in blobs and in uploads under way.
func (h *home) await(t *testing.T, p *phone, bytes int) {
	t.Helper()
	const arrived = `
select coalesce((select sum(b.size) from blobs b join records r on r.hash = b.owner where r.case_id = $1), 0) +
  coalesce((select sum(u.received) from uploads u join records r on r.hash = u.owner where r.case_id = $1 and not u.done), 0)`
	until(t, func() bool { return h.number(t, arrived, p.caseID) >= bytes })
}

// until waits for what must come within a minute.
func until(t *testing.T, there func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !there(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}

// number asks the tables for one.
func (h *home) number(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), h.Owner)
	if err == nil {
		err = conn.QueryRow(t.Context(), sql, args...).Scan(&n)
		conn.Close(t.Context())
	}
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
