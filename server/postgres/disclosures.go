package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// PhotoRef names a derivative: a blob by the record that names it.
type PhotoRef struct {
	Record record.Hash `json:"record"`
	ID     string      `json:"id"`
}

// NewDisclosure is a disclosure to be prepared. Its document lies in the object store already, under Document.Key.
type NewDisclosure struct {
	ID          record.ID
	Declaration Held
	Photos      []PhotoRef
	Recipient   history.Recipient
	Purpose     string
	ExpiresAt   time.Time
	Sessions    int64
	Document    NewBlob
}

// NewBlob is a blob whose bytes are durable, to be noted together with the record that names it.
type NewBlob struct {
	ID, Role string // in its record
	SHA256   Digest
	Size     int64
	Type     string
	Key      string // in the object store
}

func (b NewBlob) slot() record.BlobSlot { return record.BlobSlot{ID: b.ID, Role: b.Role} }

func (b NewBlob) field() seal.Content {
	return seal.Content{Name: record.BlobPrefix + b.ID, Value: map[string]any{"sha256": b.SHA256.String(), "size": b.Size, "type": b.Type, "of": nil}}
}

// store notes the blob in the transaction that appends its record: there is none without the other.
func (w *work) store(e *entry, b NewBlob) {
	w.writes = append(w.writes, func(batch *pgx.Batch) {
		batch.Queue(lockStore, int64(storeLock))
		batch.Queue(storeBlob, e.record.Hash[:], b.SHA256[:], b.Size, b.Key, w.now.UnixMilli())
	})
}

// appendWith is appendOffice of one draft that brings a blob.
func (w *work) appendWith(ctx context.Context, d Draft, b NewBlob) (Appended, error) {
	d.Blobs, d.Fields = append(d.Blobs, b.slot()), append(d.Fields, b.field())
	e, err := w.draft(d)
	if err != nil {
		return Appended{}, err
	}
	w.store(e, b)
	if err := w.commit(ctx); err != nil {
		return Appended{}, err
	}
	return Appended{e.record, e.index, e.receipt}, nil
}

// RedactPhoto appends photo.redacted: a derivative that the office has made of blob id of a record. Error: ErrInvalid.
func (db *DB) RedactPhoto(ctx context.Context, of Held, id string, b NewBlob, actor record.ID, now time.Time) (Appended, error) {
	return db.work("redact photo", now).appendWith(ctx, Draft{Kind: record.KindPhotoRedacted, Case: of.Case, Visit: of.Visit, Actor: actor, Fields: []seal.Content{
		{Name: "record", Value: of.Hash}, {Name: "original", Value: id},
	}}, b)
}

// PrepareDisclosure appends disclosure.prepared with its document, in one transaction. Until the commit the document is waste that no row names
// and nobody is served. An id is prepared once, then it is ErrConflict.
// Other errors: ErrConsent, ErrPractice, ErrVoid, ErrNotReviewed, ErrHidden, ErrNotFound (no such case), ErrSpoilt (a photo's record),
// ErrInvalid.
func (db *DB) PrepareDisclosure(ctx context.Context, d NewDisclosure, actor record.ID, now time.Time) (Appended, error) {
	pictures, err := db.pictures(ctx, d.Photos)
	if err != nil {
		return Appended{}, err
	}
	g, err := groundsOf(d.Declaration, len(d.Photos) > 0, pictures...)
	if err != nil {
		return Appended{}, fmt.Errorf("postgres: prepare: %w", err)
	}
	w := db.work("prepare", now)
	w.checks = append(w.checks, func() error {
		if before, _ := w.fold.set[history.Key{Type: history.TypeDisclosure, ID: d.ID.String()}].(*history.Disclosure); before != nil && before.Prepared != nil {
			return ErrConflict
		}
		return nil
	})
	w.standOn(g)
	fields := []seal.Content{
		{Name: "disclosure", Value: d.ID}, {Name: "documents", Value: []record.Hash{d.Declaration.Hash}}, {Name: "recipient", Value: recipient(d.Recipient)},
		{Name: "expires_at", Value: d.ExpiresAt.UnixMilli()}, {Name: "sessions", Value: d.Sessions},
	}
	if len(d.Photos) > 0 {
		list := make([]map[string]any, len(d.Photos))
		for i, p := range d.Photos {
			list[i] = map[string]any{"record": p.Record, "id": p.ID}
		}
		fields = append(fields, seal.Content{Name: "photos", Value: list})
	}
	return w.appendWith(ctx, Draft{Kind: record.KindDisclosurePrepared, Case: d.Declaration.Case, Actor: actor, Fields: text(fields, "purpose", d.Purpose)}, d.Document)
}

func recipient(r history.Recipient) map[string]any {
	m := map[string]any{"name": r.Name, "organisation": r.Organisation}
	if r.Department != "" {
		m["department"] = r.Department
	}
	if r.Mail != "" {
		m["mail"] = r.Mail
	}
	return m
}

// Decision is what an approver says to disclosures: history knows "approved" and "refused".
type Decision struct{ Verdict, Reason string }

// DecideDisclosures approves or refuses disclosures, all or none. Nobody decides on what he prepared, or on a visit that he reviewed. Whoever
// repeats his own decision changes nothing. Errors: ErrNotFound, ErrSamePerson, ErrDecided, ErrInvalid; to approve also those of PrepareDisclosure.
func (db *DB) DecideDisclosures(ctx context.Context, ids []record.ID, d Decision, actor record.ID, now time.Time) error {
	w := db.work("decide", now)
	byCase := map[record.ID][]record.ID{}
	var order []record.ID
	for _, id := range ids {
		h, err := db.Handout(ctx, id)
		if err != nil {
			return err
		}
		if decidedBy(h.State, d.Verdict, actor) {
			continue
		}
		if len(byCase[h.State.Case]) == 0 {
			order = append(order, h.State.Case)
		}
		byCase[h.State.Case] = append(byCase[h.State.Case], id)
		if err := w.decideOn(h, d.Verdict, actor); err != nil {
			return fmt.Errorf("postgres: decide: %w", err)
		}
	}
	var drafts []Draft
	for _, id := range order {
		drafts = append(drafts, Draft{Kind: record.KindDisclosureApproved, Case: id, Actor: actor, Fields: text([]seal.Content{
			{Name: "disclosures", Value: byCase[id]}, {Name: "decision", Value: d.Verdict},
		}, "reason", d.Reason)})
	}
	if len(drafts) == 0 {
		return nil
	}
	_, err := w.appendOffice(ctx, drafts...)
	return err
}

func decidedBy(d *history.Disclosure, verdict string, actor record.ID) bool {
	mark := d.Refused
	if verdict == "approved" {
		mark = d.Approved
	}
	return mark != nil && mark.Actor == actor && d.Revoked == nil
}

// decideOn adds to the work what must hold, under the lock, for a decision on one disclosure.
func (w *work) decideOn(h Handout, verdict string, actor record.ID) error {
	g, err := h.grounds()
	if err != nil && verdict == "approved" {
		return err
	}
	states := w.readStates(g.keys()...)
	w.checks = append(w.checks, func() error {
		d, _ := w.fold.set[h.State.Key()].(*history.Disclosure)
		switch {
		case d == nil || d.Prepared == nil:
			return fmt.Errorf("disclosure: %w", ErrNotFound)
		case d.Approved != nil || d.Refused != nil || d.Revoked != nil:
			return ErrDecided
		case d.Prepared.Actor == actor || g.reviewedBy(states, actor):
			return ErrSamePerson
		case verdict == "approved":
			return g.judge(states)
		}
		return nil
	})
	return nil
}

// RevokeDisclosure takes a disclosure back: its link, and whoever reads it, is cut off with the commit. A revoked one stays so, and nothing is
// appended. Errors: ErrNotFound, ErrInvalid (no reason).
func (db *DB) RevokeDisclosure(ctx context.Context, id record.ID, reason string, actor record.ID, now time.Time) error {
	d, err := db.Disclosure(ctx, id)
	if err != nil || d.Revoked != nil {
		return err
	}
	w := db.work("revoke disclosure", now)
	_, err = w.appendOffice(ctx, Draft{Kind: record.KindDisclosureRevoked, Case: d.Case, Actor: actor, Fields: []seal.Content{
		{Name: "disclosure", Value: id}, {Name: "reason", Value: reason},
	}})
	return err
}

// Disclosure reads the state of a disclosure that was prepared. Error: ErrNotFound.
func (db *DB) Disclosure(ctx context.Context, id record.ID) (*history.Disclosure, error) {
	d, err := state[*history.Disclosure](ctx, db, history.Key{Type: history.TypeDisclosure, ID: id.String()})
	if err == nil && d.Prepared == nil {
		err = fmt.Errorf("postgres: disclosure: %w", ErrNotFound)
	}
	return d, err
}

// Handout is a disclosure with what it hands out, as the records say.
type Handout struct {
	State       *history.Disclosure
	Purpose     string
	Declaration Held
	Photos      []PhotoRef
	Document    record.BlobField
	Prepared    Held
	Approved    *Held // nil until it is

	pictures []picture // what Photos stand in for
}

// grounds are those that it stands on. Error: ErrConsent.
func (h Handout) grounds() (grounds, error) {
	return groundsOf(h.Declaration, len(h.Photos) > 0, h.pictures...)
}

// Handout reads a disclosure and its records. Errors: ErrNotFound; ErrSpoilt, when a record is not what it was.
func (db *DB) Handout(ctx context.Context, id record.ID) (h Handout, err error) {
	if h.State, err = db.Disclosure(ctx, id); err != nil {
		return h, err
	}
	if h.Prepared, err = db.Held(ctx, h.State.Prepared.Record); err != nil {
		return h, err
	}
	documents := h.Prepared.BlobFields()
	if len(h.State.Documents) == 0 || len(documents) == 0 {
		return h, fmt.Errorf("postgres: disclosure %s: %w", id, ErrSpoilt)
	}
	h.Document, h.Purpose = documents[0], h.Prepared.Text("purpose")
	photos, _ := h.Prepared.Field("photos")
	for _, v := range photos.Elements() {
		name, _ := v.Get("record").Text()
		hash, err := record.ParseHash(name)
		if err != nil {
			return h, fmt.Errorf("postgres: disclosure %s: %w", id, ErrSpoilt)
		}
		p := PhotoRef{Record: hash}
		p.ID, _ = v.Get("id").Text()
		h.Photos = append(h.Photos, p)
	}
	if h.pictures, err = db.pictures(ctx, h.Photos); err != nil {
		return h, err
	}
	if h.Declaration, err = db.Held(ctx, h.State.Documents[0]); err != nil {
		return h, err
	}
	if h.State.Approved != nil {
		approved, err := db.Held(ctx, h.State.Approved.Record)
		if err != nil {
			return h, err
		}
		h.Approved = &approved
	}
	return h, nil
}

// DisclosureEvent is one thing that a recipient did.
type DisclosureEvent struct {
	Kind       record.Kind `json:"kind"`
	At         int64       `json:"at"`
	Index      int64       `json:"index"`
	Session    string      `json:"session,omitempty"`
	Name       string      `json:"name,omitempty"`
	Department string      `json:"department,omitempty"`
	Question   string      `json:"question,omitempty"`
}

const findEvents = fullColumns + `
where r.case_id = $1 and r.kind in ('disclosure.opened', 'disclosure.downloaded', 'disclosure.acknowledged', 'disclosure.asked')
order by r.index`

// DisclosureEvents tells what the recipient of a disclosure did, oldest first.
func (db *DB) DisclosureEvents(ctx context.Context, d *history.Disclosure) ([]DisclosureEvent, error) {
	list, err := query(ctx, db, "events", findEvents, scanFull, uuid(d.Case))
	if err != nil {
		return nil, err
	}
	events := []DisclosureEvent{}
	for _, f := range list {
		if r := f.record; r != nil && r.Text("disclosure") == d.ID.String() {
			events = append(events, DisclosureEvent{
				Kind: r.Kind, At: r.At, Index: f.meta.Index,
				Session: r.Text("session"), Name: r.Text("name"), Department: r.Text("department"), Question: r.Text("question"),
			})
		}
	}
	return events, nil
}

// errOver ends a deed that was done before.
var errOver = errors.New("done before")
