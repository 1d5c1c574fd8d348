package history

import "tachiai/sync/record"

// Disclosure is the handing of one issued document to one recipient (提供).
type Disclosure struct {
	ID         record.ID     `json:"id"`
	Case       record.ID     `json:"case,omitzero"`
	State      string        `json:"state"` // prepared, approved, refused, acknowledged, revoked
	Documents  []record.Hash `json:"documents,omitempty"`
	Recipient  *Recipient    `json:"recipient,omitempty"`
	Prepared   *Mark         `json:"prepared,omitempty"`
	Approved   *Mark         `json:"approved,omitempty"`
	Refused    *Mark         `json:"refused,omitempty"`
	ExpiresAt  int64         `json:"expires_at,omitempty"` // ms
	Sessions   int64         `json:"sessions,omitempty"`   // how many may be opened
	Opened     Tally         `json:"opened,omitzero"`
	Downloaded Tally         `json:"downloaded,omitzero"`
	Asked      Tally         `json:"asked,omitzero"`

	Acknowledged *Mark `json:"acknowledged,omitempty"`
	Revoked      *Mark `json:"revoked,omitempty"`
}

// Recipient is who receives it.
type Recipient struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	Department   string `json:"department,omitempty"`
	Mail         string `json:"mail,omitempty"`
}

// Tally counts records of one kind.
type Tally struct {
	Count     int   `json:"count"`
	FirstAt   int64 `json:"first_at"` // ms
	LastAt    int64 `json:"last_at"`
	LastIndex int64 `json:"last_index"` // so that none counts twice
}

func (t *Tally) add(ref Ref) {
	if t.Count > 0 && ref.Index <= t.LastIndex {
		return
	}
	if t.Count == 0 {
		t.FirstAt = ref.At
	}
	t.Count++
	t.LastAt, t.LastIndex = ref.At, ref.Index
}

// Key returns the key of the state.
func (d *Disclosure) Key() Key { return Key{TypeDisclosure, d.ID.String()} }

func newDisclosure(k Key) *Disclosure {
	d := &Disclosure{State: "prepared"}
	d.ID, _ = record.ParseID(k.ID)
	return d
}

// disclosuresOf returns the disclosures that an office record speaks of.
func disclosuresOf(r *record.Record) []record.ID {
	if r.Kind == record.KindDisclosureApproved {
		list, _ := idList(r, "disclosures")
		return list
	}
	if id, ok := idField(r, "disclosure"); ok {
		return []record.ID{id}
	}
	return nil
}

func (d *Disclosure) apply(r *record.Record, ref Ref) bool {
	if d.Case.IsZero() {
		d.Case = r.Case
	}
	if d.Case != r.Case {
		return false // another case's record has no say here
	}
	switch r.Kind {
	case record.KindDisclosurePrepared:
		d.prepare(r, ref)
	case record.KindDisclosureApproved:
		d.decide(r, ref)
	case record.KindDisclosureOpened:
		d.Opened.add(ref)
	case record.KindDisclosureDownloaded:
		d.Downloaded.add(ref)
	case record.KindDisclosureAsked:
		d.Asked.add(ref)
	case record.KindDisclosureAcknowledged:
		once(&d.Acknowledged, ref)
	case record.KindDisclosureRevoked:
		once(&d.Revoked, ref)
	default:
		return false
	}
	switch {
	case d.Revoked != nil:
		d.State = "revoked"
	case d.Acknowledged != nil:
		d.State = "acknowledged"
	case d.Approved != nil:
		d.State = "approved"
	case d.Refused != nil:
		d.State = "refused"
	}
	return true
}

func (d *Disclosure) prepare(r *record.Record, ref Ref) {
	if d.Prepared != nil && d.Prepared.Record != ref.Record {
		return // prepared once; another is another disclosure
	}
	d.Prepared = ref.point()
	d.Documents, _ = hashList(r, "documents")
	d.ExpiresAt, _ = r.Int("expires_at")
	d.Sessions, _ = r.Int("sessions")
	if v, ok := r.Field("recipient"); ok {
		text := func(name string) string {
			s, _ := v.Get(name).Text()
			return shorten(s)
		}
		d.Recipient = &Recipient{text("name"), text("organisation"), text("department"), text("mail")}
	}
}

// decide takes the first decision, after the preparation, of somebody other
// than the maker: four eyes hold in the fold too, whatever a server let through.
func (d *Disclosure) decide(r *record.Record, ref Ref) {
	if d.Prepared == nil || d.Prepared.Actor == ref.Actor || ref.Index <= d.Prepared.Index {
		return
	}
	switch r.Text("decision") {
	case "approved":
		if d.Refused == nil {
			once(&d.Approved, ref)
		}
	case "refused":
		if d.Approved == nil {
			once(&d.Refused, ref)
		}
	}
}

// once sets a mark if nothing has set it before.
func once(m **Mark, ref Ref) {
	if *m == nil || (*m).Record == ref.Record {
		*m = ref.point()
	}
}
