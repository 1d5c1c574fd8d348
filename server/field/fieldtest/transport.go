package fieldtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"tachiai/sync/seal"
)

// The paths of the phone's API.
const (
	PathEnrol   = "/api/field/v1/enrol"
	PathRecords = "/api/field/v1/records"
	PathFeed    = "/api/field/v1/feed"
	PathUploads = "/api/field/v1/uploads"
)

// maxAnswer bounds what a phone reads of one answer: a feed of 500 whole cases fits.
const maxAnswer = 64 << 20

// Request is one request as a test may want to shape it.
type Request struct {
	Method, Path string // Path may have a query
	Body         io.Reader
	Length       int64 // of Body; -1 unknown, 0 with a Body: found out for byte readers
	Header       http.Header
	NoProof      bool
}

// Answer is a whole answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Problem is an answer of the server that is not 2xx, in the form of docs/protocol.md section 9.
type Problem struct {
	Status       int    `json:"status"`
	Code         string `json:"code"`
	Title        string `json:"title"`
	Retryable    bool   `json:"retryable"`
	RetryAfterMS int64  `json:"retry_after_ms"`
	Errors       []struct {
		Pointer string `json:"pointer"`
		Code    string `json:"code"`
	} `json:"errors"`
	Header http.Header `json:"-"`
}

func (p *Problem) Error() string { return fmt.Sprintf("server says %d %s", p.Status, p.Code) }

// Code is the code of the Problem in err, "" when there is none.
func Code(err error) string {
	var problem *Problem
	if errors.As(err, &problem) {
		return problem.Code
	}
	return ""
}

// ErrNotServer says that what answered does not speak the protocol: a captive portal, a proxy. It is never taken for an acknowledgement.
var ErrNotServer = errors.New("fieldtest: the answer is not the server's")

// fetchNonce asks for a nonce with a request that has no body to lose.
func (p *Phone) fetchNonce(ctx context.Context) error {
	_, err := p.once(ctx, Request{Method: http.MethodOptions, Path: PathUploads, NoProof: true})
	return err
}

// Do sends one request with a proof of the phone's key. When the server wants a fresh nonce, and the body can be read again, it repeats at
// once, as the protocol says. An answer of any status is returned; err is for the network.
func (p *Phone) Do(ctx context.Context, r Request) (*Answer, error) {
	again, seekable := r.Body.(io.Seeker)
	if r.Body != nil && !seekable && !r.NoProof && p.lastNonce() == "" {
		if err := p.fetchNonce(ctx); err != nil {
			return nil, err
		}
	}
	answer, err := p.once(ctx, r)
	if err != nil || answer.Status != http.StatusUnauthorized || r.NoProof || (r.Body != nil && !seekable) {
		return answer, err
	}
	if problem := answer.problem(); problem == nil || problem.Code != "nonce_required" {
		return answer, nil
	}
	if seekable {
		if _, err := again.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
	}
	return p.once(ctx, r)
}

// Proof makes the header Device-Proof for one request, with the newest nonce.
func (p *Phone) Proof(method, path string) (string, error) {
	_, public := p.addresses()
	path, _, _ = strings.Cut(path, "?")
	return seal.SignProof(p.key, method, public+path, p.lastNonce())
}

func (p *Phone) once(ctx context.Context, r Request) (*Answer, error) {
	server, _ := p.addresses()
	request, err := http.NewRequestWithContext(ctx, r.Method, server+r.Path, r.Body)
	if err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		request.Header[name] = values
	}
	if r.Length != 0 {
		request.ContentLength = r.Length
	}
	if !r.NoProof {
		proof, err := p.Proof(r.Method, r.Path)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Device-Proof", proof)
	}
	response, err := p.options.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if nonce := response.Header.Get("Device-Nonce"); nonce != "" {
		p.keepNonce(nonce)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	return &Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// problem reads the answer as a problem; nil when it is none.
func (a *Answer) problem() *Problem {
	var problem Problem
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") || json.Unmarshal(a.Body, &problem) != nil {
		return nil //nolint:nilerr // an answer that is no problem is not a failure
	}
	problem.Status, problem.Header = a.Status, a.Header
	return &problem
}

// Err is nil for 2xx, a *Problem when the server explains itself, and otherwise an error with the bare status.
func (a *Answer) Err() error {
	if a.Status/100 == 2 {
		return nil
	}
	if problem := a.problem(); problem != nil {
		return problem
	}
	return &Problem{Status: a.Status, Header: a.Header}
}

// is checks that an answer is 2xx and of the media type. A captive portal's page is neither.
func (a *Answer) is(media string) error {
	if err := a.Err(); err != nil {
		return err
	}
	if got, _, err := mime.ParseMediaType(a.Header.Get("Content-Type")); err != nil || got != media {
		return fmt.Errorf("%w: %q", ErrNotServer, a.Header.Get("Content-Type"))
	}
	return nil
}

// PostJSON posts body, gzipped or not as the header says.
func (p *Phone) PostJSON(ctx context.Context, path string, body []byte, header http.Header) (*Answer, error) {
	h := http.Header{"Content-Type": {"application/json"}}
	for name, values := range header {
		h[name] = values
	}
	return p.Do(ctx, Request{Method: http.MethodPost, Path: path, Body: bytes.NewReader(body), Header: h})
}

// Get fetches path.
func (p *Phone) Get(ctx context.Context, path string, query url.Values) (*Answer, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return p.Do(ctx, Request{Method: http.MethodGet, Path: path})
}
