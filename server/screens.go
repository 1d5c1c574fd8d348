package server

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
)

// The policies of the screens. Nothing comes from another site, nothing is inline, and no text ever becomes script: the one policy of Trusted
// Types makes the address of the service worker. A script's own policy binds it when it runs as a worker.
const (
	screenCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; " +
		"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
	fieldCSP  = screenCSP + "media-src blob:; worker-src 'self'; manifest-src 'self'; trusted-types tachiai"
	officeCSP = screenCSP + "worker-src 'self'; trusted-types tachiai"
	clientCSP = screenCSP + "trusted-types 'none'"
	scriptCSP = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// A file with a hash of its content in its name never changes; everything else is asked for again each time, and costs a 304.
const (
	forever  = "public, max-age=31536000, immutable"
	askAgain = "no-cache"
)

// screens are the files of the PWA's build, held in memory with what is said about each.
type screens map[string]*screen

// screen is one file in its encodings; gzip and br are empty where they would not be smaller.
type screen struct {
	plain, gzip, br []byte
	kind            string // media type
	tag             string // of the plain content, without quotes
	cache, csp      string
}

var screenKinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json", ".json": "application/json",
	".woff2": "font/woff2", ".wasm": "application/wasm",
}

var pagePolicies = map[string]string{"field.html": fieldCSP, "office.html": officeCSP, "client.html": clientCSP}

// readScreens reads a build. A file of a kind that is not known here is a fault of the build; hidden files are none of it.
func readScreens(build fs.FS) (screens, error) {
	all := screens{}
	err := fs.WalkDir(build, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || ext == ".gz" || ext == ".br" {
			return err
		}
		kind := screenKinds[ext]
		if kind == "" {
			return fmt.Errorf("server: %s is of no kind that a screen is made of", name)
		}
		plain, err := fs.ReadFile(build, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(plain)
		one := &screen{plain: plain, kind: kind, tag: base64.RawURLEncoding.EncodeToString(sum[:12]), cache: askAgain, csp: apiCSP}
		if one.gzip, err = smaller(build, name+".gz", plain); err != nil {
			return err
		}
		if one.br, err = smaller(build, name+".br", plain); err != nil {
			return err
		}
		if strings.HasPrefix(name, "assets/") {
			one.cache = forever
		}
		if ext == ".js" {
			one.csp = scriptCSP
		}
		if csp, isPage := pagePolicies[name]; isPage {
			one.csp = csp
		}
		all[name] = one
		return nil
	})
	return all, err
}

// smaller reads the compressed form of a file; none is no fault.
func smaller(build fs.FS, name string, plain []byte) ([]byte, error) {
	if _, err := fs.Stat(build, name); err != nil {
		return nil, nil //nolint:nilerr // it is not there
	}
	packed, err := fs.ReadFile(build, name)
	if err != nil || len(packed) >= len(plain) {
		return nil, err
	}
	return packed, nil
}

// mount answers the addresses of the three realms. Where a page is missing from the build, unbuilt answers in its place.
func (s screens) mount(e *echo.Echo, unbuilt echo.HandlerFunc) {
	get := func(route string, h echo.HandlerFunc) { e.Match([]string{http.MethodGet, http.MethodHead}, route, h) }
	field, office, client := s.page("field.html", unbuilt), s.page("office.html", unbuilt), s.page("client.html", unbuilt)
	for realm, page := range map[string]echo.HandlerFunc{"field": field, "office": office} {
		get("/"+realm, func(c echo.Context) error { return c.Redirect(http.StatusPermanentRedirect, "/"+realm+"/") })
		get("/"+realm+"/*", s.realm(realm, page))
	}
	get("/d/*", client) // whatever the link is: the page is the same for all
	get("/k", client)
	get("/assets/*", s.realm("assets", notThere))
}

// page answers with one page of the build.
func (s screens) page(name string, unbuilt echo.HandlerFunc) echo.HandlerFunc {
	if one := s[name]; one != nil {
		return one.serve
	}
	return unbuilt
}

// realm answers with the files below a directory; an address that is no file's is a place within the page.
func (s screens) realm(directory string, page echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := strings.TrimPrefix(c.Request().URL.Path, "/")
		if one := s[name]; one != nil && strings.HasPrefix(name, directory+"/") {
			return one.serve(c)
		}
		if strings.Contains(path.Base(name), ".") {
			return notThere(c)
		}
		return page(c)
	}
}

func notThere(echo.Context) error { return problem.New(problem.NotFound) }

// serve answers with a file, in the smallest encoding that the browser takes.
func (f *screen) serve(c echo.Context) error {
	h, request := c.Response().Header(), c.Request()
	body, encoding := f.plain, ""
	switch accepted := request.Header.Get(echo.HeaderAcceptEncoding); {
	case f.br != nil && takes(accepted, "br"):
		body, encoding = f.br, "br"
	case f.gzip != nil && takes(accepted, "gzip"):
		body, encoding = f.gzip, "gzip"
	}
	tag := `"` + f.tag + `"`
	if encoding != "" {
		tag = `"` + f.tag + "-" + encoding + `"`
	}
	h.Set(echo.HeaderContentSecurityPolicy, f.csp)
	h.Set(echo.HeaderCacheControl, f.cache)
	h.Set("ETag", tag)
	if f.br != nil || f.gzip != nil {
		h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	}
	if matches(request.Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	if encoding != "" {
		h.Set(echo.HeaderContentEncoding, encoding)
	}
	h.Set(echo.HeaderContentType, f.kind)
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	if request.Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	return c.Blob(http.StatusOK, f.kind, body)
}

// takes reports whether an Accept-Encoding names an encoding and does not refuse it (q=0).
func takes(accepted, encoding string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		weight = strings.ReplaceAll(strings.ToLower(weight), " ", "")
		return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || !strings.HasPrefix(weight, "q=")
	}
	return false
}

// matches reports whether an If-None-Match names a tag; how strongly does not matter for a GET (RFC 9110 section 13.1.2).
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}
