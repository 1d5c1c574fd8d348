package clienttest

import (
	"context"
	"net/http"
)

// The path of the recipient's API.
const client = "/api/client/v1"

// Recipient has opened a link.
type Recipient struct {
	Line
	Letter *Letter
}

// Open shows a link and a passcode.
func Open(ctx context.Context, server string, http *http.Client, link, passcode string) (Recipient, error) {
	r := Recipient{Line: Line{Server: server, HTTP: http}, Letter: &Letter{}}
	if err := r.Do(ctx, "open", map[string]string{"link": link, "passcode": passcode}, r.Letter); err != nil {
		return r, err
	}
	r.As(r.Letter.Token)
	return r, nil
}

// Do posts to the recipient's API.
func (r Recipient) Do(ctx context.Context, path string, body, into any) error {
	return r.Call(ctx, http.MethodPost, client+"/"+path, body, into)
}

// File reads bytes: "document" or "photos/<sha256>".
func (r Recipient) File(ctx context.Context, path string) ([]byte, error) {
	return r.Ask(ctx, http.MethodGet, client+"/"+path, nil)
}

// As lets the recipient ask with another token.
func (r *Recipient) As(token string) { r.name, r.secret = "Authorization", "Bearer "+token }
