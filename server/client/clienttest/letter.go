package clienttest

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tachiai/sync/blob"
	"tachiai/sync/form"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Letter is what the right passcode opens (docs/protocol.md section 11).
type Letter struct {
	Token          string                     `json:"token"`
	TokenExpiresAt int64                      `json:"token_expires_at"`
	Agency         string                     `json:"agency"`
	Origin         string                     `json:"origin"`
	ServerTime     int64                      `json:"server_time"`
	Keys           string                     `json:"keys"`
	Certificates   []string                   `json:"certificates"`
	Checkpoint     string                     `json:"checkpoint"`
	Disclosure     *Handed                    `json:"disclosure"`
	Facts          map[string]json.RawMessage `json:"facts"`
	Records        []Sealed                   `json:"records"`
	Photos         []Photo                    `json:"photos"`
	Document       *File                      `json:"document"`
}

// Handed is the disclosure as the server's row has it.
type Handed struct {
	ID             record.ID       `json:"id"`
	Recipient      json.RawMessage `json:"recipient"`
	Purpose        string          `json:"purpose"`
	PreparedAt     int64           `json:"prepared_at"`
	ApprovedAt     int64           `json:"approved_at"`
	ExpiresAt      int64           `json:"expires_at"`
	AcknowledgedAt int64           `json:"acknowledged_at"`
}

// Sealed is one record with what places it in the ledger.
type Sealed struct {
	Record    string           `json:"record"`
	Receipt   string           `json:"receipt"`
	Inclusion ledger.Inclusion `json:"inclusion"`
	Template  json.RawMessage  `json:"template"`
}

// Photo names a derivative.
type Photo struct {
	Record record.Hash `json:"record"`
	ID     string      `json:"id"`
	SHA256 string      `json:"sha256"`
	Size   int64       `json:"size"`
	Type   string      `json:"type"`
}

// File names the document.
type File struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// What is wrong with a letter.
var (
	ErrKeys        = errors.New("the keys are not under the root")
	ErrCheckpoint  = errors.New("the checkpoint is not signed by the ledger")
	ErrCertificate = errors.New("a certificate is not by the office")
	ErrRecord      = errors.New("a record is not what was sealed")
	ErrPaper       = errors.New("what is shown of the paper is not what was signed")
	ErrReceipt     = errors.New("a receipt is not that record's")
	ErrProof       = errors.New("a proof does not lead to the checkpoint")
	ErrOffice      = errors.New("the office did not prepare and approve this")
	ErrDocument    = errors.New("the document is not the one that was prepared")
	ErrPhoto       = errors.New("a photo is not the one that its record names")
)

// Verify judges a letter, and the document and photos that came with it, with sync/ alone and the fingerprint of the root key. It returns the opened
// records in their order, and the first thing that does not hold.
func (l *Letter) Verify(root record.KeyID, document []byte, photos map[string][]byte) ([]*record.Record, error) {
	set, err := seal.OpenPinnedKeySet(l.Keys, root)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeys, err)
	}
	checkpoint, err := openCheckpoint(l.Checkpoint, set)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	devices := map[record.KeyID]seal.DeviceCert{}
	for _, token := range l.Certificates {
		c, err := open(set, seal.UseOffice, func(k seal.Key) (seal.DeviceCert, error) { return seal.OpenDeviceCert(token, k.Public) })
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCertificate, err)
		}
		kid, err := seal.Thumbprint(c.Key)
		if err != nil {
			return nil, err
		}
		devices[kid] = c
	}
	var records []*record.Record
	for i, s := range l.Records {
		r, err := s.verify(set, devices, checkpoint)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		records = append(records, r)
	}
	if err := l.handing(records); err != nil {
		return nil, err
	}
	return records, l.files(records, document, photos)
}

func openCheckpoint(note string, set seal.KeySet) (ledger.Checkpoint, error) {
	var keys []ledger.Key
	for _, k := range set.Keys {
		public, ok := k.Public.(ed25519.PublicKey)
		if k.Use != seal.UseLedger || !ok {
			continue
		}
		key, err := ledger.NewKey(set.Origin, public)
		if err != nil {
			return ledger.Checkpoint{}, err
		}
		keys = append(keys, key)
	}
	return ledger.Open([]byte(note), keys...)
}

// open tries the keys of one use, present and former.
func open[T any](set seal.KeySet, use seal.Use, with func(seal.Key) (T, error)) (t T, err error) {
	err = seal.ErrUnknownKey
	for _, k := range set.Keys {
		if k.Use == use {
			if t, err = with(k); err == nil {
				return t, nil
			}
		}
	}
	return t, err
}

// verify judges one record: signature, receipt, place in the ledger; a paper also against the text that was signed.
func (s Sealed) verify(set seal.KeySet, devices map[record.KeyID]seal.DeviceCert, c ledger.Checkpoint) (*record.Record, error) {
	r, err := seal.Parse(s.Record)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	public, known := set.Find(seal.UseOffice, r.KeyID)
	if device, enrolled := devices[r.KeyID]; !r.Office() {
		public, known = device.Key, enrolled && device.Member == r.Actor
	}
	if !known {
		return nil, fmt.Errorf("%w: by nobody's key", ErrRecord)
	}
	if err := seal.Verify(r, public); err != nil || len(r.Stray) > 0 {
		return nil, fmt.Errorf("%w: %w, %d stray fields", ErrRecord, err, len(r.Stray))
	}
	receipt, err := open(set, seal.UseReceipt, func(k seal.Key) (seal.Receipt, error) { return seal.OpenReceipt(s.Receipt, k.Public) })
	if err != nil || receipt.Hash != r.Hash || receipt.KeyID != r.KeyID || receipt.Seq != r.Seq || !slices.Contains(set.Origins, receipt.Origin) {
		return nil, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	core := s.Receipt[:len(s.Receipt)-1-86] // without a dot and 64 bytes in base64url
	if s.Inclusion.Index != receipt.Index {
		return nil, fmt.Errorf("%w: of another leaf", ErrProof)
	}
	if err := s.Inclusion.In(c, []byte(core)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return r, s.paper(r)
}

// paper holds what is shown of a paper against the hash of what a client was to see of it.
func (s Sealed) paper(r *record.Record) error {
	if r.Kind != record.KindDeclarationSigned {
		return nil
	}
	value, _ := r.Field("presentation")
	tree, _ := record.Tree(value).(map[string]any)
	presentation, faults := form.ParsePresentation(tree)
	if len(faults) > 0 {
		return fmt.Errorf("%w: %v", ErrPaper, faults)
	}
	template, builtin := form.Lookup(presentation.Template, presentation.Version)
	if !builtin {
		var err error
		if template, err = form.Parse(s.Template); err != nil {
			return fmt.Errorf("%w: %w", ErrPaper, err)
		}
	}
	values := map[string]any{}
	for key, v := range r.FormFields() {
		values[key] = record.Tree(v)
	}
	if faults := presentation.CheckClient(template, values, r.Text("client_text_sha256")); len(faults) > 0 {
		return fmt.Errorf("%w: %v", ErrPaper, faults)
	}
	if hand, there := r.Field("signature_outline"); presentation.Method == form.MethodScreen && (!there || hand.Len() == 0) {
		return fmt.Errorf("%w: no signature", ErrPaper)
	}
	return nil
}

// handing: one person prepared what is here, and another approved it.
func (l *Letter) handing(records []*record.Record) error {
	if l.Disclosure == nil {
		return nil
	}
	at := func(k record.Kind) *record.Record {
		i := slices.IndexFunc(records, func(r *record.Record) bool { return r.Kind == k })
		if i < 0 {
			return &record.Record{}
		}
		return records[i]
	}
	prepared, approved := at(record.KindDisclosurePrepared), at(record.KindDisclosureApproved)
	documents, disclosures := texts(prepared, "documents"), texts(approved, "disclosures")
	photos, _ := prepared.Field("photos")
	switch {
	case len(records) == 0 || !slices.Equal(documents, []string{records[0].Hash.String()}) || records[0].Kind != record.KindDeclarationSigned:
		return fmt.Errorf("%w: another declaration", ErrOffice)
	case prepared.Text("disclosure") != l.Disclosure.ID.String() || !slices.Contains(disclosures, l.Disclosure.ID.String()) || approved.Text("decision") != "approved" || prepared.Actor == approved.Actor:
		return ErrOffice
	case photos.Len() != len(l.Photos):
		return fmt.Errorf("%w: other photos", ErrPhoto)
	}
	for i, v := range photos.Elements() {
		hash, _ := v.Get("record").Text()
		id, _ := v.Get("id").Text()
		if hash != l.Photos[i].Record.String() || id != l.Photos[i].ID {
			return fmt.Errorf("%w: other photos", ErrPhoto)
		}
	}
	if blobs := prepared.BlobFields(); len(blobs) != 1 || l.Document == nil || blobs[0].SHA256 != l.Document.SHA256 {
		return ErrDocument
	}
	return nil
}

// texts reads a field that is a list of texts.
func texts(r *record.Record, name string) (list []string) {
	v, _ := r.Field(name)
	for _, e := range v.Elements() {
		text, _ := e.Text()
		list = append(list, text)
	}
	return list
}

// files holds bytes against what the records name.
func (l *Letter) files(records []*record.Record, document []byte, photos map[string][]byte) error {
	if document != nil && (l.Document == nil || blob.Of(document).String() != l.Document.SHA256) {
		return ErrDocument
	}
	for _, p := range l.Photos {
		i := slices.IndexFunc(records, func(r *record.Record) bool { return r.Hash == p.Record })
		if i < 0 || !slices.ContainsFunc(records[i].BlobFields(), func(b record.BlobField) bool { return b.ID == p.ID && b.SHA256 == p.SHA256 }) {
			return ErrPhoto
		}
		if data, fetched := photos[p.SHA256]; fetched && blob.Of(data).String() != p.SHA256 {
			return ErrPhoto
		}
	}
	return nil
}
