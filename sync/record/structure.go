package record

import (
	"errors"
	"fmt"

	"tachiai/sync/ijson"
)

// Structure is the part of a record that stands in the clear
// (docs/protocol.md, section 1.2). A zero Seq makes it one of the office's,
// which has none of Prev, TZ, Boot, Mono, Clock and Policy.
type Structure struct {
	V      int // 0 is written as Version
	ID     ID  // UUIDv7
	Seq    int64
	Prev   Hash // for Seq 1 the key id
	Kind   Kind
	Case   ID    // zero: none
	Visit  ID    // zero: none
	At     int64 // ms since 1970, by the writer's clock
	TZ     string
	Boot   string // 16 random bytes of this page load, base64url
	Mono   int64  // ms since this page load
	Clock  *Clock // nil: never measured
	Actor  ID
	App    string
	Policy string
	Blobs  []BlobSlot
	Amends Hash   // zero: none
	SD     []Hash // ascending by text form
}

// A BlobSlot announces a blob in the clear; its field says the rest.
type BlobSlot struct{ ID, Role string }

// ErrStructure is in every error of ParseStructure and Marshal: the text is not
// of the form of section 1.2. The faults inside it are found with ijson.List.
var ErrStructure = errors.New("not the structure of a record")

const sdAlg = "sha-256"

// Marshal writes the payload: the members in the order of section 1.2, absent
// ones left out. The same Structure always gives the same bytes. What
// ParseStructure would not take is an error (ErrStructure) and never written.
func (s Structure) Marshal() ([]byte, error) {
	if s.V == 0 {
		s.V = Version
	}
	m := make(ijson.Members, 0, 20)
	add := func(name string, v any) { m = append(m, ijson.M(name, v)) }
	add("v", s.V)
	add("id", s.ID)
	if !s.Office() {
		add("seq", s.Seq)
		add("prev", s.Prev)
	}
	add("kind", string(s.Kind))
	if !s.Case.IsZero() {
		add("case", s.Case)
	}
	if !s.Visit.IsZero() {
		add("visit", s.Visit)
	}
	add("at", s.At)
	if !s.Office() {
		add("tz", s.TZ)
		add("boot", s.Boot)
		add("mono", s.Mono)
		add("clock", s.Clock.tree())
	}
	add("actor", s.Actor)
	add("app", s.App)
	if !s.Office() {
		add("policy", s.Policy)
	}
	if !s.Office() || len(s.Blobs) > 0 {
		blobs := make([]ijson.Members, len(s.Blobs))
		for i, b := range s.Blobs {
			blobs[i] = ijson.Members{ijson.M("id", b.ID), ijson.M("role", b.Role)}
		}
		add("blobs", blobs)
	}
	if !s.Amends.IsZero() {
		add("amends", s.Amends)
	}
	add("_sd_alg", sdAlg)
	add("_sd", s.SD)
	text, err := ijson.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStructure, err)
	}
	if s.Office() && (!s.Prev.IsZero() || s.TZ != "" || s.Boot != "" || s.Mono != 0 || s.Clock != nil || s.Policy != "") {
		return nil, fmt.Errorf("%w: an office record with a place in a journal", ErrStructure)
	}
	if _, _, err := ParseStructure(text, s.Office()); err != nil {
		return nil, err
	}
	return text, nil
}

// ParseStructure reads a payload strictly. The flags say what is odd and still
// accepted: unknown_version, unknown_kind (a kind of the other side included).
// An error means quarantine.
func ParseStructure(payload []byte, office bool) (Structure, []Flag, error) {
	v, err := ijson.Parse(payload, ijson.Limits{Bytes: MaxSize})
	if err != nil {
		return Structure{}, nil, fmt.Errorf("%w: %w", ErrStructure, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	r := reader{o}
	s := Structure{
		V:      int(o.Int("v")),
		ID:     r.id("id", true),
		Kind:   Kind(o.String("kind")),
		Case:   r.id("case", !office),
		Visit:  r.id("visit", false),
		At:     o.Int("at"),
		Actor:  r.id("actor", true),
		App:    r.words("app", false),
		Blobs:  r.blobs(!office),
		Amends: r.hash("amends", false),
		SD:     r.digests(),
	}
	if o.String("_sd_alg") != sdAlg && o.Has("_sd_alg") {
		o.Fault("_sd_alg", ijson.ErrValue, "want sha-256")
	}
	if !office {
		r.journal(&s)
	}
	if o.Has("v") && s.V < 1 {
		o.Fault("v", ijson.ErrValue, "want 1 or more")
	}
	if o.Has("id") && !s.ID.IsZero() && !s.ID.IsV7() {
		o.Fault("id", ijson.ErrValue, "want a UUIDv7")
	}
	if (s.Kind != "" || r.isEmpty("kind")) && !s.Kind.formed() {
		o.Fault("kind", ijson.ErrValue, "not of the form of a kind")
	}
	if s.V == Version {
		o.Only(claims(office)...)
	}
	if err := f.Err(); err != nil {
		return Structure{}, nil, fmt.Errorf("%w: %w", ErrStructure, err)
	}
	var flags []Flag
	if s.V != Version {
		flags = append(flags, FlagUnknownVersion)
	}
	if office && !s.Kind.Office() || !office && !s.Kind.Phone() {
		flags = append(flags, FlagUnknownKind)
	}
	return s, flags, nil
}
