package fieldtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// Outbox is what has no receipt yet, in order.
func (p *Phone) Outbox() []*Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.journal), func(e *Entry) bool { return e.Receipt != "" })
}

// Push sends exactly these texts in one request and reads the answer. Receipts are neither checked nor kept: Sync does that.
func (p *Phone) Push(ctx context.Context, records ...string) (wire.PushAnswer, error) {
	body, err := p.pushBody(records)
	if err != nil {
		return wire.PushAnswer{}, err
	}
	answer, err := p.PostJSON(ctx, PathRecords, body, http.Header{"Content-Encoding": {"gzip"}})
	if err != nil {
		return wire.PushAnswer{}, err
	}
	if err := answer.is("application/json"); err != nil {
		return wire.PushAnswer{}, err
	}
	taken, err := wire.ParsePushAnswer(answer.Body)
	if err != nil {
		return taken, fmt.Errorf("%w: %w", ErrNotServer, err)
	}
	p.measure(taken.ServerTime)
	return taken, nil
}

// pushBody is the gzipped body of a push with the phone's status.
func (p *Phone) pushBody(records []string) ([]byte, error) {
	pending := 0
	for _, e := range p.Journal() {
		for _, receipt := range e.Blobs {
			if receipt == "" {
				pending++
			}
		}
	}
	plain, err := wire.Push{Records: records, Device: &wire.Status{
		Outbox: int64(len(p.Outbox())), PendingBlobs: int64(pending), Now: p.options.Now().UnixMilli(),
		Storage: wire.Storage{Usage: 1 << 20, Quota: 1 << 30, Persisted: true},
	}}.Marshal()
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	w, err := gzip.NewWriterLevel(&body, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(plain)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// Feed asks for one page of changes behind cursor.
func (p *Phone) Feed(ctx context.Context, cursor wire.Cursor, limit int) (wire.FeedAnswer, error) {
	answer, err := p.Do(ctx, Request{Method: http.MethodGet, Path: PathFeed + "?" + wire.FeedQuery{Cursor: cursor, Limit: limit}.String()})
	if err != nil {
		return wire.FeedAnswer{}, err
	}
	if err := answer.is("application/json"); err != nil {
		return wire.FeedAnswer{}, err
	}
	page, err := wire.ParseFeedAnswer(answer.Body)
	if err != nil {
		return page, fmt.Errorf("%w: %w", ErrNotServer, err)
	}
	return page, nil
}

// FeedAll follows the feed from cursor to its end.
func (p *Phone) FeedAll(ctx context.Context, cursor wire.Cursor) (changes []wire.Change, end wire.Cursor, err error) {
	for {
		page, err := p.Feed(ctx, cursor, wire.MaxChanges)
		if err != nil {
			return changes, cursor, err
		}
		changes, cursor = append(changes, page.Changes...), page.Cursor
		if !page.More {
			return changes, cursor, nil
		}
	}
}

// Summary is what one Sync did.
type Summary struct {
	Accepted, Duplicate, Quarantined int
	Blobs                            int                // uploaded, each with a checked receipt
	Missing                          []wire.MissingBlob // what the server still misses and this phone does not have
	Flags                            map[record.Hash][]record.Flag
	Standing                         wire.Standing
}

// Sync pushes the outbox in batches, checks each receipt against the pinned root, and uploads what the server misses. What was acknowledged
// before an error stays acknowledged. When the server's origin has changed, or its head has fallen behind, receipts are void and everything
// is pushed again (docs/protocol.md section 2).
func (p *Phone) Sync(ctx context.Context) (Summary, error) {
	s := Summary{Flags: map[record.Hash][]record.Flag{}}
	first := true
	for rest := p.Outbox(); first || len(rest) > 0; {
		first = false
		n := batch(rest)
		texts := make([]string, n)
		for i, e := range rest[:n] {
			texts[i] = e.Compact
		}
		answer, err := p.Push(ctx, texts...)
		if err != nil {
			return s, err
		}
		void := p.fellBehind(answer)
		if err := p.take(ctx, rest[:n], answer, &s); err != nil {
			return s, err
		}
		if rest = rest[n:]; void {
			rest = p.Outbox()
		}
		if err := p.upload(ctx, answer.MissingBlobs, &s); err != nil {
			return s, err
		}
	}
	return s, p.collect(ctx, s.Missing)
}

// collect asks for the receipts of blobs that the server has and this phone was never told of: the answer to the upload was lost.
func (p *Phone) collect(ctx context.Context, missing []wire.MissingBlob) error {
	for _, e := range p.Journal() {
		p.mu.Lock()
		acknowledged, blobs := e.Receipt != "", maps.Clone(e.Blobs)
		p.mu.Unlock()
		for sum, receipt := range blobs {
			gone := slices.ContainsFunc(missing, func(m wire.MissingBlob) bool { return m.Record == e.Hash && m.SHA256 == sum })
			if !acknowledged || receipt != "" || gone {
				continue
			}
			receipt, err := p.BlobReceipt(ctx, e.Hash.String(), sum)
			if Code(err) == "not_found" {
				continue // missing, and beyond what one answer lists
			}
			if err != nil {
				return err
			}
			if err := p.KeepBlobReceipt(ctx, e.Hash, sum, receipt); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxBatch keeps a batch below the limit of a push, with room for its envelope.
const maxBatch = wire.MaxBody - 64<<10

// batch says how many of the entries fit into one push.
func batch(entries []*Entry) int {
	size := 0
	for i, e := range entries {
		if size += len(e.Compact) + 8; i == wire.MaxRecords || size > maxBatch {
			return i
		}
	}
	return len(entries)
}

// ErrReceipt says that the server's word does not hold: nothing is acknowledged by it.
var ErrReceipt = errors.New("fieldtest: receipt does not hold")

// take checks the receipts of an answer and notes what they acknowledge.
func (p *Phone) take(ctx context.Context, sent []*Entry, answer wire.PushAnswer, s *Summary) error {
	if len(answer.Results) != len(sent) {
		return fmt.Errorf("%w: %d results for %d records", ErrNotServer, len(answer.Results), len(sent))
	}
	keys, err := p.keys(ctx, answer.Origin)
	if err != nil {
		return err
	}
	for i, result := range answer.Results {
		if result.Status == wire.Quarantined {
			s.Quarantined++
			continue
		}
		receipt, err := openReceipt(result.Receipt, keys)
		if err != nil {
			return err
		}
		if receipt.Hash != sent[i].Hash || receipt.KeyID != p.kid || receipt.Seq != sent[i].Seq || !slices.Contains(keys.Origins, receipt.Origin) {
			return fmt.Errorf("%w: it is about another record", ErrReceipt)
		}
		p.mu.Lock()
		sent[i].Receipt, sent[i].Index = result.Receipt, receipt.Index
		p.mu.Unlock()
		if len(result.Flags) > 0 {
			s.Flags[sent[i].Hash] = result.Flags
		}
		if result.Status == wire.Accepted {
			s.Accepted++
		} else {
			s.Duplicate++
		}
	}
	s.Standing = answer.Standing
	return nil
}

func openReceipt(token string, keys seal.KeySet) (seal.Receipt, error) {
	for _, k := range keys.Keys {
		if k.Use != seal.UseReceipt {
			continue
		}
		if receipt, err := seal.OpenReceipt(token, k.Public); err == nil {
			return receipt, nil
		}
	}
	return seal.Receipt{}, fmt.Errorf("%w: not signed by a receipt key of the set", ErrReceipt)
}

// fellBehind makes all receipts void when the server knows less than it once acknowledged, or is another ledger.
func (p *Phone) fellBehind(answer wire.PushAnswer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	acknowledged := int64(0)
	for _, e := range p.journal {
		if e.Receipt == "" {
			break
		}
		acknowledged = e.Seq
	}
	changed := p.joined.Origin != answer.Origin
	if !changed && answer.Heads[p.kid].Seq >= acknowledged {
		return false
	}
	p.joined.Origin = answer.Origin
	for _, e := range p.journal {
		e.Receipt, e.Index = "", -1
		for digest := range e.Blobs {
			e.Blobs[digest] = ""
		}
	}
	return true
}

// upload sends what the server misses, as far as this phone has it, and checks the receipts.
func (p *Phone) upload(ctx context.Context, missing []wire.MissingBlob, s *Summary) error {
	s.Missing = nil
	for _, m := range missing {
		data, ok := p.Blob(m.SHA256)
		if !ok {
			s.Missing = append(s.Missing, m)
			continue
		}
		receipt, err := p.PutBlob(ctx, m.Record.String(), data)
		if err != nil {
			return err
		}
		if err := p.KeepBlobReceipt(ctx, m.Record, m.SHA256, receipt); err != nil {
			return err
		}
		s.Blobs++
	}
	return nil
}

// KeepBlobReceipt checks a blob receipt and notes it.
func (p *Phone) KeepBlobReceipt(ctx context.Context, hash record.Hash, sha256, token string) error {
	keys, err := p.keys(ctx, "")
	if err != nil {
		return err
	}
	for _, k := range keys.Keys {
		if k.Use != seal.UseReceipt {
			continue
		}
		receipt, err := seal.OpenBlobReceipt(token, k.Public)
		if err != nil {
			continue
		}
		if receipt.Record != hash || receipt.SHA256 != sha256 {
			return fmt.Errorf("%w: it is about another blob", ErrReceipt)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if e := p.byHash[hash.String()]; e != nil {
			e.Blobs[sha256] = token
		}
		return nil
	}
	return fmt.Errorf("%w: not signed by a receipt key of the set", ErrReceipt)
}

// blobContent is the field of a photo.
func blobContent(ph Photo, digest string) seal.Content {
	var of any
	if ph.Of != "" {
		of = ph.Of
	}
	return seal.Content{Name: record.BlobPrefix + ph.ID, Value: map[string]any{
		"sha256": digest, "size": len(ph.Bytes), "type": ph.Type, "of": of,
	}}
}

// adopt takes a record of the own key into the journal in memory.
func (p *Phone) adopt(r *record.Record, compact string) {
	e := &Entry{Record: r, Compact: compact, Index: -1, Blobs: map[string]string{}}
	for _, b := range r.BlobFields() {
		e.Blobs[b.SHA256] = ""
	}
	p.journal = append(p.journal, e)
	p.byHash[r.Hash.String()] = e
}
