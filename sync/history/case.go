package history

import (
	"encoding/json"
	"slices"
	"strings"

	"tachiai/sync/record"
)

// Case is one lent item to recover from one worker (案件), with all that a rep
// needs on the way. It is the body of the feed's type case.
type Case struct {
	ID        record.ID                  `json:"id"`
	Opened    *Mark                      `json:"opened,omitempty"` // absent: phones speak of it, the office never opened it
	Facts     map[string]json.RawMessage `json:"facts"`            // by field name of case.opened, the latest value of each
	Practice  bool                       `json:"practice,omitempty"`
	Assignees []record.ID                `json:"assignees"`
	Assigned  *Mark                      `json:"assigned,omitempty"`

	State record.State `json:"state"`
	Item  ItemState    `json:"item_state"`

	Attempts    []Attempt      `json:"attempts"`
	Visits      []VisitSummary `json:"visits"`
	Moves       []Move         `json:"moves,omitempty"`   // by the office
	Records     []Ref          `json:"records,omitempty"` // of no visit, attempts left out
	Corrections []Correction   `json:"corrections,omitempty"`
	Disclosures []record.ID    `json:"disclosures,omitempty"`

	Withdrawn  []string    `json:"withdrawn,omitempty"` // scopes of consent withdrawn: disclosure, geo, photos, all
	Voided     *Mark       `json:"voided,omitempty"`
	MergedInto record.ID   `json:"merged_into,omitzero"`
	Merged     []record.ID `json:"merged,omitempty"` // cases that were merged into this one

	Flags      int   `json:"flags"`       // on all its records
	FactsIndex int64 `json:"facts_index"` // ledger index of the record that changed Facts last
	Overflow
}

// Key returns the key of the state.
func (c *Case) Key() Key { return caseKey(c.ID) }

func caseKey(id record.ID) Key { return Key{TypeCase, id.String()} }

func newCase(k Key) *Case {
	c := &Case{
		Facts: map[string]json.RawMessage{}, Assignees: []record.ID{}, Attempts: []Attempt{}, Visits: []VisitSummary{},
		State: record.StateReceived, Item: ItemState{State: ItemOnLoan}, FactsIndex: -1,
	}
	c.ID, _ = record.ParseID(k.ID)
	return c
}

// Known reports whether the office has opened the case (flag unknown_case).
func (c *Case) Known() bool { return c.Opened != nil }

// Closed reports whether nothing more is expected of it (flag case_closed).
func (c *Case) Closed() bool { return c.State == record.StateClosed || c.Voided != nil }

// AssignedTo reports whether a member has the case (flag reassigned).
func (c *Case) AssignedTo(member record.ID) bool { return slices.Contains(c.Assignees, member) }

// apply moves the case; v is the visit of the record, moved already, or nil.
func (c *Case) apply(set Set, r *record.Record, ref Ref, v *Visit) bool {
	changed := false
	if v != nil {
		changed = c.summarise(v, ref)
	} else if !genuine(r) || !elsewhere[r.Kind] {
		changed = true
		var full bool
		if c.Records, full = put(c.Records, ref); full {
			c.count(ref.Index)
		}
	}
	if genuine(r) && c.move(set, r, ref, v) {
		changed = true
	}
	if changed {
		c.derive()
	}
	return changed
}

// elsewhere are the kinds of which a case keeps an account of another form:
// attempts, and in the disclosure the tallies of its reading.
var elsewhere = map[record.Kind]bool{
	record.KindContactLogged: true, record.KindDisclosureOpened: true, record.KindDisclosureDownloaded: true,
}

func (c *Case) move(set Set, r *record.Record, ref Ref, v *Visit) bool {
	switch r.Kind {
	case record.KindContactLogged:
		var full bool
		if c.Attempts, full = put(c.Attempts, attemptOf(r, ref)); full {
			c.count(ref.Index)
		}
	case record.KindRecordAmended:
		if v != nil {
			return false // the visit's
		}
		c.Corrections, _ = put(c.Corrections, correctionOf(r, ref))
	case record.KindCaseOpened:
		if c.Opened == nil {
			c.Opened = ref.point()
		}
		c.learn(r, ref)
	case record.KindCaseChanged:
		c.learn(r, ref)
		c.moveTo(ref, record.State(short(r, "to")))
	case record.KindCaseAssigned:
		if list, ok := idList(r, "members"); ok && (c.Assigned == nil || ref.Index >= c.Assigned.Index) {
			c.Assignees, c.Assigned = list, ref.point()
		}
	case record.KindCaseVoided:
		if c.Voided == nil || c.Voided.Record == ref.Record {
			c.Voided = ref.point()
			c.MergedInto, _ = idField(r, "merged_into")
		}
	case record.KindFlagAnswered:
		hash, err := record.ParseHash(r.Text("record"))
		if err != nil {
			return false
		}
		flag := record.Flag(short(r, "flag"))
		answer(c.Records, hash, flag)
		answer(c.Attempts, hash, flag)
	case record.KindConsentWithdrawn:
		for _, scope := range texts(r, "scope", 10) {
			if !slices.Contains(c.Withdrawn, scope) && len(c.Withdrawn) < 10 {
				c.Withdrawn = append(c.Withdrawn, scope)
			}
		}
	case record.KindDisclosurePrepared, record.KindDisclosureApproved, record.KindDisclosureAcknowledged:
		c.disclose(set, r, ref)
	default:
		return false
	}
	return true
}

// factNames are the fields of case.opened that are facts.
var factNames = func() map[string]bool {
	names := map[string]bool{}
	schema, _ := record.SchemaOf(record.KindCaseOpened)
	for _, slot := range schema.Fields {
		names[slot.Name] = true
	}
	return names
}()

// learn takes over the facts of an office record, but for values that fail its
// schema. An older record that is applied again cannot undo a newer one.
func (c *Case) learn(r *record.Record, ref Ref) {
	if ref.Index < c.FactsIndex {
		return
	}
	c.FactsIndex = ref.Index
	bad := map[string]bool{}
	for _, fault := range record.CheckSchema(r) {
		bad[strings.TrimPrefix(fault.Pointer, "/field/")] = true
	}
	for _, f := range r.Fields {
		if !factNames[f.Name] || bad[f.Name] {
			continue
		}
		c.Facts[f.Name] = raw(f.Value)
		switch f.Name {
		case "practice":
			c.Practice, _ = f.Value.Bool()
		case "item_state":
			c.Item.Office = &Claim{At: ref.At, State: short(r, "item_state"), Record: ref.Record}
		}
	}
}

// absorb notes that another case was merged into this one.
func (c *Case) absorb(other record.ID) bool {
	if slices.Contains(c.Merged, other) || len(c.Merged) >= MaxRefs {
		return false
	}
	c.Merged = append(c.Merged, other)
	return true
}

func (c *Case) disclose(set Set, r *record.Record, ref Ref) {
	moved := false
	for _, id := range disclosuresOf(r) {
		d, ok := set[Key{TypeDisclosure, id.String()}].(*Disclosure)
		if !ok || d.Case != c.ID {
			continue
		}
		if !slices.Contains(c.Disclosures, id) && len(c.Disclosures) < MaxRefs {
			c.Disclosures = append(c.Disclosures, id)
		}
		switch r.Kind {
		case record.KindDisclosureApproved:
			moved = moved || d.Approved != nil && d.Approved.Record == ref.Record
		case record.KindDisclosureAcknowledged:
			moved = moved || d.Acknowledged != nil && d.Acknowledged.Record == ref.Record
		}
	}
	switch {
	case moved && r.Kind == record.KindDisclosureApproved:
		c.moveTo(ref, record.StateDisclosed)
	case moved:
		c.moveTo(ref, record.StateAcknowledged)
	}
}
