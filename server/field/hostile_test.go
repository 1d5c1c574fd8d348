package field_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"tachiai/server"
	"tachiai/server/field/fieldtest"
	"tachiai/sync/wire"
)

// bomb is n zero bytes of JSON string, gzipped: a thousandth of that on the wire.
func bomb(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for _, part := range []io.Reader{strings.NewReader(`{"records":["`), io.LimitReader(endless('A'), int64(n)), strings.NewReader(`"]}`)} {
		if _, err := io.Copy(w, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// endless is a reader of one byte, again and again.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// L33: hostile input to push: a clear problem, and what one request can make the server allocate is bounded.
func TestL33HostilePush(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	push(t, p.Phone) // connection and nonce
	for _, test := range []struct {
		name   string
		body   []byte
		header http.Header
		status int
		code   string
	}{
		{"gzip bomb of 100 MiB", bomb(t, 100<<20), http.Header{"Content-Encoding": {"gzip"}}, 413, "body_too_large"},
		{"10 MB of JSON", []byte(`{"records":["` + strings.Repeat("A", 10<<20) + `"]}`), nil, 413, "body_too_large"},
		{"deep nesting", []byte(strings.Repeat("[", 500_000)), nil, 400, "bad_json"},
		{"deep nesting in an object", []byte(`{"records":` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + "}"), nil, 400, "bad_json"},
		{"300,000 empty records", []byte(`{"records":[""` + strings.Repeat(`,""`, 300_000) + "]}"), nil, 400, "too_many_records"},
		{"same member twice", []byte(`{"records":[],"records":[]}`), nil, 400, "bad_json"},
		{"no JSON", []byte("<html>"), nil, 400, "bad_json"},
		{"empty", nil, nil, 400, "bad_json"},
		{"not an object", []byte("[]"), nil, 400, "bad_request"},
		{"no records", []byte("{}"), nil, 400, "bad_request"},
		{"form", []byte("records=1"), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 415, "unsupported_media_type"},
		{"brotli", []byte("x"), http.Header{"Content-Encoding": {"br"}}, 415, "unsupported_media_type"},
		{"gzip that is none", []byte("x"), http.Header{"Content-Encoding": {"gzip"}}, 400, "bad_request"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		answer, err := p.PostJSON(t.Context(), fieldtest.PathRecords, test.body, test.header)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if answer.Status != test.status || fieldtest.Code(answer.Err()) != test.code {
			t.Errorf("%s: %d %s", test.name, answer.Status, answer.Body)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 48<<20 {
			t.Errorf("%s: %d MiB allocated", test.name, grown>>20)
		}
	}
	if got := statuses(push(t, p.Phone, noted(t, p.Phone, s.theCase(p.id), 1)[0].Compact)); got != "accepted" {
		t.Fatalf("afterwards: %s", got)
	}
}

// L33: huge headers and endless ones end in 431 or a closed connection, never in memory.
func TestL33HugeHeaders(t *testing.T) {
	s := newSite(t)
	n := s.node()
	conn, err := net.Dial("tcp", n.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
		_, _ = io.Copy(conn, io.LimitReader(endless('A'), 64<<20))
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil && answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Fatalf("%s", answer.Status)
	}
}

// L33: slow-loris. A client that holds a connection with a header, or a body, that hardly moves is cut off; one that moves is not.
func TestL33SlowLoris(t *testing.T) {
	s := newSite(t)
	n := s.node(func(c *server.Config) { c.Pace = server.Pace{Window: 400 * time.Millisecond, Bytes: 1 << 10} })
	p := s.rep(n)
	conn, err := net.Dial("tcp", n.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if _, err := io.Copy(io.Discard, conn); err != nil && !isReset(err) {
		t.Fatal(err) // a time-out of the test itself would hang instead
	}
	entry, data := photographed(t, p.Phone, s.theCase(p.id), 300_000)
	push(t, p.Phone, entry.Compact)
	reader, writer := io.Pipe()
	defer writer.Close()
	go func() {
		_, _ = writer.Write(data[:1000])
		for i := range data[1000:] { // one byte at a time, never enough
			if _, err := writer.Write(data[1000+i : 1001+i]); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	r := fieldtest.PutRequest(entry.Hash.String(), data)
	r.Body, r.Length = reader, int64(len(data))
	answer, err := p.Do(t.Context(), r)
	if err == nil && (answer.Status != http.StatusRequestTimeout || fieldtest.Code(answer.Err()) != "timeout") {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	slow, pipe := io.Pipe()
	go func() { // as slow in bytes, but above the pace
		for part := range bytes.SplitAfterSeq(data, data[len(data)/2:len(data)/2+1]) {
			_, _ = pipe.Write(part)
		}
		pipe.Close()
	}()
	r.Body = slow
	if answer, err := p.Do(t.Context(), r); err != nil || answer.Status != http.StatusCreated {
		t.Fatalf("a slow but honest upload: %v, %v", answer, err)
	}
}

func isReset(err error) bool {
	return strings.Contains(err.Error(), "reset") || strings.Contains(err.Error(), "closed")
}

// TestProof: who asks, asked in every wrong way. Each answer has a code to act on, and a fresh nonce.
func TestProof(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p, stranger := s.rep(n), s.stranger(n)
	good := func() string {
		t.Helper()
		proof, err := p.Proof("GET", fieldtest.PathFeed)
		if err != nil {
			t.Fatal(err)
		}
		return proof
	}
	push(t, p.Phone)
	proofs := map[string]struct{ proof, code string }{
		"none":            {"", "proof_missing"},
		"not a proof":     {"x", "proof_invalid"},
		"other signature": {flip(good(), len(good())-9), "proof_invalid"},
		"other method":    {must(p.Proof("PUT", fieldtest.PathFeed)), "proof_invalid"},
		"other path":      {must(p.Proof("GET", fieldtest.PathRecords)), "proof_invalid"},
		"too long":        {strings.Repeat("A", 9000), "proof_invalid"},
	}
	if _, err := stranger.Get(t.Context(), fieldtest.PathFeed, nil); err != nil {
		t.Fatal(err)
	}
	proofs["unknown key"] = struct{ proof, code string }{must(stranger.Proof("GET", fieldtest.PathFeed)), "device_unknown"}
	p.ForgetNonce()
	proofs["no nonce"] = struct{ proof, code string }{good(), "nonce_required"}
	for name, test := range proofs {
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: "GET", Path: fieldtest.PathFeed, NoProof: true, Header: http.Header{"Device-Proof": {test.proof}}})
		if err != nil || answer.Status != http.StatusUnauthorized || fieldtest.Code(answer.Err()) != test.code || answer.Header.Get("Device-Nonce") == "" {
			t.Errorf("%s: %v %s, want %s", name, err, fieldtest.Code(answer.Err()), test.code)
		}
	}
	old := good()
	s.ahead.Store(int64(16 * time.Minute))
	answer, err := p.Do(t.Context(), fieldtest.Request{Method: "GET", Path: fieldtest.PathFeed, NoProof: true, Header: http.Header{"Device-Proof": {old}}})
	if err != nil || fieldtest.Code(answer.Err()) != "nonce_required" {
		t.Fatalf("old nonce: %v %s", err, fieldtest.Code(answer.Err()))
	}
	if _, err := p.Feed(t.Context(), wire.Cursor{}, 10); err != nil {
		t.Fatalf("a phone that was away: %v", err)
	}
}

func must(proof string, err error) string {
	if err != nil {
		panic(err)
	}
	return proof
}

// TestEnrolment: a code works once, for one key; the same key may ask again and gets the same answer; a wrong, old or used code says so; an
// enrolled phone can authorise another key of its member.
func TestEnrolment(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	code, err := s.db.NewEnrolmentCode(t.Context(), p.id, s.now())
	if err != nil {
		t.Fatal(err)
	}
	link := fmt.Sprintf("%s/field/enrol#%s.%s", publicURL, code, s.keys.RootID().String())
	one, two := s.stranger(n), s.stranger(n)
	first, err := one.Enrol(t.Context(), link)
	if err != nil || first.Member != p.id {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := one.Enrol(t.Context(), link); err != nil || again.Certificate != first.Certificate {
		t.Fatalf("the same key again: %v", err)
	}
	if _, err := two.Enrol(t.Context(), link); fieldtest.Code(err) != "enrolment_code_used" {
		t.Fatalf("a used code: %v", err)
	}
	if _, err := two.Enrol(t.Context(), "0000-0000-0000"); fieldtest.Code(err) != "enrolment_code_invalid" {
		t.Fatalf("a guessed code: %v", err)
	}
	if _, err := two.Enrol(t.Context(), strings.Replace(link, s.keys.RootID().String(), p.Kid().String(), 1)); err == nil {
		t.Fatal("another root was taken")
	}
	if _, err := two.EnrolBy(t.Context(), one); err != nil || two.Joined().Member != p.id {
		t.Fatalf("by an enrolled phone: %v", err)
	}
	late, err := s.db.NewEnrolmentCode(t.Context(), p.id, s.now())
	if err != nil {
		t.Fatal(err)
	}
	s.ahead.Store(int64(11 * time.Minute))
	if _, err := s.stranger(n).Enrol(t.Context(), late); !strings.HasPrefix(fieldtest.Code(err), "enrolment_code_") {
		t.Fatalf("an old code: %v", err)
	}
	limited := false
	for range 60 {
		if _, err := two.Enrol(t.Context(), "0000-0000-0000"); fieldtest.Code(err) == "rate_limited" {
			limited = true
		}
	}
	if !limited {
		t.Fatal("guessing is not slowed down")
	}
}

// elsewhere finds what a page would load from another place than its own server, and scripts that stand in it.
var elsewhere = regexp.MustCompile(`(?:src|href)="(?:[^/"]|//)|<script(?:[^>]*>[^<]|>)`)

// TestAnswersSayNothingToOthers: security headers stand on every answer, errors included, and the log holds no id, name, query or address.
func TestAnswersSayNothingToOthers(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	caseID := s.theCase(p.id)
	entry, _ := photographed(t, p.Phone, caseID, 1000)
	if _, err := p.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/field/enrol", "/office/enrol", "/keys", "/healthz", "/readyz", "/nothing", fieldtest.PathFeed, "/ledger/v1/inclusion?index=0&size=1"} {
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: "GET", Path: path, NoProof: true, Header: http.Header{"User-Agent": {"辻󠄀"}}})
		if err != nil {
			t.Fatal(err)
		}
		h, cache := answer.Header, "no-store"
		if strings.HasSuffix(path, "/enrol") {
			cache = "no-cache" // a screen: the same for everyone, and asked for again each time
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("Strict-Transport-Security") == "" || h.Get("X-Request-Id") == "" || h.Get("Cache-Control") != cache {
			t.Errorf("%s: %v", path, h)
		}
		if strings.Contains(string(answer.Body), "http://") || strings.Contains(string(answer.Body), "https://") || elsewhere.Match(answer.Body) {
			t.Errorf("%s loads or names something elsewhere", path)
		}
	}
	n.stop()
	<-n.done
	log := s.log.String()
	if !strings.Contains(log, "/api/field/v1/records/:hash/blobs/:sha256") {
		t.Fatal("the log has no route templates")
	}
	for _, secret := range []string{entry.Hash.String(), caseID.String(), "127.0.0.1", "index=0", "辻", "髙橋", p.Kid().String(), p.id.String()} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}
