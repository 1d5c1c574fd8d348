package fieldtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// ErrCut is the end of a body that a test cut off.
var ErrCut = errors.New("fieldtest: cut")

// PutBlob sends one blob of a record in one request and returns the blob receipt. hash names the record: its base64url hash, or the hex
// SHA-256 of the pushed text of a quarantined record.
func (p *Phone) PutBlob(ctx context.Context, hash string, data []byte) (receipt string, err error) {
	answer, err := p.Do(ctx, PutRequest(hash, data))
	if err != nil {
		return "", err
	}
	return answer.Header.Get("Blob-Receipt"), answer.Err()
}

// PutRequest is the request of PutBlob, for a test to spoil.
func PutRequest(hash string, data []byte) Request {
	ref := blob.Of(data)
	return Request{
		Method: http.MethodPut,
		Path:   BlobPath(hash, ref.String()),
		Body:   bytes.NewReader(data),
		Header: http.Header{
			"Content-Type":   {"application/octet-stream"},
			"Content-Digest": {blob.FormatContentDigest(ref)},
		},
	}
}

// BlobPath is where the blob of a record lives.
func BlobPath(hash, sha256 string) string { return PathRecords + "/" + hash + "/blobs/" + sha256 }

// BlobReceipt asks for the receipt of a stored blob.
func (p *Phone) BlobReceipt(ctx context.Context, hash, sha256 string) (string, error) {
	answer, err := p.Get(ctx, BlobPath(hash, sha256)+"/receipt", nil)
	if err != nil {
		return "", err
	}
	if err := answer.Err(); err != nil {
		return "", err
	}
	return answer.Header.Get("Blob-Receipt"), nil
}

// Upload is one tus upload, as the server last told it.
type Upload struct {
	Path    string
	Offset  int64
	Length  int64
	Receipt string // the blob receipt, once the upload is finished
}

// Done says that the server has signed for the blob.
func (u *Upload) Done() bool { return u.Receipt != "" }

// CreateUpload opens a tus upload for data; with first > 0 that many bytes go along in the same request.
func (p *Phone) CreateUpload(ctx context.Context, hash string, data []byte, first int64) (*Upload, error) {
	meta := wire.UploadMetadata{SHA256: blob.Of(data).String()}
	var err error
	if digest, hexErr := blob.ParseRef(hash); hexErr == nil {
		meta.Record = record.Hash(digest)
	} else if meta.Record, err = record.ParseHash(hash); err != nil {
		return nil, err
	}
	r := Request{Method: http.MethodPost, Path: PathUploads, Header: http.Header{
		"Tus-Resumable":   {"1.0.0"},
		"Upload-Length":   {strconv.Itoa(len(data))},
		"Upload-Metadata": {meta.String()},
	}}
	if first > 0 {
		r.Body = bytes.NewReader(data[:first])
		r.Header.Set("Content-Type", "application/offset+octet-stream")
	}
	answer, err := p.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := answer.Err(); err != nil {
		return nil, err
	}
	u := &Upload{Path: answer.Header.Get("Location"), Length: int64(len(data))}
	return u, u.learn(answer)
}

// learn takes offset and receipt from an answer.
func (u *Upload) learn(answer *Answer) error {
	if text := answer.Header.Get("Upload-Offset"); text != "" {
		offset, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: Upload-Offset %q", ErrNotServer, text)
		}
		u.Offset = offset
	}
	if receipt := answer.Header.Get("Blob-Receipt"); receipt != "" {
		u.Receipt = receipt
	}
	return answer.Err()
}

// Ask learns offset and receipt by HEAD.
func (p *Phone) Ask(ctx context.Context, u *Upload) error {
	answer, err := p.Do(ctx, Request{Method: http.MethodHead, Path: u.Path, Header: http.Header{"Tus-Resumable": {"1.0.0"}}})
	if err != nil {
		return err
	}
	return u.learn(answer)
}

// Patch sends chunk at the known offset. With 0 ≤ cut < len(chunk) the connection breaks after cut bytes (ErrCut) although all were
// announced; pass -1 for an unharmed request.
func (p *Phone) Patch(ctx context.Context, u *Upload, chunk []byte, cut int) error {
	answer, err := p.Do(ctx, PatchRequest(u, chunk, cut))
	if err != nil {
		return err
	}
	return u.learn(answer)
}

// PatchRequest is the request of Patch, for a test to spoil.
func PatchRequest(u *Upload, chunk []byte, cut int) Request {
	r := Request{Method: http.MethodPatch, Path: u.Path, Body: bytes.NewReader(chunk), Header: http.Header{
		"Tus-Resumable": {"1.0.0"},
		"Content-Type":  {"application/offset+octet-stream"},
		"Upload-Offset": {strconv.FormatInt(u.Offset, 10)},
	}}
	if cut >= 0 && cut < len(chunk) {
		r.Body, r.Length = io.MultiReader(bytes.NewReader(chunk[:cut]), cutReader{}), int64(len(chunk))
	}
	return r
}

// cutReader breaks the request in which it is read.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, ErrCut }

// Finish sends what is missing of data in chunks of at most size bytes (0 = all at once), asking for the offset first and after each failure,
// until the server has signed or ctx is done.
func (p *Phone) Finish(ctx context.Context, u *Upload, data []byte, size int) error {
	if err := p.Ask(ctx, u); err != nil {
		return err
	}
	for !u.Done() {
		rest := data[u.Offset:]
		if size > 0 && len(rest) > size {
			rest = rest[:size]
		}
		if err := p.Patch(ctx, u, rest, -1); err != nil && (Code(err) != "offset_mismatch" || ctx.Err() != nil) {
			return err
		}
	}
	return nil
}

// Terminate gives an upload up.
func (p *Phone) Terminate(ctx context.Context, u *Upload) error {
	answer, err := p.Do(ctx, Request{Method: http.MethodDelete, Path: u.Path, Header: http.Header{"Tus-Resumable": {"1.0.0"}}})
	if err != nil {
		return err
	}
	return answer.Err()
}
