package client_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/server/client/clienttest"
	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// spoil changes rows as somebody with all rights and no triggers.
func (s *site) spoil(sql string, args ...any) {
	s.t.Helper()
	config, err := pgx.ParseConfig(s.owner)
	s.must(err)
	super, err := pgx.ParseConfig(embeddedtest.Start(s.t).SuperuserURL)
	s.must(err)
	super.Database = config.Database
	conn, err := pgx.ConnectConfig(s.t.Context(), super)
	s.must(err)
	defer conn.Close(s.t.Context())
	_, err = conn.Exec(s.t.Context(), "set session_replication_role = replica")
	s.must(err)
	_, err = conn.Exec(s.t.Context(), sql, args...)
	s.must(err)
}

// replace puts other bytes in the place of a stored object.
func (s *site) replace(key string, data []byte) {
	s.t.Helper()
	s.must(s.objects.Put(s.t.Context(), key, bytes.NewReader(data), int64(len(data)), blob.Of(data)))
}

// What was changed behind the server's back is shown to be changed, or not shown at all; it never passes.
func TestDamage(t *testing.T) {
	s, id, issued, r := ready(t)
	ctx := t.Context()
	sum := r.Letter.Photos[0].SHA256
	photo, err := r.File(ctx, "photos/"+sum)
	s.must(err)
	other := slices.Clone(photo)
	other[len(other)-3] ^= 1
	s.replace("c/"+s.caseID.String()+"/"+sum, other)
	got, err := r.File(ctx, "photos/"+sum)
	s.must(err)
	if _, err := r.Letter.Verify(s.keys.RootID(), nil, map[string][]byte{sum: got}); !errors.Is(err, clienttest.ErrPhoto) {
		t.Errorf("a changed photo: %v", err)
	}
	s.replace("c/"+s.caseID.String()+"/"+sum, []byte("<script>alert(1)</script>"))
	_, err = r.File(ctx, "photos/"+sum)
	wants(t, "a photo that is no picture any more", err, "evidence_damaged")

	size := s.size()
	s.replace("d/"+id.String()+"/"+r.Letter.Document.SHA256, []byte("%PDF-1.7 other"))
	_, err = r.File(ctx, "document")
	wants(t, "another document", err, "evidence_damaged")
	if s.size() != size {
		t.Error("a document that was not given counts as downloaded")
	}

	records, err := r.Letter.Verify(s.keys.RootID(), nil, nil)
	s.must(err)
	paper := slices.IndexFunc(records, func(r *record.Record) bool { return r.Hash == s.declaration.Hash })
	fields := records[paper].Fields // most are withheld, and of the rest not each has to be there; this one has
	shown := fields[slices.IndexFunc(fields, func(f record.Field) bool { return f.Name == "presentation" })].Raw
	s.spoil("update fields set fields = array_remove(fields, $2) where index = (select index from records where hash = $1)", s.declaration.Hash[:], shown)
	if r, err = s.open(issued); err == nil {
		_, err = r.Letter.Verify(s.keys.RootID(), nil, nil)
	}
	if err == nil {
		t.Error("a record that lost a field passes")
	}
	s.spoil("update records set core = overlay(core placing 'AAAA' from 200) where hash = $1", s.declaration.Hash[:])
	if r, err = s.open(issued); err == nil {
		_, err = r.Letter.Verify(s.keys.RootID(), nil, nil)
	}
	if err == nil {
		t.Error("a record whose core was changed passes")
	}
}

// Photos leave as derivatives only: the phone's own preview where nothing hides in it, else one made here that becomes a record.
func TestPhotos(t *testing.T) {
	s := newSite(t)
	s.visited()
	ctx := t.Context()
	hidden := snapshot(t, 60, 40, 30)
	hidden = slices.Concat(hidden[:2], exif, hidden[2:])
	tail := append(snapshot(t, 90, 40, 30), "and what was cut away"...)
	bad := s.sealed(fieldtest.Draft{Kind: record.KindPhotoCaptured, Fields: []seal.Content{{Name: "source", Value: "camera"}}, Photos: []fieldtest.Photo{
		{ID: "p1", Role: "badge_front", Type: blob.JPEG, Bytes: snapshot(t, 20, 640, 480)}, {ID: "p1s", Role: "preview", Type: blob.JPEG, Of: "p1", Bytes: hidden},
		{ID: "p2", Role: "badge_back", Type: blob.JPEG, Bytes: snapshot(t, 21, 640, 480)}, {ID: "p2s", Role: "preview", Type: blob.JPEG, Of: "p2", Bytes: tail},
		{ID: "p3", Role: "exterior", Type: blob.JPEG, Bytes: slices.Concat(snapshot(t, 22, 640, 480)[:2], exif, snapshot(t, 22, 640, 480)[2:])},
		{ID: "p4", Role: "paper_page_1", Type: blob.JPEG, Bytes: snapshot(t, 23, 640, 480)},
		{ID: "p5", Role: "police_slip", Type: blob.JPEG, Bytes: []byte("no picture at all")},
	}})
	_, err := s.phone.Sync(ctx)
	s.must(err)
	s.review()
	of := func(id string) m { return m{"record": bad.Hash, "id": id} }
	_, err = s.prepare(of("p4"))
	wants(t, "a photographed paper", err, "photo_unusable")
	_, err = s.prepare(of("p5"))
	wants(t, "what is no picture", err, "photo_unusable")
	id, issued := s.linked(s.thePhoto(), of("p1"), of("p2s"), of("p3"))
	r, err := s.open(issued)
	s.must(err)
	photos := map[string][]byte{}
	for i, p := range r.Letter.Photos {
		data, err := r.File(ctx, "photos/"+p.SHA256)
		s.must(err)
		photos[p.SHA256] = data
		if bytes.Contains(data, []byte("secret")) || bytes.Contains(data, []byte("cut away")) {
			t.Errorf("photo %d holds what was not to be seen", i)
		}
		if own := p.Record == s.photo.Hash; own != (i == 0) {
			t.Errorf("photo %d is of record %s", i, p.Record)
		}
	}
	pdf, err := r.File(ctx, "document")
	s.must(err)
	if bytes.Contains(pdf, []byte("secret")) {
		t.Error("the document holds what was not to be seen")
	}
	records, err := r.Letter.Verify(s.keys.RootID(), pdf, photos)
	s.must(err)
	if len(r.Letter.Photos) != 4 || len(records) != 8 { // the paper, the good photo, the bad one and three derivatives, the office's two
		t.Errorf("%d photos, %d records", len(r.Letter.Photos), len(records))
	}
	if d, err := s.db.Handout(ctx, id); err != nil || len(d.Photos) != 4 {
		t.Errorf("%+v, %v", d.Photos, err)
	}
	first, err := s.db.Handout(ctx, id)
	s.must(err)
	size := s.size()
	again, err := s.prepare(s.thePhoto(), of("p1"), of("p2"), of("p3"))
	s.must(err)
	if second, err := s.db.Handout(ctx, again); err != nil || !slices.Equal(second.Photos, first.Photos) || s.size() != size+1 {
		t.Errorf("the next recipient gets %v, the first got %v; the ledger grew by %d", second.Photos, first.Photos, s.size()-size)
	}
	s.withdraw("photos")
	_, err = s.prepare(s.thePhoto())
	wants(t, "photos withdrawn", err, "consent_missing")
	_, err = s.prepare()
	wants(t, "without photos", err, "")
}

// K's own copy: by the secret that he was shown and the code that he chose, all that he said and nothing that the rep noted.
func TestCopy(t *testing.T) {
	secret, chosen := strings.Repeat("s", 43), "4711"
	s := newSite(t)
	s.visited(
		seal.Content{Name: "copy_sha256", Value: blob.Of([]byte(secret)).String()},
		seal.Content{Name: "copy_code_sha256", Value: blob.Of([]byte(secret + "." + chosen)).String()},
	)
	ctx := t.Context()
	door := clienttest.Recipient{Line: clienttest.Line{Server: s.url, HTTP: s.http}}
	fetch := func(secret, code string) (*clienttest.Letter, error) {
		l := &clienttest.Letter{}
		return l, door.Do(ctx, "copy", m{"secret": secret, "code": code}, l)
	}
	size := s.size()
	l, err := fetch(secret, "47 11")
	s.must(err)
	records, err := l.Verify(s.keys.RootID(), nil, nil)
	s.must(err)
	if len(records) != 1 || records[0].Hash != s.declaration.Hash || l.Disclosure != nil || l.Document != nil || l.Token != "" || s.size() != size {
		t.Errorf("%d records, %+v", len(records), l)
	}
	for name, shown := range map[string]bool{"field.address": true, "text_sha256": true, "note": false, "companions": false, "geo": false, "copy_code_sha256": false} {
		if _, there := records[0].Field(name); there != shown {
			t.Errorf("%s is shown: %v", name, there)
		}
	}
	_, err = fetch(strings.Repeat("t", 43), chosen)
	wants(t, "another secret", err, "link_passcode")
	for range 4 {
		_, err = fetch(secret, "0000")
		wants(t, "a wrong code", err, "link_passcode")
	}
	_, err = fetch(secret, "0000")
	wants(t, "the fifth", err, "link_paused")
	_, err = fetch(secret, chosen)
	wants(t, "right, while paused", err, "link_paused")
}
