package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// phone is an enrolled phone with its journal. What it sends was made before the clock started; while it runs, it signs proofs, sends, reads
// answers and keeps the receipts, which check verifies afterwards.
type phone struct {
	*fieldtest.Phone
	*journal
	keys seal.KeySet

	mu       sync.Mutex
	receipts map[string]record.Hash // by token: the record that it must be about
	signed   map[string]blob.Ref    // by token of a blob receipt: the blob
}

// phone enrols one with a code.
func (s *site) phone(ctx context.Context, code string, connections int) (*phone, error) {
	p, err := fieldtest.New(fieldtest.Options{Server: s.url, Public: s.public, HTTP: s.traffic.client(connections), App: "tachiai-bench"})
	if err != nil {
		return nil, err
	}
	joined, err := p.Enrol(ctx, code+"."+s.root.String())
	if err != nil {
		return nil, err
	}
	set, err := seal.OpenPinnedKeySet(joined.Keys, s.root)
	if err != nil {
		return nil, err
	}
	return &phone{
		Phone: p, journal: newJournal(p.Key(), p.Kid(), joined.Member), keys: set,
		receipts: map[string]record.Hash{}, signed: map[string]blob.Ref{},
	}, nil
}

var errAnswer = errors.New("not the answer that was due")

// parcel is a push that is ready to be sent.
type parcel struct {
	body    []byte
	records []sealed
}

func wrap(records []sealed) (parcel, error) {
	body, err := pushBody(records)
	return parcel{body, records}, err
}

// push sends a parcel and keeps the receipts. Anything but acceptance without a flag is an error: it would measure something else. Only the
// conduct policy may find fault, for the hour at which the bench runs and for visits that no call came before.
func (p *phone) push(ctx context.Context, w parcel) error {
	answer, err := p.PostJSON(ctx, fieldtest.PathRecords, w.body, http.Header{"Content-Encoding": {"gzip"}})
	if err != nil {
		return err
	}
	if err := answer.Err(); err != nil {
		return fmt.Errorf("%w: %s", err, answer.Body)
	}
	taken, err := wire.ParsePushAnswer(answer.Body)
	if err != nil || len(taken.Results) != len(w.records) {
		return fmt.Errorf("%w: %d results, %v", errAnswer, len(taken.Results), err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, r := range taken.Results {
		if r.Status != wire.Accepted || slices.ContainsFunc(r.Flags, func(f record.Flag) bool { return f != record.FlagPolicy }) {
			return fmt.Errorf("%w: %s %v %s", errAnswer, r.Status, r.Flags, r.Problem)
		}
		p.receipts[r.Receipt] = w.records[i].hash
	}
	return nil
}

// put uploads a photo of a record in one request and keeps the blob receipt.
func (p *phone) put(ctx context.Context, owner record.Hash, ph *photo) error {
	return p.send(ctx, owner, ph, ph.part(0, ph.size()))
}

// send is put with a body of the caller's own making.
func (p *phone) send(ctx context.Context, owner record.Hash, ph *photo, body io.Reader) error {
	return p.signedFor(ph)(p.Do(ctx, fieldtest.Request{
		Method: http.MethodPut, Path: fieldtest.BlobPath(owner.String(), ph.digest.String()), Body: body, Length: int64(ph.size()),
		Header: http.Header{"Content-Type": {"image/jpeg"}, "Content-Digest": {blob.FormatContentDigest(ph.digest)}},
	}))
}

// signedFor keeps the blob receipt of an answer.
func (p *phone) signedFor(ph *photo) func(*fieldtest.Answer, error) error {
	return func(answer *fieldtest.Answer, err error) error {
		if err != nil {
			return err
		}
		if err := answer.Err(); err != nil {
			return err
		}
		token := answer.Header.Get("Blob-Receipt")
		if token == "" {
			return fmt.Errorf("%w: no blob receipt", errAnswer)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.signed[token] = ph.digest
		return nil
	}
}

// resumable uploads a photo by tus: creation, then PATCHes of at most chunk bytes.
func (p *phone) resumable(ctx context.Context, owner record.Hash, ph *photo, chunk int) error {
	answer, err := p.Do(ctx, fieldtest.Request{Method: http.MethodPost, Path: fieldtest.PathUploads, Header: http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.Itoa(ph.size())},
		"Upload-Metadata": {wire.UploadMetadata{Record: owner, SHA256: ph.digest.String()}.String()},
	}})
	if err == nil {
		err = answer.Err()
	}
	if err != nil {
		return err
	}
	for offset := 0; ; offset += chunk {
		size := min(chunk, ph.size()-offset)
		part, err := p.Do(ctx, fieldtest.Request{
			Method: http.MethodPatch, Path: answer.Header.Get("Location"), Body: ph.part(offset, size), Length: int64(size),
			Header: http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {"application/offset+octet-stream"}, "Upload-Offset": {strconv.Itoa(offset)}},
		})
		if offset+size == ph.size() {
			return p.signedFor(ph)(part, err)
		}
		if err == nil {
			err = part.Err()
		}
		if err != nil {
			return err
		}
	}
}

// upload sends the photos of a visit, one after the other.
func (p *phone) upload(ctx context.Context, v visit) error {
	for i, ph := range v.photos {
		if err := p.put(ctx, v.owners[i], ph); err != nil {
			return err
		}
	}
	return nil
}

// check verifies every receipt that was given, and forgets them.
func (p *phone) check() error {
	for token, hash := range p.receipts {
		if r, err := open(p.keys, token, seal.OpenReceipt); err != nil || r.Hash != hash {
			return fmt.Errorf("a receipt does not hold: %w", errors.Join(err, errAnswer))
		}
	}
	for token, digest := range p.signed {
		if r, err := open(p.keys, token, seal.OpenBlobReceipt); err != nil || r.SHA256 != digest.String() {
			return fmt.Errorf("a blob receipt does not hold: %w", errors.Join(err, errAnswer))
		}
	}
	clear(p.receipts)
	clear(p.signed)
	return nil
}

// open tries the receipt keys of a set.
func open[T any](set seal.KeySet, token string, with func(string, crypto.PublicKey) (T, error)) (receipt T, err error) {
	err = errAnswer
	for _, k := range set.Keys {
		if k.Use == seal.UseReceipt {
			if receipt, err = with(token, k.Public); err == nil {
				return receipt, nil
			}
		}
	}
	return receipt, err
}
