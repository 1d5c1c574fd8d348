package field_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/server/objects"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// checkStored reads the blob back from the object store and checks the receipt.
func (s *site) checkStored(key string, data []byte, receipt string, hash record.Hash) {
	s.t.Helper()
	r, err := seal.OpenBlobReceipt(receipt, s.keys.Receipt.Public())
	if err != nil || r.SHA256 != blob.Of(data).String() || r.Size != int64(len(data)) || r.Record != hash {
		s.t.Fatalf("receipt %+v, %v", r, err)
	}
	content, _, err := s.objects.Get(s.t.Context(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	defer content.Close()
	if held, err := io.ReadAll(content); err != nil || !bytes.Equal(held, data) {
		s.t.Fatalf("%s holds %d other bytes, %v", key, len(held), err)
	}
}

// staged counts the objects that wait under u/.
func (s *site) staged() int {
	s.t.Helper()
	n := 0
	for _, err := range s.objects.List(s.t.Context(), "u/") {
		if err != nil {
			s.t.Fatal(err)
		}
		n++
	}
	return n
}

func caseKey(caseID record.ID, data []byte) string {
	return "c/" + caseID.String() + "/" + blob.Of(data).String()
}

// L08: "success" although photos are missing; the retry is taken for a duplicate (kobocat #432, enketo-express #776). After every cut the
// missing list and the receipts tell the truth: missing until every byte was verified and stored, not missing after.
func TestL08MissingUntilVerified(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	const size = 100_000
	entry, data := photographed(t, p.Phone, caseID, size)
	missing := func(want int) {
		t.Helper()
		answer := push(t, p.Phone, entry.Compact)
		if len(answer.MissingBlobs) != want {
			t.Fatalf("missing %v, want %d", answer.MissingBlobs, want)
		}
		receipt, err := p.BlobReceipt(t.Context(), entry.Hash.String(), blob.Of(data).String())
		if (want == 0) != (receipt != "") || (want > 0 && fieldtest.Code(err) != "not_found") {
			t.Fatalf("receipt %q, %v", receipt, err)
		}
	}
	missing(1)
	for _, k := range []int{0, 1, size - 1} {
		r := fieldtest.PutRequest(entry.Hash.String(), data)
		r.Body, r.Length = io.MultiReader(bytes.NewReader(data[:k]), brokenReader{}), size
		if _, err := p.Do(t.Context(), r); err == nil {
			t.Fatal("a cut PUT was answered")
		}
		missing(1)
	}
	u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Patch(t.Context(), u, data[:size-1], -1); err != nil {
		t.Fatal(err)
	}
	missing(1)
	receipt, err := p.PutBlob(t.Context(), entry.Hash.String(), data)
	if err != nil {
		t.Fatal(err)
	}
	missing(0)
	s.checkStored(caseKey(caseID, data), data, receipt, entry.Hash)
	if again, err := p.PutBlob(t.Context(), entry.Hash.String(), data); err != nil || again != receipt {
		t.Fatalf("a repeated PUT: %v, another receipt: %v", err, again != receipt)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, fieldtest.ErrCut }

// TestL05SameNameOtherBytes: iOS gives every photo the same file name (Enketo changelog). Same size, same role, other bytes: two photos.
func TestL05SameNameOtherBytes(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	_, one := photographed(t, p.Phone, caseID, 5000)
	_, two := photographed(t, p.Phone, caseID, 5000)
	if summary, err := p.Sync(t.Context()); err != nil || summary.Blobs != 2 {
		t.Fatalf("%+v, %v", summary, err)
	}
	for i, e := range p.Journal() {
		s.checkStored(caseKey(caseID, [][]byte{one, two}[i]), [][]byte{one, two}[i], e.Blobs[blob.Of([][]byte{one, two}[i]).String()], e.Hash)
	}
}

// L07: a service worker re-sent requests with empty bodies (enketo PR #1584). Length and SHA-256 are checked; whatever does not match is refused
// in words, and stored nowhere.
func TestL07BodyChecked(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	entry, data := photographed(t, p.Phone, caseID, 70_000)
	push(t, p.Phone, entry.Compact)
	other := bytes.Clone(data)
	other[len(other)-1] ^= 1
	for name, test := range map[string]struct {
		spoil func(r *fieldtest.Request)
		code  string
	}{
		"empty":        {func(r *fieldtest.Request) { r.Body = bytes.NewReader(nil) }, "size_mismatch"},
		"short":        {func(r *fieldtest.Request) { r.Body = bytes.NewReader(data[:100]) }, "size_mismatch"},
		"long":         {func(r *fieldtest.Request) { r.Body = bytes.NewReader(append(bytes.Clone(data), 0)) }, "size_mismatch"},
		"one bit":      {func(r *fieldtest.Request) { r.Body = bytes.NewReader(other) }, "digest_mismatch"},
		"other digest": {func(r *fieldtest.Request) { r.Header.Set("Content-Digest", blob.FormatContentDigest(blob.Of(other))) }, "digest_mismatch"},
		"no digest":    {func(r *fieldtest.Request) { r.Header.Del("Content-Digest") }, "bad_request"},
		"no length":    {func(r *fieldtest.Request) { r.Length = -1 }, "length_required"},
		"unknown record": {func(r *fieldtest.Request) {
			r.Path = fieldtest.BlobPath(record.HashCore([]byte("x")).String(), blob.Of(data).String())
		}, "record_unknown"},
		"no record":         {func(r *fieldtest.Request) { r.Path = fieldtest.BlobPath("x", blob.Of(data).String()) }, "record_unknown"},
		"not named":         {func(r *fieldtest.Request) { *r = fieldtest.PutRequest(entry.Hash.String(), other) }, "blob_not_named"},
		"not even a digest": {func(r *fieldtest.Request) { r.Path = fieldtest.BlobPath(entry.Hash.String(), "x") }, "blob_not_named"},
	} {
		r := fieldtest.PutRequest(entry.Hash.String(), data)
		test.spoil(&r)
		answer, err := p.Do(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if code := fieldtest.Code(answer.Err()); code != test.code {
			t.Errorf("%s: %d %q, want %s", name, answer.Status, code, test.code)
		}
		if _, err := s.objects.Stat(t.Context(), caseKey(caseID, data)); !errors.Is(err, objects.ErrNotFound) {
			t.Fatalf("%s: something is stored (%v)", name, err)
		}
	}
}

// L11: no resume: restart from zero on bad links (ODK docs: uploads do not resume). An upload that is cut after k bytes goes on behind them.
func TestL11CutAfterKBytes(t *testing.T) {
	for _, size := range []int{300_000, 100} {
		for _, k := range []int{0, 1, size - 1, size} {
			t.Run(fmt.Sprintf("%d of %d", k, size), func(t *testing.T) {
				s := newSite(t)
				p := s.rep(s.node())
				caseID := s.theCase(p.id)
				entry, data := photographed(t, p.Phone, caseID, size)
				push(t, p.Phone, entry.Compact)
				u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
				if err != nil {
					t.Fatal(err)
				}
				err = p.Patch(t.Context(), u, data, k)
				if (k < size) != errors.Is(err, fieldtest.ErrCut) {
					t.Fatalf("patch: %v", err)
				}
				s.settle(p.Phone, u, int64(k))
				if k < size && u.Done() {
					t.Fatal("a receipt before the last byte")
				}
				if err := p.Finish(t.Context(), u, data, 0); err != nil {
					t.Fatal(err)
				}
				s.checkStored(caseKey(caseID, data), data, u.Receipt, entry.Hash)
				if n := s.staged(); n != 0 {
					t.Fatalf("%d chunks left", n)
				}
			})
		}
	}
}

// settle waits until the server has put away what arrived before a cut: it does so after the connection is gone.
func (s *site) settle(p *fieldtest.Phone, u *fieldtest.Upload, want int64) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for {
		if err := p.Ask(ctx, u); err != nil {
			s.t.Fatalf("offset %d, want %d: %v", u.Offset, want, err)
		}
		if u.Offset == want {
			return
		}
		if u.Offset > want {
			s.t.Fatalf("offset %d, want %d", u.Offset, want)
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("offset stays %d, want %d", u.Offset, want)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// L11: of two PATCHes at one offset exactly one wins, whichever server each goes to; the other learns the right offset.
func TestL11TwoPatchesOneWins(t *testing.T) {
	s := newSite(t)
	nodes := []*node{s.node(), s.node()}
	p := s.rep(nodes[0])
	caseID := s.theCase(p.id)
	for _, part := range []int{40_000, 150_000, 150_000, 150_000, 150_000} { // a part, and the whole
		entry, data := photographed(t, p.Phone, caseID, 150_000)
		push(t, p.Phone, entry.Compact)
		u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
		if err != nil {
			t.Fatal(err)
		}
		const crowd = 6
		answers := make([]*fieldtest.Answer, crowd)
		var rivals sync.WaitGroup
		rivals.Add(crowd)
		var all sync.WaitGroup
		for i := range answers {
			twin, err := fieldtest.New(fieldtest.Options{Server: nodes[i%2].url, Public: publicURL, HTTP: client(t), Like: p.Phone})
			if err != nil {
				t.Fatal(err)
			}
			r := fieldtest.PatchRequest(u, data[:part], -1)
			r.Body, r.Length = io.MultiReader(bytes.NewReader(data[:part-1]), &gate{last: data[part-1], rivals: &rivals}), int64(part)
			all.Go(func() {
				answer, err := twin.Do(t.Context(), r)
				if err != nil {
					t.Error(err)
					return
				}
				answers[i] = answer
			})
		}
		all.Wait()
		won := 0
		for _, a := range answers {
			if a == nil {
				t.FailNow()
			}
			switch {
			case a.Status == http.StatusNoContent:
				won++
			case a.Status != http.StatusConflict || fieldtest.Code(a.Err()) != "offset_mismatch" || a.Header.Get("Upload-Offset") != strconv.Itoa(part):
				t.Errorf("%d %s, offset %s", a.Status, fieldtest.Code(a.Err()), a.Header.Get("Upload-Offset"))
			}
		}
		if won != 1 {
			t.Fatalf("%d of %d won", won, crowd)
		}
		if err := p.Finish(t.Context(), u, data, 0); err != nil {
			t.Fatal(err)
		}
		s.checkStored(caseKey(caseID, data), data, u.Receipt, entry.Hash)
	}
	if n := s.staged(); n != 0 {
		t.Fatalf("%d chunks left", n)
	}
}

// gate is the last byte of a chunk; it waits until all rivals have come to theirs.
type gate struct {
	last   byte
	rivals *sync.WaitGroup
	passed bool
}

func (g *gate) Read(p []byte) (int, error) {
	if g.passed {
		return 0, io.EOF
	}
	g.passed = true
	g.rivals.Done()
	g.rivals.Wait()
	p[0] = g.last
	return 1, nil
}

// L11: another server takes the next chunk, and the next, and one that took none finishes.
func TestL11AnotherServerTakesOver(t *testing.T) {
	s := newSite(t)
	nodes := []*node{s.node(), s.node(), s.node()}
	p := s.rep(nodes[0])
	caseID := s.theCase(p.id)
	entry, data := photographed(t, p.Phone, caseID, 250_000)
	push(t, p.Phone, entry.Compact)
	u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 10_000)
	if err != nil || u.Offset != 10_000 {
		t.Fatalf("offset %d, %v", u.Offset, err)
	}
	p.Use(nodes[1].url)
	if err := p.Patch(t.Context(), u, data[10_000:90_000], 50_000); !errors.Is(err, fieldtest.ErrCut) {
		t.Fatal(err)
	}
	nodes[0].stop()
	<-nodes[0].done
	p.Use(nodes[2].url)
	s.settle(p.Phone, u, 60_000)
	if err := p.Finish(t.Context(), u, data, 70_000); err != nil {
		t.Fatal(err)
	}
	s.checkStored(caseKey(caseID, data), data, u.Receipt, entry.Hash)
	p.Use(nodes[1].url)
	late := &fieldtest.Upload{Path: u.Path}
	if err := p.Ask(t.Context(), late); err != nil || late.Receipt != u.Receipt || late.Offset != int64(len(data)) {
		t.Fatalf("%+v, %v", late, err)
	}
}

// TestUploadOfOtherBytes: bytes that are not the sealed ones end the upload: 422, nothing stored, and it is gone.
func TestUploadOfOtherBytes(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	for _, chunk := range []int{0, 30_000} {
		entry, data := photographed(t, p.Phone, caseID, 70_000)
		push(t, p.Phone, entry.Compact)
		u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
		if err != nil {
			t.Fatal(err)
		}
		other := bytes.Clone(data)
		other[0] ^= 1
		if err := p.Finish(t.Context(), u, other, chunk); fieldtest.Code(err) != "digest_mismatch" {
			t.Fatalf("chunks of %d: %v", chunk, err)
		}
		if err := p.Patch(t.Context(), &fieldtest.Upload{Path: u.Path}, data, -1); fieldtest.Code(err) != "upload_expired" {
			t.Fatalf("chunks of %d: it goes on: %v", chunk, err)
		}
		if _, err := s.objects.Stat(t.Context(), caseKey(caseID, data)); !errors.Is(err, objects.ErrNotFound) {
			t.Fatalf("chunks of %d: stored: %v", chunk, err)
		}
	}
	if n := s.staged(); n != 0 {
		t.Fatalf("%d chunks left", n)
	}
}

// TestTus: the parts of tus 1.0 that the other tests do not touch: OPTIONS, versions, checksums (460), termination, expiration, and what is
// malformed.
func TestTus(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	caseID := s.theCase(p.id)
	entry, data := photographed(t, p.Phone, caseID, 50_000)
	push(t, p.Phone, entry.Compact)

	options, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodOptions, Path: fieldtest.PathUploads, NoProof: true})
	if err != nil || options.Status != http.StatusNoContent || options.Header.Get("Tus-Version") != "1.0.0" || options.Header.Get("Tus-Resumable") != "1.0.0" ||
		options.Header.Get("Tus-Extension") != "creation,creation-with-upload,termination,checksum,expiration" ||
		options.Header.Get("Tus-Checksum-Algorithm") != "sha1,sha256" || options.Header.Get("Tus-Max-Size") != strconv.Itoa(blob.MaxSize) {
		t.Fatalf("%d %v, %v", options.Status, options.Header, err)
	}
	u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(data)
	damaged[7] ^= 1
	one := sha1.Sum(data[:20_000])
	two := blob.Of(data[20_000:40_000])
	for _, test := range []struct {
		name    string
		spoil   func(r *fieldtest.Request)
		status  int
		code    string
		reached int64
	}{
		{"no version", func(r *fieldtest.Request) { r.Header.Del("Tus-Resumable") }, 412, "tus_version", 0},
		{"other version", func(r *fieldtest.Request) { r.Header.Set("Tus-Resumable", "0.2.2") }, 412, "tus_version", 0},
		{"other media", func(r *fieldtest.Request) { r.Header.Set("Content-Type", "image/jpeg") }, 415, "unsupported_media_type", 0},
		{"no offset", func(r *fieldtest.Request) { r.Header.Del("Upload-Offset") }, 400, "bad_request", 0},
		{"wrong offset", func(r *fieldtest.Request) { r.Header.Set("Upload-Offset", "1") }, 409, "offset_mismatch", 0},
		{"too long", func(r *fieldtest.Request) { r.Body = bytes.NewReader(append(bytes.Clone(data), 1)) }, 413, "body_too_large", 0},
		{"too long, unannounced", func(r *fieldtest.Request) {
			r.Body, r.Length = io.MultiReader(bytes.NewReader(data), bytes.NewReader(data)), -1
		}, 413, "body_too_large", 0},
		{"unknown checksum", func(r *fieldtest.Request) { r.Header.Set("Upload-Checksum", "md5 AAAA") }, 400, "bad_request", 0},
		{"damaged chunk", func(r *fieldtest.Request) {
			r.Body = bytes.NewReader(damaged[:20_000])
			r.Header.Set("Upload-Checksum", "sha1 "+base64.StdEncoding.EncodeToString(one[:]))
		}, 460, "checksum_mismatch", 0},
		{"sha1", func(r *fieldtest.Request) {
			r.Body = bytes.NewReader(data[:20_000])
			r.Header.Set("Upload-Checksum", "sha1 "+base64.StdEncoding.EncodeToString(one[:]))
		}, 204, "", 20_000},
		{"sha256, length unannounced", func(r *fieldtest.Request) {
			r.Body, r.Length = io.MultiReader(bytes.NewReader(data[20_000:40_000])), -1
			r.Header.Set("Upload-Offset", "20000")
			r.Header.Set("Upload-Checksum", "sha256 "+base64.StdEncoding.EncodeToString(two[:]))
		}, 204, "", 40_000},
		{"no bytes", func(r *fieldtest.Request) {
			r.Body = bytes.NewReader(nil)
			r.Header.Set("Upload-Offset", "40000")
		}, 204, "", 40_000},
	} {
		r := fieldtest.PatchRequest(u, data, -1)
		test.spoil(&r)
		answer, err := p.Do(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if answer.Status != test.status || fieldtest.Code(answer.Err()) != test.code {
			t.Errorf("%s: %d %s", test.name, answer.Status, fieldtest.Code(answer.Err()))
		}
		if err := p.Ask(t.Context(), u); err != nil || u.Offset != test.reached {
			t.Fatalf("%s: offset %d, %v", test.name, u.Offset, err)
		}
	}
	for name, header := range map[string][2]string{
		"no length":    {"Upload-Length", ""},
		"deferred":     {"Upload-Defer-Length", "1"},
		"other length": {"Upload-Length", "49999"},
		"huge":         {"Upload-Length", "99999999999"},
		"no metadata":  {"Upload-Metadata", ""},
		"bad metadata": {"Upload-Metadata", "record !"},
	} {
		r := fieldtest.Request{Method: http.MethodPost, Path: fieldtest.PathUploads, Header: http.Header{
			"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.Itoa(len(data))},
			"Upload-Metadata": {wire.UploadMetadata{Record: entry.Hash, SHA256: blob.Of(data).String()}.String()},
		}}
		r.Header.Set(header[0], header[1])
		answer, err := p.Do(t.Context(), r)
		if err != nil || answer.Status/100 != 4 || fieldtest.Code(answer.Err()) == "" {
			t.Errorf("create with %s: %d, %v", name, answer.Status, err)
		}
	}
	if err := p.Terminate(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if err := p.Ask(t.Context(), u); err == nil {
		t.Fatal("a terminated upload answers")
	}
	u, err = p.CreateUpload(t.Context(), entry.Hash.String(), data, 1000)
	if err != nil {
		t.Fatal(err)
	}
	s.ahead.Store(int64(8 * 24 * time.Hour))
	if err := p.Ask(t.Context(), u); err == nil {
		t.Fatal("an expired upload answers")
	}
	if err := n.jobs.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.staged(); n != 0 {
		t.Fatalf("%d chunks left", n)
	}
}

// TestStopKeepsUpload: a server that stops keeps what has arrived of an upload that is still coming in, and waits for nothing else.
func TestStopKeepsUpload(t *testing.T) {
	s := newSite(t)
	first, second := s.node(), s.node()
	p := s.rep(first)
	entry, data := photographed(t, p.Phone, s.theCase(p.id), 200_000)
	push(t, p.Phone, entry.Compact)
	u, err := p.CreateUpload(t.Context(), entry.Hash.String(), data, 0)
	if err != nil {
		t.Fatal(err)
	}
	reader, writer := io.Pipe()
	sent := make(chan struct{})
	go func() {
		_, _ = writer.Write(data[:120_000])
		close(sent) // the transport has taken it; the rest never comes
	}()
	gone := make(chan struct{})
	r := fieldtest.PatchRequest(u, nil, -1)
	r.Body, r.Length = reader, int64(len(data))
	go func() {
		_, _ = p.Do(t.Context(), r) // answered or cut: what counts is what was kept
		close(gone)
	}()
	<-sent
	for running := ""; running != "2"; { // the upload, and the question itself
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodGet, Path: "/metrics", NoProof: true})
		if err != nil || answer.Err() != nil {
			t.Fatal(err, answer.Err())
		}
		_, after, _ := strings.Cut(string(answer.Body), "\ntachiai_requests_running ")
		running, _, _ = strings.Cut(after, "\n")
	}
	first.stop()
	<-first.done
	if first.err != nil {
		t.Fatalf("it did not end by itself: %v", first.err)
	}
	_ = writer.CloseWithError(fieldtest.ErrCut)
	<-gone
	p.Use(second.url)
	if err := p.Ask(t.Context(), u); err != nil || u.Offset == 0 || u.Offset > 120_000 {
		t.Fatalf("offset %d, %v\n%s", u.Offset, err, s.log)
	}
	if err := p.Finish(t.Context(), u, data, 0); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(p.Journal(), func(e *fieldtest.Entry) bool { return e.Hash == entry.Hash }) {
		t.Fatal("the journal changed")
	}
}
