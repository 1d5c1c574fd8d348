// Package rescue takes in rescue files: all unsent work of a phone, encrypted for this server's rescue key, from a phone whose PIN is forgotten or
// whose network is gone for good (docs/protocol.md section 12). What comes of it is what a sync would have brought: the records are pushed as a
// relay, the photos stored, and what is there already stays as it is.
package rescue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// Desk takes in rescue files. All members are required.
type Desk struct {
	DB      *postgres.DB
	Objects *objects.Store
	Keys    *keys.Set
	Now     func() time.Time
}

// Taken says what became of a file.
type Taken struct {
	Member record.ID // whose work it says it is; zero when it says nothing of use
	MadeAt time.Time // as the phone's clock had it

	Records []Record
	Blobs   []Blob
	Damaged []error // parts that could not be opened
	Nobody  int     // blobs that no record of the file names
	Cut     bool    // the file ends before its end
}

// Record is what became of one record.
type Record struct {
	postgres.Outcome
	Text string
}

// Blob is what became of one blob of one record.
type Blob struct {
	Owner record.Hash // the record, or the SHA-256 of a quarantined text
	postgres.StoredBlob
	SHA256 postgres.Digest
	Fresh  bool
}

// Take reads a file to its end and takes in what it holds, in the order of the file: records in batches, each durable before the next, then blobs,
// one after the other. It may be repeated at any time with the same result. Errors: ErrForm and ErrKey before anything was taken; those of
// postgres and objects in the middle, and then what was taken before stays. A part that cannot be opened stops nothing.
func (d *Desk) Take(ctx context.Context, r io.Reader, caller postgres.Caller) (*Taken, error) {
	f, err := openFile(r, d.Keys.Rescue)
	if err != nil {
		return nil, err
	}
	in := &intake{Desk: d, caller: caller, owners: map[string][]record.Hash{}, taken: &Taken{MadeAt: time.UnixMilli(f.MadeAt).UTC()}}
	in.taken.Member, _ = record.ParseID(f.Member) // a caption
	for {
		p, err := f.next()
		if err != nil {
			return in.taken, in.end(ctx, err)
		}
		if p.err != nil {
			in.taken.Damaged = append(in.taken.Damaged, p.err)
			continue
		}
		if err := in.take(ctx, p); err != nil {
			return in.taken, err
		}
	}
}

// end takes what is left before the end of the file, whatever the end is.
func (in *intake) end(ctx context.Context, why error) error {
	in.taken.Cut = errors.Is(why, io.ErrUnexpectedEOF) || errors.Is(why, ErrForm)
	if !in.taken.Cut && !errors.Is(why, io.EOF) {
		return fmt.Errorf("rescue: %w", why)
	}
	return in.flush(ctx)
}

// intake is one file on its way in.
type intake struct {
	*Desk
	caller postgres.Caller
	taken  *Taken
	texts  []string // to be pushed
	size   int
	owners map[string][]record.Hash // who names a blob, by its SHA-256
}

func (in *intake) take(ctx context.Context, p *part) error {
	if p.kind == kindBlob {
		if err := in.flush(ctx); err != nil {
			return err
		}
		return in.blob(ctx, p)
	}
	if len(in.texts) == wire.MaxRecords || in.size+len(p.data) > wire.MaxBody {
		if err := in.flush(ctx); err != nil {
			return err
		}
	}
	in.texts, in.size = append(in.texts, string(p.data)), in.size+len(p.data)
	return nil
}

// flush pushes the records that were read.
func (in *intake) flush(ctx context.Context) error {
	if len(in.texts) == 0 {
		return nil
	}
	batch, err := in.judge(ctx)
	if err != nil {
		return err
	}
	answer, err := in.DB.Accept(ctx, batch, in.caller, in.Now())
	if err != nil {
		return err
	}
	for i, outcome := range answer.Outcomes {
		in.taken.Records = append(in.taken.Records, Record{outcome, in.texts[i]})
		in.claim(batch[i], outcome)
	}
	in.texts, in.size = nil, 0
	return nil
}

// judge reads and verifies each record as a push does.
func (in *intake) judge(ctx context.Context) ([]postgres.Arrival, error) {
	batch := make([]postgres.Arrival, len(in.texts))
	var kids []record.KeyID
	for i, text := range in.texts {
		r, err := seal.Parse(text)
		if err != nil {
			batch[i].Suspect = &postgres.Suspect{Text: []byte(text), Code: seal.Code(err)}
			continue
		}
		batch[i].Record, kids = r, append(kids, r.KeyID)
	}
	devices, err := in.DB.Devices(ctx, kids)
	if err != nil {
		return nil, err
	}
	for i, text := range in.texts {
		r := batch[i].Record
		if r == nil {
			continue
		}
		err := seal.ErrUnknownKey
		if device, ok := devices[r.KeyID]; ok {
			err = seal.Verify(r, device.Public)
		}
		if err != nil {
			batch[i] = postgres.Arrival{Suspect: &postgres.Suspect{Text: []byte(text), Code: seal.Code(err), KeyID: r.KeyID, Record: r}}
		}
	}
	return batch, nil
}

// claim notes which blobs a record names.
func (in *intake) claim(a postgres.Arrival, outcome postgres.Outcome) {
	r := a.Record
	if r == nil {
		r = a.Suspect.Record
	}
	if r == nil {
		return
	}
	owner := r.Hash
	if outcome.Status == postgres.StatusQuarantined {
		owner = sha256.Sum256(a.Suspect.Text)
	}
	for _, b := range r.BlobFields() {
		if !slices.Contains(in.owners[b.SHA256], owner) {
			in.owners[b.SHA256] = append(in.owners[b.SHA256], owner)
		}
	}
}

// blob stores a blob for every record that names it.
func (in *intake) blob(ctx context.Context, p *part) error {
	ref := blob.Of(p.data)
	if ref.String() != p.name() {
		in.taken.Damaged = append(in.taken.Damaged, fmt.Errorf("%s: %w", p.place, blob.ErrMismatch))
		return nil
	}
	owners := in.owners[ref.String()]
	if len(owners) == 0 {
		in.taken.Nobody++
	}
	for _, owner := range owners {
		b, err := in.store(ctx, owner, ref, p.data)
		if errors.Is(err, postgres.ErrBlobNotNamed) || errors.Is(err, postgres.ErrRecordUnknown) { // erased, or decided, since
			in.taken.Nobody++
			continue
		}
		if errors.Is(err, blob.ErrSize) {
			in.taken.Damaged = append(in.taken.Damaged, fmt.Errorf("%s: %w", p.place, err))
			continue
		}
		if err != nil {
			return err
		}
		in.taken.Blobs = append(in.taken.Blobs, b)
	}
	return nil
}

func (in *intake) store(ctx context.Context, owner record.Hash, ref blob.Ref, data []byte) (Blob, error) {
	b := Blob{Owner: owner, SHA256: postgres.Digest(ref)}
	slot, err := in.DB.BlobSlot(ctx, owner, b.SHA256)
	if err != nil {
		return b, err
	}
	switch size := int64(len(data)); {
	case slot.Stored != nil:
		b.StoredBlob = *slot.Stored
		return b, nil
	case size == 0, slot.Size >= 0 && size != slot.Size: // what the record says of it is not true
		return b, blob.ErrSize
	}
	if err := in.Objects.Put(ctx, slot.Key, bytes.NewReader(data), int64(len(data)), ref); err != nil {
		return b, err
	}
	b.StoredBlob, b.Fresh, err = in.DB.StoreBlob(ctx, slot, int64(len(data)), in.Now())
	return b, err
}
