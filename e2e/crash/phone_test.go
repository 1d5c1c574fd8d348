package crash

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// phone remembers every word that the server ever gave it, whatever the Phone itself makes of it later. One goroutine uses it.
type phone struct {
	*fieldtest.Phone
	t       *testing.T
	random  *mathrand.Rand
	caseID  record.ID
	chunk   int                          // photos go by tus in chunks of this size; 0 = by PUT
	told    map[string]string            // receipt by record hash, blob receipt by "hash/sha256"
	count   atomic.Int64                 // of told
	uploads map[string]*fieldtest.Upload // by sha256
	reached map[string]int64             // acknowledged offset by sha256
}

// newPhone makes a member with a case and a phone that is not enrolled yet, and the link to enrol it.
func (h *home) newPhone(seed uint64) (*phone, string) {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	members, err := h.DB.Members(ctx)
	if err != nil || len(members) == 0 {
		h.t.Fatalf("members: %v, %v", members, err)
	}
	var admin record.ID
	for _, m := range members {
		if m.Roles[0] == record.RoleAdmin {
			admin = m.ID
		}
	}
	rep := postgres.Member{ID: record.NewID(now, rand.Reader), Name: "髙橋 一郎", Roles: []record.Role{record.RoleRep}, Active: true}
	if _, err := h.DB.ChangeMember(ctx, rep, admin, now); err != nil {
		h.t.Fatal(err)
	}
	caseID, err := h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{rep.ID}, Facts: []seal.Content{
		{Name: "number", Value: "2026-0031"}, {Name: "worker_name", Value: "𠮷田 辻󠄀子"}, {Name: "client", Value: "株式会社T社"}, {Name: "item", Value: "entry_badge"},
	}}, admin, now)
	if err != nil {
		h.t.Fatal(err)
	}
	code, err := h.DB.NewEnrolmentCode(ctx, rep.ID, now)
	if err != nil {
		h.t.Fatal(err)
	}
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	p, err := fieldtest.New(fieldtest.Options{
		Server: "http://" + h.Address, Public: publicURL, HTTP: &http.Client{Transport: transport, Timeout: 20 * time.Second},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	p.Act(rep.ID)
	return &phone{
		Phone: p, t: h.t, random: mathrand.New(mathrand.NewPCG(seed, 31)), caseID: caseID, told: map[string]string{},
		uploads: map[string]*fieldtest.Upload{}, reached: map[string]int64{},
	}, wire.EnrolLink(publicURL, wire.Code(code), h.Keys.RootID())
}

// goOn does what a phone does: again and again, until it works.
func (p *phone) goOn(what string, do func() error) {
	p.t.Helper()
	var err error
	for range 1500 { // half a minute
		if err = do(); err == nil || p.t.Context().Err() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Errorf("%s does not succeed any more: %v", what, err)
}

// join enrols, if the phone is not enrolled; the same link may be used as often as the answer gets lost.
func (p *phone) join(link string) {
	if p.Joined().Certificate == "" {
		p.goOn("enrolment", func() error { _, err := p.Enrol(p.t.Context(), link); return err })
	}
}

// capture seals two notes and a photo between them.
func (p *phone) capture() {
	data := make([]byte, photoSize)
	for i := range data {
		data[i] = byte(p.random.Uint32())
	}
	copy(data, "\xff\xd8\xff\xe0\x00\x10JFIF")
	note := fieldtest.Draft{Kind: record.KindNoteWritten, Case: p.caseID, Fields: []seal.Content{{Name: "note", Value: "玄関先で在宅を確認。応答なし。"}}}
	photo := fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Case: p.caseID, Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "badge_front", Type: blob.JPEG, Bytes: data}},
	}
	for _, draft := range []fieldtest.Draft{note, photo, note} {
		if _, err := p.Seal(draft); err != nil {
			p.t.Error(err)
		}
	}
}

// photo names the first photo of the journal.
func (p *phone) photo() (hash, sum string) {
	for _, e := range p.Journal() {
		for sum := range e.Blobs {
			return e.Hash.String(), sum
		}
	}
	p.t.Error("there is no photo")
	return "", ""
}

// drain syncs until nothing is left.
func (p *phone) drain() { p.goOn("sync", p.sync) }

var errLeft = errors.New("something is left")

// sync is one attempt to bring everything.
func (p *phone) sync() error {
	defer p.listen()
	if p.chunk > 0 {
		if err := p.send(); err != nil {
			return err
		}
	}
	s, err := p.Sync(p.t.Context())
	if err == nil && (len(s.Missing) > 0 || s.Quarantined > 0 || len(p.Outbox()) > 0) {
		err = fmt.Errorf("%w: %d missing, %d quarantined, %d unsent", errLeft, len(s.Missing), s.Quarantined, len(p.Outbox()))
	}
	return err
}

// listen writes down what the phone was told.
func (p *phone) listen() {
	for _, e := range p.Journal() {
		p.note(e.Hash.String(), e.Receipt)
		for sum, receipt := range e.Blobs {
			p.note(e.Hash.String()+"/"+sum, receipt)
		}
	}
}

// note keeps a receipt. The server never says two different things about one thing.
func (p *phone) note(about, token string) {
	if token == "" {
		return
	}
	if before, ok := p.told[about]; ok && before != token {
		p.t.Errorf("two receipts for %s:\n%s\n%s", about, before, token)
	} else if !ok {
		p.told[about] = token
		p.count.Add(1)
	}
}

// send pushes the records and brings the photos that have no receipt by tus.
func (p *phone) send() error {
	ctx := p.t.Context()
	var records []string
	for _, e := range p.Outbox() {
		records = append(records, e.Compact)
	}
	answer, err := p.Push(ctx, records...)
	if err != nil {
		return err
	}
	for _, r := range answer.Results {
		p.note(r.Hash, r.Receipt)
	}
	for _, e := range p.Journal() {
		for sum, receipt := range e.Blobs {
			if receipt != "" {
				continue
			}
			if receipt, err = p.resume(e.Hash.String(), sum); err != nil {
				return err
			}
			if err := p.KeepBlobReceipt(ctx, e.Hash, sum, receipt); err != nil {
				return err
			}
		}
	}
	return nil
}

// resume takes up the upload of a photo where it stands. What was acknowledged of it is never asked for again.
func (p *phone) resume(hash, sum string) (receipt string, err error) {
	ctx := p.t.Context()
	data, _ := p.Blob(sum)
	u := p.uploads[sum]
	if u == nil {
		if u, err = p.CreateUpload(ctx, hash, data, 0); err != nil {
			return "", err
		}
		p.uploads[sum] = u
	} else if err := p.Ask(ctx, u); err != nil {
		if code := fieldtest.Code(err); code != "" && code != "unavailable" {
			p.t.Errorf("upload after %d bytes: %v", p.reached[sum], err)
		}
		return "", err
	}
	if u.Offset < p.reached[sum] {
		p.t.Errorf("upload stands at %d, %d were acknowledged", u.Offset, p.reached[sum])
	}
	for !u.Done() {
		if err := p.Patch(ctx, u, data[u.Offset:min(u.Offset+int64(p.chunk), u.Length)], -1); err != nil {
			return "", err
		}
		p.reached[sum] = u.Offset
	}
	return u.Receipt, nil
}
