package crash

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tachiai/server/client/clienttest"
	"tachiai/server/field/fieldtest"
	"tachiai/server/jobs"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

type m = map[string]any

// table is where a disclosure comes about: a member who prepares it, one who approves it, and the recipient. Each remembers what the server told
// him and repeats what got no answer, as people and their pages do.
type table struct {
	*home
	maker, second        clienttest.Desk
	caseID, visit        record.ID
	declaration, picture *fieldtest.Entry
	told                 []*handing
	count                atomic.Int64 // of steps that were told to be done
}

// handing is one disclosure, as far as its people were told.
type handing struct {
	id                    record.ID // the page's own, sent with the request to prepare it
	prepared, approved    bool
	linked                clienttest.Issued
	reader                clienttest.Recipient
	opened, downloads     int
	document              []byte
	acknowledgedAt        int64
	acknowledged, revoked bool
}

// lay brings a visit with a declaration and a photo without a preview, reviews it, and seats the people.
func (h *home) lay(p *phone, link string) *table {
	h.t.Helper()
	s := &table{home: h, caseID: p.caseID, visit: record.NewID(time.Now(), rand.Reader)}
	p.join(link)
	seal := func(d fieldtest.Draft) *fieldtest.Entry {
		d.Case, d.Visit = s.caseID, s.visit
		e, err := p.Seal(d)
		if err != nil {
			h.t.Fatal(err)
		}
		return e
	}
	seal(fieldtest.Draft{Kind: record.KindVisitStarted, Fields: content("place", "doorstep")})
	s.picture = seal(fieldtest.Draft{Kind: record.KindPhotoCaptured, Fields: content("source", "camera"), Photos: []fieldtest.Photo{
		{ID: "p1", Role: "badge_pieces", Type: blob.JPEG, Bytes: snapshot(h.t)},
	}})
	paper, err := fieldtest.Paper(time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	s.declaration = seal(paper)
	var list []any
	for _, e := range p.Journal() {
		list = append(list, e.Hash.String())
	}
	seal(fieldtest.Draft{Kind: record.KindVisitEnded, Fields: append(content("outcome", "discarded_claimed"), content("records", list)...)})
	p.drain()
	reviewer := h.member("審査 花子", record.RoleReviewer)
	if _, err := h.DB.AppendOffice(h.t.Context(), time.Now(), postgres.Draft{
		Kind: record.KindReviewDecided, Case: s.caseID, Visit: s.visit, Actor: reviewer, Fields: content("decision", "approved"),
	}); err != nil {
		h.t.Fatal(err)
	}
	s.maker, s.second = h.desk(h.member("作成 次郎", record.RoleReviewer)), h.desk(h.member("承認 太郎", record.RoleApprover))
	return s
}

func content(name string, value any) []seal.Content {
	return []seal.Content{{Name: name, Value: value}}
}

// snapshot is a picture as a phone makes one.
func snapshot(t *testing.T) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 320, 240))
	for i := range picture.Pix {
		picture.Pix[i] = 30 + uint8(i%97)
	}
	picture.SetGray(1, 1, color.Gray{})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// member makes a member of the office.
func (h *home) member(name string, role record.Role) record.ID {
	h.t.Helper()
	id := record.NewID(time.Now(), rand.Reader)
	if _, err := h.DB.ChangeMember(h.t.Context(), postgres.Member{ID: id, Name: name, Roles: []record.Role{role}, Active: true}, id, time.Now()); err != nil {
		h.t.Fatal(err)
	}
	return id
}

// desk signs a member in.
func (h *home) desk(member record.ID) clienttest.Desk {
	h.t.Helper()
	code, err := h.DB.NewEnrolmentCode(h.t.Context(), member, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	d, err := clienttest.SignIn(h.t.Context(), "http://"+h.Address, h.line(), code)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *home) line() *http.Client {
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// The steps of a disclosure. Each does nothing when its answer has come already.

func (s *table) begin() *handing {
	d := &handing{id: record.NewID(time.Now(), rand.Reader)}
	s.told = append(s.told, d)
	return d
}

func (s *table) steps(d *handing) []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { return s.prepare(ctx, d) }, func(ctx context.Context) error { return s.approve(ctx, d) },
		func(ctx context.Context) error { return s.link(ctx, d) }, func(ctx context.Context) error { return s.open(ctx, d) },
		func(ctx context.Context) error { return s.download(ctx, d) }, func(ctx context.Context) error { return s.acknowledge(ctx, d) },
	}
}

func (s *table) prepare(ctx context.Context, d *handing) error {
	if d.prepared {
		return nil
	}
	err := s.maker.Do(ctx, "cases/"+s.caseID.String()+"/disclosures", m{
		"id": d.id, "documents": []record.Hash{s.declaration.Hash}, "photos": []m{{"record": s.picture.Hash, "id": "p1"}}, "purpose": "社内報告のため",
		"recipient": m{"name": "大野 部長", "organisation": "株式会社T社"},
	}, nil)
	d.prepared = err == nil
	return err
}

func (s *table) approve(ctx context.Context, d *handing) error {
	if d.approved {
		return nil
	}
	err := s.second.Do(ctx, "disclosures/approve", m{"disclosures": []record.ID{d.id}, "decision": "approved"}, nil)
	d.approved = err == nil
	return err
}

func (s *table) link(ctx context.Context, d *handing) error {
	if d.linked.Link != "" {
		return nil
	}
	return s.maker.Do(ctx, "disclosures/"+d.id.String()+"/link", nil, &d.linked)
}

func (s *table) open(ctx context.Context, d *handing) error {
	if d.opened > 0 {
		return nil
	}
	r, err := clienttest.Open(ctx, "http://"+s.Address, s.line(), d.linked.Token(), d.linked.Passcode)
	if err == nil {
		d.reader = r
		d.opened++
	}
	return err
}

var errOther = errors.New("the document is another one than before")

func (s *table) download(ctx context.Context, d *handing) error {
	if d.downloads > 0 {
		return nil
	}
	document, err := d.reader.File(ctx, "document")
	if err != nil {
		return err
	}
	if d.document != nil && !bytes.Equal(document, d.document) {
		return errOther
	}
	d.document = document
	d.downloads++
	return nil
}

func (s *table) acknowledge(ctx context.Context, d *handing) error {
	if d.acknowledged {
		return nil
	}
	var answer struct{ At int64 }
	err := d.reader.Do(ctx, "acknowledge", m{"name": "大野", "department": "総務部"}, &answer)
	if err == nil {
		d.acknowledged, d.acknowledgedAt = true, answer.At
	}
	return err
}

func (s *table) revoke(ctx context.Context, d *handing) error {
	if d.revoked {
		return nil
	}
	err := s.maker.Do(ctx, "disclosures/"+d.id.String()+"/revoke", m{"reason": "宛先の誤り"}, nil)
	d.revoked = err == nil
	return err
}

// goOn takes a disclosure to its end, step by step, until each works.
func (s *table) goOn(d *handing) {
	s.t.Helper()
	for i, step := range s.steps(d) {
		var err error
		for range 600 {
			if err = step(s.t.Context()); err == nil || s.t.Context().Err() != nil {
				s.count.Add(1)
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if err != nil {
			s.t.Errorf("step %d of %s does not succeed any more: %v", i, d.id, err)
			return
		}
	}
}

// audit holds what is there against what was told: each disclosure once, its document the one that was downloaded, its letter sound; and when the
// waste is cleared, nothing lies in the store that no record names.
func (s *table) audit() {
	s.t.Helper()
	ctx := s.t.Context()
	for _, d := range s.told {
		state, err := s.DB.Disclosure(ctx, d.id)
		if err != nil {
			s.t.Errorf("disclosure %s, prepared %v: %v", d.id, d.prepared, err)
			continue
		}
		if d.approved && state.Approved == nil || d.revoked && state.Revoked == nil || state.Opened.Count < d.opened || state.Downloaded.Count < d.downloads ||
			d.acknowledged && (state.Acknowledged == nil || state.Acknowledged.At != d.acknowledgedAt) {
			s.t.Errorf("disclosure %s: told %+v, is %+v", d.id, d, state)
		}
		s.file(d)
		if d.opened > 0 {
			if _, err := d.reader.Letter.Verify(s.Keys.RootID(), d.document, nil); err != nil {
				s.t.Errorf("letter of %s: %v", d.id, err)
			}
		}
	}
	waste := jobs.New(jobs.Config{DB: s.DB, Objects: s.Objects, Key: s.Keys.Ledger, Dir: s.Dir, Now: func() time.Time { return time.Now().Add(25 * time.Hour) }})
	if err := waste.Waste(ctx); err != nil {
		s.t.Error(err)
	}
	if documents := s.keys("d/"); len(documents) != len(s.told) {
		s.t.Errorf("%d disclosures, documents %v", len(s.told), documents)
	}
}

// file looks at what the office has stored for a disclosure, byte for byte, and writes its keys down.
func (s *table) file(d *handing) {
	s.t.Helper()
	ctx := s.t.Context()
	h, err := s.DB.Handout(ctx, d.id)
	if err != nil {
		s.t.Error(err)
		return
	}
	files := []record.BlobField{h.Document}
	owners := []record.Hash{h.Prepared.Hash}
	for _, p := range h.Photos {
		made, err := s.DB.Held(ctx, p.Record)
		if err != nil {
			s.t.Error(err)
			return
		}
		files, owners = append(files, made.BlobFields()...), append(owners, p.Record)
	}
	for i, f := range files {
		digest, err := postgres.ParseDigest(f.SHA256)
		if err != nil {
			s.t.Fatal(err)
		}
		stored, err := s.DB.StoredBlob(ctx, owners[i], digest)
		if err != nil {
			s.t.Errorf("%s of %s: %v", f.ID, d.id, err)
			continue
		}
		if !slices.Contains(s.filed, stored.Key) {
			s.filed = append(s.filed, stored.Key)
		}
		object, size, err := s.Objects.Get(ctx, stored.Key)
		if err != nil {
			s.t.Errorf("%s: %v", stored.Key, err)
			continue
		}
		if _, err := io.Copy(io.Discard, blob.NewReader(object, blob.Ref(digest), size)); err != nil {
			s.t.Errorf("%s: %v", stored.Key, err)
		}
		object.Close()
	}
}
