// Package clienttest plays the people at the other end: members of the office at their desks, and whoever receives a disclosure. Tests and the demo
// prepare, approve, link, open and verify with it, over real HTTP, against a real server. Verify judges a letter with sync/ alone, as the link page
// does in the reader's browser.
package clienttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Problem is an answer that is not 2xx (docs/protocol.md section 9).
type Problem struct {
	Status       int    `json:"status"`
	Code         string `json:"code"`
	RetryAfterMS int64  `json:"retry_after_ms"`

	Body   []byte      `json:"-"`
	Header http.Header `json:"-"`
}

func (p *Problem) Error() string { return fmt.Sprintf("server says %d %s", p.Status, p.Code) }

// Line is how somebody reaches a server: one header that says who he is.
type Line struct {
	Server       string // base URL
	HTTP         *http.Client
	name, secret string // of that header
}

// Call makes one request and reads the answer into a value; nil reads nothing. Anything but 2xx is a *Problem.
func (l Line) Call(ctx context.Context, method, path string, body, into any) error {
	answer, err := l.Ask(ctx, method, path, body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// Ask is Call for bytes.
func (l Line) Ask(ctx context.Context, method, path string, body any) ([]byte, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, l.Server+path, content)
	if err != nil {
		return nil, err
	}
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/json")
	}
	if l.name != "" {
		request.Header.Set(l.name, l.secret)
	}
	response, err := l.client().Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		problem := &Problem{Status: response.StatusCode, Body: answer, Header: response.Header}
		_ = json.Unmarshal(answer, problem) // what is none has no code
		return nil, problem
	}
	return answer, nil
}

func (l Line) client() *http.Client {
	if l.HTTP != nil {
		return l.HTTP
	}
	return http.DefaultClient
}

// Desk is a member of the office with a session.
type Desk struct{ Line }

// The path of the office's API.
const office = "/api/office/v1"

// SignIn exchanges a one-time code for a session. The cookie is carried by hand: a jar keeps those of https from a test's plain server.
func SignIn(ctx context.Context, server string, client *http.Client, code string) (Desk, error) {
	d := Desk{Line{Server: server, HTTP: client}}
	text, err := json.Marshal(map[string]string{"code": code})
	if err != nil {
		return d, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server+office+"/session", bytes.NewReader(text))
	if err != nil {
		return d, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := d.client().Do(request)
	if err != nil {
		return d, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || len(response.Cookies()) != 1 {
		return d, &Problem{Status: response.StatusCode}
	}
	cookie := response.Cookies()[0]
	d.name, d.secret = "Cookie", cookie.Name+"="+cookie.Value
	return d, nil
}

// Do posts to the office's API.
func (d Desk) Do(ctx context.Context, path string, body, into any) error {
	if body == nil {
		body = struct{}{}
	}
	return d.Call(ctx, http.MethodPost, office+"/"+path, body, into)
}

// Get reads from the office's API.
func (d Desk) Get(ctx context.Context, path string, into any) error {
	return d.Call(ctx, http.MethodGet, office+"/"+path, nil, into)
}

// File reads bytes from the office's API.
func (d Desk) File(ctx context.Context, path string) ([]byte, error) {
	return d.Ask(ctx, http.MethodGet, office+"/"+path, nil)
}

// Issued is what the office tells a recipient by two channels.
type Issued struct {
	Link      string `json:"link"`
	Passcode  string `json:"passcode"`
	ExpiresAt int64  `json:"expires_at"`
}

// Token is the signed part of the link.
func (i Issued) Token() string { return i.Link[strings.LastIndexByte(i.Link, '/')+1:] }
