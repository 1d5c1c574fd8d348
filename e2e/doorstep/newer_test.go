package doorstep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"tachiai/pwa"
)

// newerMark is what the newer version has in its page.
const newerMark = `<meta name="test-version" content="newer"></head>`

// workerName finds the twelve digits by which a worker names its cache.
var workerName = regexp.MustCompile(`\b[0-9a-f]{12}\b`)

// renew has the house serve a newer version of the field app from now on: a page with a mark in it, and the worker that lists that page. All else is
// the house's own, which answers through a proxy.
func (h *home) renew(context.Context, *http.Request) (any, error) {
	page, err := fs.ReadFile(pwa.Files(), "field.html")
	if err != nil {
		return nil, err
	}
	marked := strings.Replace(string(page), "</head>", newerMark, 1)
	if marked == string(page) {
		return nil, errors.New("the page has no head")
	}
	house := &url.URL{Scheme: "http", Host: h.Address}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(house)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			isPage := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html")
			if !isPage && r.Request.URL.Path != "/field/sw.js" {
				return nil
			}
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			if isPage {
				text = bytes.Replace(text, page, []byte(marked), 1)
			} else {
				renewed := strings.ReplaceAll(string(text), integrity(string(page)), integrity(marked))
				name := workerName.FindString(renewed)
				text = []byte(strings.ReplaceAll(renewed, name, "newer"+name[5:]))
			}
			r.Body = io.NopCloser(bytes.NewReader(text))
			r.ContentLength = int64(len(text))
			r.Header.Set("Content-Length", strconv.Itoa(len(text)))
			r.Header.Del("ETag")
			return nil
		},
	})
	h.t.Cleanup(proxy.Close)
	h.line.Lead(proxy.Listener.Addr().String())
	return nil, nil
}

func integrity(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
