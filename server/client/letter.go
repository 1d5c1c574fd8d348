package client

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/form"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// letter is what a recipient gets, with all that his browser needs to verify it. Everything but facts is out of records, or signed.
type letter struct {
	Token          string          `json:"token"`
	TokenExpiresAt int64           `json:"token_expires_at"`
	Agency         string          `json:"agency"`
	Origin         string          `json:"origin"`
	ServerTime     int64           `json:"server_time"`
	Keys           string          `json:"keys"`
	Certificates   []string        `json:"certificates"`
	Checkpoint     string          `json:"checkpoint"`
	Disclosure     *disclosure     `json:"disclosure,omitempty"`
	Facts          map[string]fact `json:"facts"`
	Records        []sealed        `json:"records"`
	Photos         []photo         `json:"photos"`
	Document       *document       `json:"document,omitempty"`
}

type fact = json.RawMessage

type disclosure struct {
	ID             record.ID       `json:"id"`
	Recipient      json.RawMessage `json:"recipient"`
	Purpose        string          `json:"purpose,omitempty"`
	PreparedAt     int64           `json:"prepared_at"`
	ApprovedAt     int64           `json:"approved_at"`
	ExpiresAt      int64           `json:"expires_at"`
	AcknowledgedAt int64           `json:"acknowledged_at,omitempty"`
}

// sealed is one record, with what places it in the ledger.
type sealed struct {
	Record    string           `json:"record"`
	Receipt   string           `json:"receipt"`
	Inclusion ledger.Inclusion `json:"inclusion"`
	Template  json.RawMessage  `json:"template,omitempty"`
}

type photo struct {
	Record record.Hash `json:"record"`
	ID     string      `json:"id"`
	SHA256 string      `json:"sha256"`
	Size   int64       `json:"size"`
	Type   string      `json:"type"`
}

type document struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// captions are the facts of a case that a recipient is told: the agency's word, beside what was signed.
var captions = []string{"number", "title", "client", "item", "item_kind", "item_printed_no"}

// letter writes the letter of a disclosure.
func (a *API) letter(ctx context.Context, h postgres.Handout, now time.Time) (*letter, error) {
	l := &letter{
		Agency: a.Agency, ServerTime: now.UnixMilli(), Certificates: []string{}, Facts: map[string]fact{}, Photos: []photo{},
		Document: &document{h.Document.SHA256, h.Document.Size},
		Disclosure: &disclosure{
			ID: h.State.ID, Purpose: h.Purpose, PreparedAt: h.State.Prepared.At, ApprovedAt: h.State.Approved.At, ExpiresAt: h.State.ExpiresAt,
		},
	}
	if h.State.Acknowledged != nil {
		l.Disclosure.AcknowledgedAt = h.State.Acknowledged.At
	}
	var err error
	if l.Disclosure.Recipient, err = json.Marshal(h.State.Recipient); err != nil {
		return nil, err
	}
	records := []postgres.Held{h.Declaration}
	for _, p := range h.Photos {
		found, named, err := a.photoRecords(ctx, p)
		if err != nil {
			return nil, err
		}
		l.Photos = append(l.Photos, named)
		for _, r := range found {
			if !slices.ContainsFunc(records, func(o postgres.Held) bool { return o.Hash == r.Hash }) {
				records = append(records, r)
			}
		}
	}
	return l, a.fill(ctx, l, h.State.Case, clientEdition, append(records, h.Prepared, *h.Approved)...)
}

// photoRecords are the record that names a derivative, and before it the photo that it was made of, where that is another record.
func (a *API) photoRecords(ctx context.Context, p postgres.PhotoRef) ([]postgres.Held, photo, error) {
	held, err := a.DB.Held(ctx, p.Record)
	if err != nil {
		return nil, photo{}, err
	}
	for _, b := range held.BlobFields() {
		if b.ID != p.ID {
			continue
		}
		named := photo{p.Record, p.ID, b.SHA256, b.Size, b.Type}
		if held.Kind != record.KindPhotoRedacted {
			return []postgres.Held{held}, named, nil
		}
		of, err := record.ParseHash(held.Text("record"))
		if err != nil {
			return nil, photo{}, err
		}
		original, err := a.DB.Held(ctx, of)
		return []postgres.Held{original, held}, named, err
	}
	return nil, photo{}, fmt.Errorf("client: photo %s of %s: %w", p.ID, p.Record, postgres.ErrSpoilt)
}

// An edition says which fields of a record are shown.
type edition func(t form.Template, r *record.Record, name string) bool

// clientEdition is for recipients. Why the office decided as it did is not theirs to read.
func clientEdition(t form.Template, r *record.Record, name string) bool {
	return form.ClientShows(t, name) && !(r.Kind == record.KindDisclosureApproved && name == "reason")
}

// fill writes the records, and all that they are verified with.
func (a *API) fill(ctx context.Context, l *letter, caseID record.ID, shows edition, records ...postgres.Held) (err error) {
	last := slices.MaxFunc(records, func(x, y postgres.Held) int { return int(x.Index - y.Index) })
	checkpoint, err := a.checkpoint(ctx, last.Index)
	if err != nil {
		return err
	}
	l.Origin, l.Checkpoint = checkpoint.Origin, string(checkpoint.Note)
	if l.Keys, err = a.KeySet(ctx); err != nil {
		return err
	}
	var phones []record.KeyID
	for _, r := range records {
		s, err := a.seal(ctx, r, checkpoint.Size, shows)
		if err != nil {
			return err
		}
		l.Records = append(l.Records, s)
		if !r.Office() && !slices.Contains(phones, r.KeyID) {
			phones = append(phones, r.KeyID)
		}
	}
	for _, kid := range phones {
		device, err := a.DB.Device(ctx, kid)
		if err != nil {
			return err
		}
		l.Certificates = append(l.Certificates, device.Certificate)
	}
	c, err := a.DB.Case(ctx, caseID)
	if err != nil {
		return err
	}
	for _, name := range captions {
		if value, known := c.Facts[name]; known {
			l.Facts[name] = value
		}
	}
	return nil
}

// seal writes one record as far as the edition shows it. Its receipt is signed again, byte for byte as the phone has it.
func (a *API) seal(ctx context.Context, r postgres.Held, size int64, shows edition) (s sealed, err error) {
	template, body, err := a.paper(ctx, r.Record)
	if err != nil {
		return s, err
	}
	var shown []string
	for i := range r.Fields {
		if f := &r.Fields[i]; shows(template, r.Record, f.Name) {
			shown = append(shown, f.Raw)
		}
	}
	s = sealed{Record: seal.Compact(r.Core, r.Signature, shown), Template: body}
	if s.Receipt, err = seal.SignCore(r.ReceiptCore, a.Keys.Receipt); err != nil {
		return s, err
	}
	s.Inclusion, err = a.DB.Inclusion(ctx, r.Index, size)
	return s, err
}

// paper finds the template of a record that is a paper; its body too, where it is not built in.
func (a *API) paper(ctx context.Context, r *record.Record) (form.Template, json.RawMessage, error) {
	presentation, _ := r.Field("presentation")
	id, _ := presentation.Get("template").Text()
	version, _ := presentation.Get("version").Int()
	if t, builtin := form.Lookup(id, version); builtin || id == "" {
		return t, nil, nil
	}
	published, err := a.DB.Template(ctx, id, version)
	if err != nil {
		return form.Template{}, nil, err
	}
	t, err := form.Parse(published.Body)
	return t, published.Body, err
}

// checkpoint is a published one that covers the leaf of an index; if there is none, it is published now.
func (a *API) checkpoint(ctx context.Context, index int64) (postgres.Checkpoint, error) {
	latest, err := a.DB.LatestCheckpoint(ctx)
	if err == nil && latest.Size > index {
		return latest, nil
	}
	if err := a.Publish(ctx); err != nil {
		return latest, err
	}
	if latest, err = a.DB.LatestCheckpoint(ctx); err == nil && latest.Size <= index {
		err = problem.New(problem.Unavailable)
	}
	return latest, err
}
