package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"tachiai/pwa"
	"tachiai/server/problem"
)

// build is a small build: pages, a script in three encodings, a picture in one, and what a build leaves beside.
func build(t *testing.T) fstest.MapFS {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, script); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"field.html": file("<!doctype html>field"), "office.html": file("<!doctype html>office"), "client.html": file("<!doctype html>client"),
		"assets/a-1.js": file(script), "assets/a-1.js.gz": {Data: packed.Bytes()}, "assets/a-1.js.br": file("br"),
		"assets/a-1.css": file("a{}"), "assets/a-1.css.gz": file("longer than what it packs"),
		"field/sw.js": file("sw"), "field/icon.png": file("png"), "field/manifest.webmanifest": file("{}"),
		".placeholder": file("x"), "assets/.hidden": file("x"),
	}
}

var script = strings.Repeat("export {};", 40)

// serving is a server of nothing but screens, behind the headers that every answer has.
func serving(t *testing.T, files fstest.MapFS) http.Handler {
	t.Helper()
	built, err := readScreens(files)
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.HTTPErrorHandler = problem.Handler(slog.New(slog.DiscardHandler))
	e.Use(guarding(true))
	built.mount(e, servePage(unbuiltPage, http.StatusServiceUnavailable, "v"))
	return e
}

func ask(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestScreens: which address gives what, how long it may be kept, and under which policy it runs.
func TestScreens(t *testing.T) {
	h := serving(t, build(t))
	for _, test := range []struct {
		target, body string
		status       int
		cache, kind  string
		policy       string
	}{
		{"/field/", "<!doctype html>field", 200, askAgain, "text/html; charset=utf-8", fieldCSP},
		{"/field/case/0190c5f6/visit", "<!doctype html>field", 200, askAgain, "text/html; charset=utf-8", fieldCSP},
		{"/office/", "<!doctype html>office", 200, askAgain, "text/html; charset=utf-8", officeCSP},
		{"/office/enrol", "<!doctype html>office", 200, askAgain, "text/html; charset=utf-8", officeCSP},
		{"/d/a.b.c", "<!doctype html>client", 200, askAgain, "text/html; charset=utf-8", clientCSP},
		{"/d/", "<!doctype html>client", 200, askAgain, "text/html; charset=utf-8", clientCSP},
		{"/k", "<!doctype html>client", 200, askAgain, "text/html; charset=utf-8", clientCSP},
		{"/assets/a-1.js", script, 200, forever, "text/javascript; charset=utf-8", scriptCSP},
		{"/assets/a-1.css", "a{}", 200, forever, "text/css; charset=utf-8", apiCSP},
		{"/field/sw.js", "sw", 200, askAgain, "text/javascript; charset=utf-8", scriptCSP},
		{"/field/icon.png", "png", 200, askAgain, "image/png", apiCSP},
		{"/field/manifest.webmanifest", "{}", 200, askAgain, "application/manifest+json", apiCSP},
		{"/field", "", 308, "no-store", "", apiCSP},
		{"/office", "", 308, "no-store", "", apiCSP},
		{"/assets/", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/assets/a-2.js", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/assets/a-1.js.gz", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/assets/.hidden", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/assets/../field.html", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/assets/%2e%2e/field.html", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/field/field.html", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/field/.placeholder", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/field/old.png", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/office/sw.js", "", 404, "no-store", problem.ContentType, apiCSP},
		{"/field.html", "", 404, "no-store", problem.ContentType, apiCSP},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			w := ask(h, method, test.target)
			header := w.Header()
			if w.Code != test.status || header.Get("Cache-Control") != test.cache || header.Get("Content-Security-Policy") != test.policy ||
				(test.kind != "" && header.Get("Content-Type") != test.kind && method == "GET") {
				t.Errorf("%s %s: %d %v", method, test.target, w.Code, header)
			}
			if body := w.Body.String(); method == "HEAD" && body != "" || method == "GET" && test.status == 200 && body != test.body {
				t.Errorf("%s %s: body %q", method, test.target, body)
			}
			if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("X-Robots-Tag") != "noindex" || header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s %s: %v", method, test.target, header)
			}
		}
	}
	if w := ask(h, "POST", "/field/"); w.Code != 405 {
		t.Errorf("POST of a page: %d", w.Code)
	}
	if to := ask(h, "GET", "/field").Header().Get("Location"); to != "/field/" {
		t.Errorf("/field leads to %q", to)
	}
}

// TestScreenPolicies: no page lets anything in from elsewhere, inline, or from text.
func TestScreenPolicies(t *testing.T) {
	for name, policy := range pagePolicies {
		for _, must := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types "} {
			if !strings.Contains(policy, must) {
				t.Errorf("%s: lacks %s", name, must)
			}
		}
		for _, never := range []string{"unsafe", "http", "data:", "*", "allow-duplicates"} {
			if strings.Contains(policy, never) {
				t.Errorf("%s: has %s", name, never)
			}
		}
	}
}

// TestScreenEncodings: the smallest that the browser takes; each has a tag of its own, and a form that is not smaller is not sent.
func TestScreenEncodings(t *testing.T) {
	h := serving(t, build(t))
	tags := map[string]string{}
	for accepted, want := range map[string]string{
		"": "", "br": "br", "gzip, deflate, br;q=1.0": "br", "gzip": "gzip", "gzip;q=0.5, br;q=0": "gzip", "br; q=0.000, gzip; q=0": "", "identity": "",
		"GZIP": "gzip", "x-br": "",
	} {
		w := ask(h, "GET", "/assets/a-1.js", "Accept-Encoding", accepted)
		if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %q, want %q; Vary %q", accepted, got, want, w.Header().Get("Vary"))
		}
		tags[want] = w.Header().Get("ETag")
		again := ask(h, "GET", "/assets/a-1.js", "Accept-Encoding", accepted, "If-None-Match", `"x", W/`+w.Header().Get("ETag"))
		if again.Code != 304 || again.Body.Len() != 0 || again.Header().Get("Content-Encoding") != "" || again.Header().Get("ETag") != w.Header().Get("ETag") {
			t.Errorf("%q again: %d %v", accepted, again.Code, again.Header())
		}
		if other := ask(h, "GET", "/assets/a-1.js", "Accept-Encoding", accepted, "If-None-Match", `"x"`); other.Code != 200 {
			t.Errorf("%q with another tag: %d", accepted, other.Code)
		}
	}
	if len(tags) != 3 || tags[""] == tags["br"] || tags["br"] == tags["gzip"] {
		t.Errorf("tags %v", tags)
	}
	w := ask(h, "GET", "/assets/a-1.js", "Accept-Encoding", "gzip")
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != script {
		t.Errorf("unpacked %d bytes, %v", len(got), err)
	}
	if w := ask(h, "GET", "/assets/a-1.css", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" || w.Body.String() != "a{}" {
		t.Errorf("a larger form was sent: %v", w.Header())
	}
}

// TestNoScreens: a program without its screens says so where they would be, and its files are not there.
func TestNoScreens(t *testing.T) {
	h := serving(t, fstest.MapFS{".placeholder": {Data: []byte("x")}})
	for _, target := range []string{"/field/", "/office/enrol", "/d/a.b.c", "/k"} {
		w := ask(h, "GET", target)
		if w.Code != 503 || !strings.Contains(w.Body.String(), "make build") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := ask(h, "GET", "/assets/a-1.js"); w.Code != 404 {
		t.Errorf("a script: %d", w.Code)
	}
	if _, err := readScreens(fstest.MapFS{"assets/a.exe": {Data: []byte("x")}}); err == nil {
		t.Error("a file of an unknown kind was taken")
	}
}

// TestBuiltScreens looks at the build that is compiled in: each page asks for files that are there, and for nothing of another site.
func TestBuiltScreens(t *testing.T) {
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	built, err := readScreens(pwa.Files())
	if err != nil {
		t.Fatal(err)
	}
	budgets := map[string]int{"field.html": 70 << 10, "office.html": 120 << 10, "client.html": 40 << 10} // scripts that a page waits for, in bytes of gzip
	for name := range pagePolicies {
		page := built[name]
		if page == nil || page.br == nil || page.gzip == nil {
			t.Fatalf("%s is missing, or not packed", name)
		}
		html := string(page.plain)
		asked, weight := 0, 0
		for _, attribute := range []string{`src="`, `href="`} {
			for part := range strings.SplitSeq(html, attribute) {
				address, _, found := strings.Cut(part, `"`)
				if !found || !strings.HasPrefix(address, "/") {
					continue
				}
				asked++
				file := built[strings.TrimPrefix(address, "/")]
				if file == nil {
					t.Errorf("%s asks for %s, which is not there", name, address)
				} else if strings.HasSuffix(address, ".js") {
					weight += len(file.gzip)
				}
			}
		}
		if weight == 0 || weight > budgets[name] {
			t.Errorf("%s waits for %d bytes of scripts, want at most %d", name, weight, budgets[name])
		}
		if asked < 3 || strings.Contains(html, "://") || strings.Contains(html, "<style") || strings.Contains(html, "style=") || strings.Contains(html, "<script>") {
			t.Errorf("%s asks for %d files:\n%s", name, asked, html)
		}
	}
	worker := built["field/sw.js"]
	if worker == nil || !bytes.Contains(worker.plain, []byte("/field/")) {
		t.Error("no service worker")
	}
}
