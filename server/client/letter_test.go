package client_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tachiai/server/client/clienttest"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// The whole way: prepared, approved by another, linked, opened with a passcode, verified with sync/ alone, downloaded, acknowledged, asked.
func TestLetter(t *testing.T) {
	s, id, _, r := ready(t)
	ctx := t.Context()
	pdf, err := r.File(ctx, "document")
	s.must(err)
	photo, err := r.File(ctx, "photos/"+r.Letter.Photos[0].SHA256)
	s.must(err)
	records, err := r.Letter.Verify(s.keys.RootID(), pdf, map[string][]byte{r.Letter.Photos[0].SHA256: photo})
	s.must(err)
	kinds := make([]string, len(records))
	for i, one := range records {
		kinds[i] = string(one.Kind)
	}
	if want := []string{"declaration.signed", "photo.captured", "disclosure.prepared", "disclosure.approved"}; !slices.Equal(kinds, want) {
		t.Errorf("records %v", kinds)
	}
	withheld(t, records[0], r.Letter)
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || int64(len(pdf)) != r.Letter.Document.Size {
		t.Errorf("document of %d bytes: %.20q", len(pdf), pdf)
	}
	var answer struct{ At int64 }
	s.must(r.Do(ctx, "acknowledge", m{"name": "大野", "department": "情報システム統括本部"}, &answer))
	first := answer.At
	s.must(r.Do(ctx, "acknowledge", m{"name": "大野", "department": ""}, &answer))
	if answer.At != first || first == 0 {
		t.Errorf("acknowledged at %d, then at %d", first, answer.At)
	}
	s.must(r.Do(ctx, "ask", m{"question": "原本はどこで保管されていますか。"}, &answer))

	var seen struct {
		State, Number string
		Worker        string `json:"worker_name"`
		Link          *struct {
			ViewsLeft int `json:"views_left"`
		}
		Events []struct{ Kind, Name, Department, Question string }
	}
	s.must(s.second.Get(ctx, "disclosures/"+id.String(), &seen))
	if seen.State != "acknowledged" || seen.Number != "2026-0147" || seen.Worker != "髙橋 健" || seen.Link.ViewsLeft != 4 || len(seen.Events) != 4 ||
		seen.Events[2].Department != "情報システム統括本部" || seen.Events[3].Question == "" {
		t.Errorf("the office sees %+v", seen)
	}
	office, err := s.second.File(ctx, "disclosures/"+id.String()+"/document")
	s.must(err)
	if !bytes.Equal(office, pdf) {
		t.Error("the office sees another document than its recipient")
	}
	full, err := s.second.File(ctx, "records/"+s.declaration.Hash.String()+"/document")
	s.must(err)
	if !bytes.HasPrefix(full, []byte("%PDF-")) || bytes.Equal(full, pdf) {
		t.Errorf("full edition of %d bytes", len(full))
	}
}

// withheld: nothing that a client may not see stands anywhere in the letter.
func withheld(t *testing.T, declaration *record.Record, l *clienttest.Letter) {
	t.Helper()
	for _, name := range []string{"geo", "strokes", "note", "companions", "text_sha256", "field.address", "field.phone"} {
		if _, shown := declaration.Field(name); shown {
			t.Errorf("%s is shown", name)
		}
	}
	for _, name := range []string{"place_match", "signature_outline", "presentation", "client_text_sha256", "field.reason", "field.worker", "witness"} {
		if _, shown := declaration.Field(name); !shown {
			t.Errorf("%s is withheld", name)
		}
	}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	all := string(text)
	for _, one := range l.Records {
		for _, part := range strings.Split(one.Record, "~") {
			plain, _ := base64.RawURLEncoding.DecodeString(part)
			all += string(plain)
		}
	}
	for _, secret := range []string{"三田一丁目", "090-0000-0147", "356581000", "終始落ち着いて", "玄関の内側"} {
		if strings.Contains(all, secret) {
			t.Errorf("the letter holds %q", secret)
		}
	}
}

// copied is a letter of its own, to be tampered with.
func copied(t *testing.T, l *clienttest.Letter) *clienttest.Letter {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	other := &clienttest.Letter{}
	if err := json.Unmarshal(text, other); err != nil {
		t.Fatal(err)
	}
	return other
}

// L22, for letters: every kind of tampering is red, and for the right reason.
func TestL22Letter(t *testing.T) {
	s, _, _, r := ready(t)
	pdf, err := r.File(t.Context(), "document")
	s.must(err)
	sum := r.Letter.Photos[0].SHA256
	photo, err := r.File(t.Context(), "photos/"+sum)
	s.must(err)
	photos := map[string][]byte{sum: photo}
	second := newSite(t) // another server, other keys
	for _, c := range []struct {
		name   string
		want   error
		tamper func(l *clienttest.Letter)
	}{
		{"another root's keys", clienttest.ErrKeys, func(l *clienttest.Letter) { l.Keys = keySet(t, second) }},
		{"a byte of the keys", clienttest.ErrKeys, func(l *clienttest.Letter) { l.Keys = flip(l.Keys, len(l.Keys)/2) }},
		{"the size in the checkpoint", clienttest.ErrCheckpoint, func(l *clienttest.Letter) { l.Checkpoint = strings.Replace(l.Checkpoint, "\n", "\n9", 1) }},
		{"a byte of a certificate", clienttest.ErrCertificate, func(l *clienttest.Letter) { l.Certificates[0] = flip(l.Certificates[0], 90) }},
		{"no certificate", clienttest.ErrRecord, func(l *clienttest.Letter) { l.Certificates = nil }},
		{"a record's signature", clienttest.ErrRecord, func(l *clienttest.Letter) {
			token, rest, _ := strings.Cut(l.Records[0].Record, "~")
			l.Records[0].Record = flip(token, len(token)-20) + "~" + rest
		}},
		{"a value in a disclosure", clienttest.ErrRecord, func(l *clienttest.Letter) {
			l.Records[0].Record = reword(t, l.Records[0].Record, "覚えはありません", "覚えはあります!!")
		}},
		{"a disclosure stripped", clienttest.ErrPaper, func(l *clienttest.Letter) { l.Records[0].Record = strip(t, l.Records[0].Record, "field.reason") }},
		{"the signature stripped", clienttest.ErrPaper, func(l *clienttest.Letter) { l.Records[0].Record = strip(t, l.Records[0].Record, "signature_outline") }},
		{"a receipt of another record", clienttest.ErrReceipt, func(l *clienttest.Letter) { l.Records[0].Receipt = l.Records[1].Receipt }},
		{"a byte of a receipt", clienttest.ErrReceipt, func(l *clienttest.Letter) { l.Records[0].Receipt = flip(l.Records[0].Receipt, 120) }},
		{"another proof", clienttest.ErrProof, func(l *clienttest.Letter) { l.Records[0].Inclusion = l.Records[1].Inclusion }},
		{"a hash in a proof", clienttest.ErrProof, func(l *clienttest.Letter) {
			hashes := slices.Clone(l.Records[0].Inclusion.Hashes)
			hashes[0] = ledger.Hash{1}
			l.Records[0].Inclusion.Hashes = hashes
		}},
		{"no approval", clienttest.ErrOffice, func(l *clienttest.Letter) { l.Records = l.Records[:3] }},
		{"another disclosure", clienttest.ErrOffice, func(l *clienttest.Letter) { l.Disclosure.ID[15]++ }},
		{"whom it was prepared for, stripped with its documents", clienttest.ErrOffice, func(l *clienttest.Letter) {
			l.Records[2].Record = strip(t, l.Records[2].Record, "documents")
		}},
		{"a photo left out", clienttest.ErrPhoto, func(l *clienttest.Letter) { l.Photos = nil }},
		{"another digest of a photo", clienttest.ErrPhoto, func(l *clienttest.Letter) { l.Photos[0].SHA256 = strings.Repeat("0", 64) }},
		{"another digest of the document", clienttest.ErrDocument, func(l *clienttest.Letter) { l.Document.SHA256 = strings.Repeat("0", 64) }},
	} {
		l := copied(t, r.Letter)
		c.tamper(l)
		if _, err := l.Verify(s.keys.RootID(), pdf, photos); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := r.Letter.Verify(second.keys.RootID(), pdf, photos); !errors.Is(err, clienttest.ErrKeys) {
		t.Errorf("another root: %v", err)
	}
	if _, err := r.Letter.Verify(s.keys.RootID(), append(slices.Clone(pdf), '\n'), photos); !errors.Is(err, clienttest.ErrDocument) {
		t.Errorf("a byte behind the document: %v", err)
	}
	other := slices.Clone(photo)
	other[len(other)/2] ^= 1
	if _, err := r.Letter.Verify(s.keys.RootID(), pdf, map[string][]byte{sum: other}); !errors.Is(err, clienttest.ErrPhoto) {
		t.Errorf("a byte of a photo: %v", err)
	}
	if _, err := r.Letter.Verify(s.keys.RootID(), pdf, photos); err != nil {
		t.Errorf("untouched: %v", err)
	}
}

func keySet(t *testing.T, s *site) string {
	t.Helper()
	token, err := seal.SignKeySet(seal.KeySet{Version: 1, Origin: "x", Origins: []string{"x"}, IssuedAt: 1, Keys: []seal.Key{
		{Use: seal.UseRoot, Public: s.keys.Root.Public()}, {Use: seal.UseReceipt, Public: s.keys.Receipt.Public()},
	}}, s.keys.Root)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// flip changes one character of base64url into another.
func flip(text string, at int) string {
	c := byte('A')
	if text[at] == c {
		c = 'B'
	}
	return text[:at] + string(c) + text[at+1:]
}

// strip takes a field out of a compact record.
func strip(t *testing.T, compact, name string) string {
	t.Helper()
	parts := strings.Split(compact, "~")
	for i, part := range parts[1:] {
		if text, _ := base64.RawURLEncoding.DecodeString(part); strings.Contains(string(text), `"`+name+`"`) {
			return strings.Join(slices.Delete(parts, i+1, i+2), "~")
		}
	}
	t.Fatalf("no field %s", name)
	return ""
}

// reword changes the value of a field.
func reword(t *testing.T, compact, from, to string) string {
	t.Helper()
	parts := strings.Split(compact, "~")
	for i, part := range parts[1:] {
		if text, _ := base64.RawURLEncoding.DecodeString(part); strings.Contains(string(text), from) {
			parts[i+1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(text), from, to, 1)))
			return strings.Join(parts, "~")
		}
	}
	t.Fatalf("no field holds %s", from)
	return ""
}
