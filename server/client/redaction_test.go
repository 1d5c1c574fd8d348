package client_test

import (
	"slices"
	"testing"

	"tachiai/server/client/clienttest"
	"tachiai/server/field/fieldtest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// hide seals what the rep makes of a photo when he hides parts of it.
func (s *site) hide(photo *fieldtest.Entry, id string, picture []byte) *fieldtest.Entry {
	s.t.Helper()
	return s.sealed(fieldtest.Draft{Kind: record.KindPhotoRedacted, Fields: []seal.Content{
		{Name: "record", Value: photo.Hash}, {Name: "original", Value: id},
	}, Photos: []fieldtest.Photo{{ID: "redacted", Role: "redacted", Type: blob.JPEG, Bytes: picture}}})
}

func (s *site) synced() {
	s.t.Helper()
	_, err := s.phone.Sync(s.t.Context())
	s.must(err)
}

// only wants one photo in a letter, made of that record.
func (s *site) only(r clienttest.Recipient, of *fieldtest.Entry, picture []byte) {
	s.t.Helper()
	if len(r.Letter.Photos) != 1 || r.Letter.Photos[0].Record != of.Hash {
		s.t.Fatalf("photos %+v, want that of %s", r.Letter.Photos, of.Hash)
	}
	sum := r.Letter.Photos[0].SHA256
	got, err := r.File(s.t.Context(), "photos/"+sum)
	s.must(err)
	if !slices.Equal(got, picture) {
		s.t.Error("another picture is given")
	}
	pdf, err := r.File(s.t.Context(), "document")
	s.must(err)
	_, err = r.Letter.Verify(s.keys.RootID(), pdf, map[string][]byte{sum: got})
	s.must(err)
}

// L20: a photo in which the rep hid something goes out so and not otherwise. Whatever showed it as it was stops as soon as the phone says so.
func TestHidden(t *testing.T) {
	s, id, issued, r := ready(t)
	ctx := t.Context()
	plain := r.Letter.Photos[0].SHA256
	waiting, err := s.prepare(s.thePhoto())
	s.must(err)
	approved, err := s.prepare(s.thePhoto())
	s.must(err)
	s.must(s.approve(approved))

	first := s.hide(s.photo, "p1", snapshot(t, 80, 32, 24))
	picture := snapshot(t, 90, 32, 24)
	second := s.hide(s.photo, "p1", picture)
	s.synced()
	for _, file := range []string{"photos/" + plain, "document"} {
		if _, err := r.File(ctx, file); err == nil {
			t.Errorf("%s is still given", file)
		}
	}
	_, err = s.open(issued)
	wants(t, "a link that was out", err, "link_revoked")
	var shown struct{ Stopped string }
	s.must(s.maker.Get(ctx, "disclosures/"+id.String(), &shown))
	if shown.Stopped != "photo_hidden" {
		t.Errorf("the office is told %q", shown.Stopped)
	}
	wants(t, "to approve it", s.approve(waiting), "photo_hidden")
	for _, d := range []record.ID{id, approved} {
		wants(t, "to link it", s.maker.Do(ctx, "disclosures/"+d.String()+"/link", nil, nil), "photo_hidden")
	}

	// No reviewer has seen the new picture yet.
	_, err = s.prepare(s.thePhoto())
	wants(t, "hidden after the review", err, "not_reviewed")
	s.review()
	for name, photo := range map[string]m{
		"the original": s.thePhoto(), "the preview": {"record": s.photo.Hash, "id": "p1s"},
		"what was hidden first": {"record": first.Hash, "id": "redacted"}, "what was hidden last": {"record": second.Hash, "id": "redacted"},
	} {
		t.Run(name, func(t *testing.T) {
			_, issued := s.linked(photo)
			r, err := s.open(issued)
			s.must(err)
			s.only(r, second, picture)
		})
	}
}

// What the office's program makes by itself never stands before what the rep hid, and what he hid is not made up for: a picture that has not arrived, or
// that holds more than pixels, is not replaced by the photo as it was.
func TestHiddenFirst(t *testing.T) {
	s := newSite(t)
	s.visited()
	ctx := t.Context()
	photo := func(role string, shade uint8) *fieldtest.Entry {
		return s.sealed(fieldtest.Draft{Kind: record.KindPhotoCaptured, Fields: []seal.Content{{Name: "source", Value: "camera"}}, Photos: []fieldtest.Photo{
			{ID: "p1", Role: role, Type: blob.JPEG, Bytes: snapshot(t, shade, 64, 48)},
		}})
	}
	badge, paper, spoilt := photo("badge_front", 10), photo("paper_page_1", 11), photo("exterior", 12)
	picture, page := snapshot(t, 50, 32, 24), snapshot(t, 51, 32, 24)
	hidden, hiddenPage := s.hide(badge, "p1", picture), s.hide(paper, "p1", page)
	tail := append(snapshot(t, 52, 32, 24), "and what was cut away"...)
	s.hide(spoilt, "p1", tail)
	of := func(e *fieldtest.Entry) m { return m{"record": e.Hash, "id": "p1"} }

	var texts []string
	for _, e := range s.phone.Outbox() {
		texts = append(texts, e.Compact)
	}
	_, err := s.phone.Push(ctx, texts...)
	s.must(err)
	s.review()
	_, err = s.prepare(of(badge))
	wants(t, "the picture is still on the phone", err, "photo_unusable")
	s.synced()
	held, err := s.db.Held(ctx, badge.Hash)
	s.must(err)
	_, err = s.db.RedactPhoto(ctx, held, "p1", postgres.NewBlob{ // as if the office had been at it when the phone came
		ID: "redacted", Role: "redacted", SHA256: postgres.Digest(blob.Of(picture)), Size: int64(len(picture)), Type: blob.JPEG, Key: "c/" + s.caseID.String() + "/" + blob.Of(picture).String(),
	}, s.reviewer, s.now())
	s.must(err)
	_, err = s.prepare(of(spoilt))
	wants(t, "more than pixels", err, "photo_unusable")
	_, issued := s.linked(of(badge))
	r, err := s.open(issued)
	s.must(err)
	s.only(r, hidden, picture)
	_, issued = s.linked(of(paper))
	r, err = s.open(issued)
	s.must(err)
	s.only(r, hiddenPage, page)
}
