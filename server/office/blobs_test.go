package office_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// stored uploads one blob and returns its path in the API and its key in the store.
func stored(s *site, r *rep, caseID record.ID, media string, data []byte) (path, key string) {
	s.t.Helper()
	e := r.seal(s, fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Case: caseID, Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "exterior", Type: media, Bytes: data}},
	})
	r.sync(s)
	sum := e.Record.BlobFields()[0].SHA256
	return "records/" + e.Record.Hash.String() + "/blobs/" + sum, "c/" + caseID.String() + "/" + sum
}

func TestBlobTypes(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleAuditor)
	caseID := s.theCase(r)
	for _, c := range []struct{ name, begin, claimed, media, way, ending string }{
		{"a JPEG", "\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg", "inline", ".jpg"},
		{"a PNG", "\x89PNG\r\n\x1a\n", "image/jpeg", "image/png", "inline", ".png"},
		{"a WebP", "RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image/webp", "inline", ".webp"},
		{"HEIC", "\x00\x00\x00\x18ftypheic", "image/heic", "image/heic", "attachment", ".heic"},
		{"a PDF", "%PDF-1.7", "application/pdf", "application/pdf", "attachment", ".pdf"},
		{"HTML", "<html><script>alert(1)</script>", "image/jpeg", "application/octet-stream", "attachment", ".bin"},
		{"SVG", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "image/svg+xml", "application/octet-stream", "attachment", ".bin"},
		{"one byte", "x", "image/jpeg", "application/octet-stream", "attachment", ".bin"},
	} {
		path, _ := stored(s, r, caseID, c.claimed, []byte(c.begin))
		got := d.get(path)
		h := got.header
		if got.status != 200 || string(got.body) != c.begin || h.Get("Content-Type") != c.media {
			t.Errorf("%s: %d %s", c.name, got.status, h.Get("Content-Type"))
		}
		if place := h.Get("Content-Disposition"); !strings.HasPrefix(place, c.way+`; filename="`) || !strings.HasSuffix(place, c.ending+`"`) {
			t.Errorf("%s: %s", c.name, place)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
			!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", c.name, h)
		}
	}
	if strings.Count(s.log.String(), `"msg":"blob read","member":"`+d.member.String()) != 8 {
		t.Error("who read which blob is not in the log")
	}
}

func TestBlobRanges(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	data := picture(3<<20 + 17)
	path, _ := stored(s, r, s.theCase(r), blob.JPEG, data)
	whole := d.get(path)
	if whole.status != 200 || !bytes.Equal(whole.body, data) || whole.header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("%d, %d bytes, %v", whole.status, len(whole.body), whole.cut)
	}
	size := len(data)
	for text, want := range map[string][2]int{
		"bytes=0-0": {0, 1}, "bytes=0-99": {0, 100}, "bytes=100-": {100, size}, "bytes=-10": {size - 10, size}, "bytes=5-999999999": {5, size},
		"bytes=-999999999": {0, size}, fmt.Sprintf("bytes=%d-", size-1): {size - 1, size},
	} {
		got := d.get(path, func(r *http.Request) { r.Header.Set("Range", text) })
		if got.status != 206 || !bytes.Equal(got.body, data[want[0]:want[1]]) || got.header.Get("Content-Type") != blob.JPEG ||
			got.header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", want[0], want[1]-1, size) {
			t.Errorf("%s: %d, %d bytes, %s", text, got.status, len(got.body), got.header.Get("Content-Range"))
		}
	}
	for _, text := range []string{"bytes=0-1,5-6", "chars=0-1", "bytes=x-1", "bytes=5-1", "bytes=", "bytes=-", "bytes=0x1-2", "bytes=+1-2", "bytes=99999999999999999999-"} {
		if got := d.get(path, func(r *http.Request) { r.Header.Set("Range", text) }); got.status != 200 || len(got.body) != size {
			t.Errorf("%s: %d, %d bytes", text, got.status, len(got.body))
		}
	}
	for _, text := range []string{fmt.Sprintf("bytes=%d-", size), "bytes=999999999-", "bytes=-0"} {
		if got := d.get(path, func(r *http.Request) { r.Header.Set("Range", text) }); got.status != 416 || got.header.Get("Content-Range") != fmt.Sprintf("bytes */%d", size) {
			t.Errorf("%s: %s", text, got)
		}
	}
	tagged := func(tag string) answer {
		return d.get(path, func(r *http.Request) { r.Header.Set("Range", "bytes=0-0"); r.Header.Set("If-Range", tag) })
	}
	if got := tagged(whole.header.Get("ETag")); got.status != 206 {
		t.Errorf("its own version: %d", got.status)
	}
	if got := tagged(`"other"`); got.status != 200 {
		t.Errorf("another version: %d", got.status)
	}
}

// What is not in the store as it was taken never looks fine.
func TestDamagedBlob(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	caseID := s.theCase(r)
	for _, size := range []int{2000, 1 << 20, 1<<20 + 1, 2 << 20, 3<<20 + 17} {
		for name, spoil := range map[string]func([]byte) []byte{
			"first byte": func(b []byte) []byte { b[0] ^= 1; return b }, "last byte": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
			"shorter": func(b []byte) []byte { return b[:len(b)-1] }, "longer": func(b []byte) []byte { return append(b, 0) }, "gone": nil,
		} {
			data := picture(size)
			path, key := stored(s, r, caseID, blob.JPEG, data)
			s.must(s.objects.Delete(t.Context(), key))
			if spoil != nil {
				bad := spoil(bytes.Clone(data))
				s.must(s.objects.Put(t.Context(), key, bytes.NewReader(bad), int64(len(bad)), blob.Of(bad)))
			}
			got := d.get(path)
			switch {
			case got.status == 500 && got.code() == "evidence_damaged":
			case got.status == 200 && size > 1<<20 && got.cut == io.ErrUnexpectedEOF && len(got.body) < size:
			default:
				t.Errorf("%d bytes, %s: %d, %d bytes, %v", size, name, got.status, len(got.body), got.cut)
			}
		}
	}
	if !strings.Contains(s.log.String(), `"evidence_damaged"`) {
		t.Error("nobody is told")
	}
}

// What has not arrived, or was never named, is not found.
func TestBlobThatIsNotHere(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	e := r.seal(s, fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Case: s.theCase(r), Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "exterior", Type: blob.JPEG, Bytes: picture(100)}},
	})
	_, err := r.Push(t.Context(), e.Compact)
	s.must(err)
	if got := d.get("records/" + e.Record.Hash.String() + "/blobs/" + e.Record.BlobFields()[0].SHA256); got.status != 404 {
		t.Errorf("%s", got)
	}
	if got := read[heldAnswer](t, d.get("records/"+e.Record.Hash.String())); got.Blobs[0].Stored {
		t.Error("it is said to be here")
	}
}
