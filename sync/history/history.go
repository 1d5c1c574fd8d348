// Package history is the pure fold from records to states: what the server
// stores for its screens, what `tachiai rebuild` computes again, and what the
// phone shows (docs/protocol.md §6). The records are the truth; a state can
// always be thrown away.
//
// # What is guaranteed
//
// The same records with the same Meta in ledger order give the same states,
// byte for byte. Applying a record again changes nothing; applying it again
// with more fields or more flags brings its entry up to date.
//
// Records of phones come late and in any order. As long as no clock runs ahead
// of the server's (see Meta), the order of their arrival makes no difference to
// any state but for the Index numbers: each entry is placed by the time and the
// hash that its record bears, never by its arrival. Office records are applied
// in ledger order, which is their only order.
//
// Nothing that a record may hold makes Apply fail. A record that cannot be
// understood (unknown kind or version, a kind of the other side, fields
// missing, erased or of the wrong shape) is listed where its structure puts it
// and moves nothing that would need what is not there.
//
// States hold references and a few short facts. Their texts are safe for
// PostgreSQL's jsonb: U+0000 has become ␀ (U+2400).
package history

import (
	"encoding/json"
	"fmt"

	"tachiai/sync/record"
)

// Type is the sort of a state.
type Type string

const (
	TypeCase       Type = "case"       // ID: the case
	TypeVisit      Type = "visit"      // ID: case/visit, so that no other case's record can disturb it
	TypeDisclosure Type = "disclosure" // ID: the disclosure
	TypeMember     Type = "member"     // ID: the member
	TypeDevice     Type = "device"     // ID: the key id
	TypeTemplate   Type = "template"   // ID: template@version
	TypePolicy     Type = "policy"     // ID: version
	TypeQuarantine Type = "quarantine" // ID: SHA-256 of the pushed text, hex
	TypeCopy       Type = "copy"       // ID: SHA-256 of the secret in a signer's QR code, hex
)

// Key names one state. Comparable.
type Key struct {
	Type Type
	ID   string
}

// State is one of *Case, *Visit, *Disclosure, *Member, *Device, *Template,
// *Policy, *Quarantine and *Copy. encoding/json writes and reads them; fields only
// ever get added.
type State interface{ Key() Key }

// Set holds the states that Apply reads and moves.
type Set map[Key]State

// Meta is what the ledger knows about a record beside the record itself.
type Meta struct {
	// Index in the ledger; −1 for a record that has no receipt yet, on a phone.
	Index int64
	// ReceivedAt is the server's time of receipt in ms, out of the receipt; 0
	// when there is none. A record cannot have happened later than this, so a
	// device clock that runs ahead is held back to it. Only for such records
	// does arrival have a say, as there is no better evidence of when it was;
	// beyond five minutes they are flagged `clock`.
	ReceivedAt int64
	// Flags that the record has, later ones included.
	Flags []record.Flag
}

// Keys returns the states that Apply may read or move for r: load those that
// exist, in this order, before calling it. No key occurs twice.
func Keys(r *record.Record) []Key {
	keys := make([]Key, 0, 4)
	if !r.Case.IsZero() {
		keys = append(keys, caseKey(r.Case))
		if !r.Visit.IsZero() {
			keys = append(keys, visitKey(r.Case, r.Visit))
		}
	}
	if sum, ok := copyOf(r); ok {
		keys = append(keys, Key{TypeCopy, sum})
	}
	if !genuine(r) || !r.Office() {
		return keys
	}
	switch r.Kind {
	case record.KindCaseVoided:
		if into, ok := idField(r, "merged_into"); ok && into != r.Case {
			keys = append(keys, caseKey(into))
		}
	case record.KindDisclosurePrepared, record.KindDisclosureApproved, record.KindDisclosureOpened, record.KindDisclosureDownloaded,
		record.KindDisclosureAcknowledged, record.KindDisclosureAsked, record.KindDisclosureRevoked:
		for _, id := range disclosuresOf(r) {
			keys = append(keys, Key{TypeDisclosure, id.String()})
		}
	case record.KindMemberChanged:
		if id, ok := idField(r, "member"); ok {
			keys = append(keys, Key{TypeMember, id.String()})
		}
	case record.KindDeviceEnrolled, record.KindDeviceRevoked:
		if kid, ok := keyField(r, "kid"); ok {
			keys = append(keys, Key{TypeDevice, kid.String()})
		}
	case record.KindTemplatePublished:
		if id, ok := templateID(r); ok {
			keys = append(keys, Key{TypeTemplate, id})
		}
	case record.KindPolicyPublished:
		if version := short(r, "version"); version != "" {
			keys = append(keys, Key{TypePolicy, version})
		}
	case record.KindQuarantineReleased, record.KindQuarantineRejected:
		if sum := r.Text("sha256"); isHex256(sum) {
			keys = append(keys, Key{TypeQuarantine, sum})
		}
	}
	return keys
}

// Apply moves the states that r touches and returns the keys of those that
// changed. set must hold every existing state of Keys(r); Apply changes them in
// place and adds the new ones.
//
// erasure.done moves nothing by itself. Whoever erases fields folds the states
// that the erased records touch anew, from what is left.
func Apply(set Set, r *record.Record, m Meta) (changed []Key) {
	keys := Keys(r)
	if len(keys) == 0 {
		return nil
	}
	ref := refOf(r, m)
	var c *Case
	var v *Visit
	for _, k := range keys {
		moved := false
		switch k.Type {
		case TypeVisit:
			v = of[*Visit](set, k)
			v.apply(r, ref)
			moved = true // a visit lists every record
		case TypeCase:
			if k.ID == r.Case.String() {
				c = of[*Case](set, k)
				continue // after its visit and its disclosures
			}
			moved = of[*Case](set, k).absorb(r.Case)
		case TypeDisclosure:
			moved = of[*Disclosure](set, k).apply(r, ref)
		case TypeMember:
			moved = of[*Member](set, k).apply(r, ref)
		case TypeDevice:
			moved = of[*Device](set, k).apply(r, ref)
		case TypeTemplate:
			moved = of[*Template](set, k).apply(r, ref)
		case TypePolicy:
			moved = of[*Policy](set, k).apply(r, ref)
		case TypeQuarantine:
			moved = of[*Quarantine](set, k).apply(r, ref)
		case TypeCopy:
			moved = of[*Copy](set, k).apply(ref)
		}
		if moved {
			changed = append(changed, k)
		}
	}
	if c != nil && c.apply(set, r, ref, v) {
		changed = append(changed, c.Key())
	}
	return changed
}

// of returns the state from the set, or a new one put into it.
func of[S State](set Set, k Key) S {
	if s, ok := set[k].(S); ok {
		return s
	}
	s := New(k)
	set[k] = s
	return s.(S)
}

// New returns the state of a key before any record: nil for an unknown type.
func New(k Key) State {
	switch k.Type {
	case TypeCase:
		return newCase(k)
	case TypeVisit:
		return newVisit(k)
	case TypeDisclosure:
		return newDisclosure(k)
	case TypeMember:
		return newMember(k)
	case TypeDevice:
		return newDevice(k)
	case TypeTemplate:
		return newTemplate(k)
	case TypePolicy:
		return &Policy{Version: k.ID}
	case TypeQuarantine:
		return &Quarantine{SHA256: k.ID}
	case TypeCopy:
		return newCopy(k)
	}
	return nil
}

// Decode reads a stored state.
func Decode(k Key, body []byte) (State, error) {
	s := New(k)
	if s == nil {
		return nil, fmt.Errorf("history: no state of type %q", k.Type)
	}
	if err := json.Unmarshal(body, s); err != nil {
		return nil, fmt.Errorf("history: %s %s: %w", k.Type, k.ID, err)
	}
	if s.Key() != k {
		return nil, fmt.Errorf("history: %s %s holds the state of %s", k.Type, k.ID, s.Key().ID)
	}
	return s, nil
}

// Encode writes a state, for storage and for the feed.
func Encode(s State) ([]byte, error) { return json.Marshal(s) }

// genuine reports whether r is a record that this version understands: its
// version, and a kind that its side may seal. Others are listed and move nothing.
func genuine(r *record.Record) bool {
	return r.V == record.Version && (r.Office() && r.Kind.Office() || !r.Office() && r.Kind.Phone())
}
