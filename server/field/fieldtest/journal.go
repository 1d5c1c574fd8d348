package fieldtest

import (
	"fmt"
	"slices"

	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Draft is what happened, before it is sealed.
type Draft struct {
	Kind        record.Kind
	Case, Visit record.ID
	Fields      []seal.Content
	Photos      []Photo
	Amends      record.Hash
	Policy      string // "" = the phone's built-in policy version
}

// Photo is one blob of a draft. Its bytes are sealed by their digest and kept for the upload.
type Photo struct {
	ID, Role string
	Type     string // media type
	Of       string // id of the original that it is a preview of, "" = it is an original
	Bytes    []byte
}

// Entry is one sealed record in the phone's journal.
type Entry struct {
	*record.Record
	Compact string
	Receipt string            // the server's, once Sync checked it
	Index   int64             // in the ledger, once received
	Blobs   map[string]string // hex SHA-256 → blob receipt ("" = not yet signed for)
}

// Seal writes what happens into the journal, now, by the phone's own clock. Nothing is sent.
func (p *Phone) Seal(d Draft) (*Entry, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	head := record.Genesis(p.kid)
	if n := len(p.journal); n > 0 {
		head = record.Head{Seq: p.journal[n-1].Seq, Hash: p.journal[n-1].Hash}
	}
	now := p.options.Now()
	s := record.Structure{
		V: record.Version, ID: record.NewID(now, p.options.Random), Seq: head.Seq + 1, Prev: head.Hash, Kind: d.Kind, Case: d.Case, Visit: d.Visit,
		At: now.UnixMilli(), TZ: p.options.TZ, Boot: p.boot, Mono: now.Sub(p.started).Milliseconds(),
		Actor: p.joined.Member, App: p.options.App, Policy: d.Policy, Amends: d.Amends,
	}
	if s.Policy == "" {
		s.Policy = "builtin-1"
	}
	if p.clock != nil {
		s.Clock = &record.Clock{OffsetMS: p.clock.OffsetMS, AgeMS: now.Sub(p.measured).Milliseconds()}
	}
	fields := slices.Clone(d.Fields)
	blobs := map[string]string{}
	for _, ph := range d.Photos {
		digest := blob.Of(ph.Bytes).String()
		s.Blobs = append(s.Blobs, record.BlobSlot{ID: ph.ID, Role: ph.Role})
		fields = append(fields, blobContent(ph, digest))
		if err := p.keepPhoto(digest, ph.Bytes); err != nil {
			return nil, err
		}
		blobs[digest] = ""
	}
	compact, r, err := seal.Seal(s, fields, p.key, p.options.Random)
	if err != nil {
		return nil, fmt.Errorf("fieldtest: %w", err)
	}
	e := &Entry{Record: r, Compact: compact, Index: -1, Blobs: blobs}
	if err := p.keepEntry(e); err != nil {
		return nil, err
	}
	p.journal = append(p.journal, e)
	p.byHash[r.Hash.String()] = e
	return e, nil
}

// Journal is everything that the phone has sealed, in order.
func (p *Phone) Journal() []*Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.journal)
}

// Blob gives the kept bytes of a photo by their hex SHA-256.
func (p *Phone) Blob(sha256 string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, ok := p.photos[sha256]
	return data, ok
}
