package record

import (
	"encoding/base64"
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
	if s.Kind != "" && !s.Kind.formed() {
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

var (
	phoneClaims = []string{
		"v", "id", "seq", "prev", "kind", "case", "visit", "at", "tz", "boot", "mono", "clock", "actor", "app", "policy",
		"blobs", "amends", "_sd_alg", "_sd",
	}
	officeClaims = []string{"v", "id", "kind", "case", "visit", "at", "actor", "app", "blobs", "amends", "_sd_alg", "_sd"}
)

func claims(office bool) []string {
	if office {
		return officeClaims
	}
	return phoneClaims
}

func isClaim(name string) bool {
	for _, c := range phoneClaims {
		if c == name {
			return true
		}
	}
	return false
}

// reader adds the forms of section 1.2 to an object.
type reader struct{ ijson.Obj }

func (r reader) text(name string, required bool) (string, bool) {
	if required {
		s := r.String(name)
		return s, s != ""
	}
	return r.OptString(name)
}

func (r reader) id(name string, required bool) ID {
	s, ok := r.text(name, required)
	if !ok {
		if required && r.isEmpty(name) {
			r.Fault(name, ErrID, "")
		}
		return ID{}
	}
	id, err := ParseID(s)
	if err != nil {
		r.Fault(name, err, "")
	}
	return id
}

func (r reader) hash(name string, required bool) Hash {
	s, ok := r.text(name, required)
	if !ok {
		if required && r.isEmpty(name) {
			r.Fault(name, ErrHash, "")
		}
		return Hash{}
	}
	h, err := ParseHash(s)
	if err != nil || h.IsZero() {
		r.Fault(name, ErrHash, "")
	}
	return h
}

// isEmpty tells an empty string from what has been faulted already.
func (r reader) isEmpty(name string) bool {
	s, ok := r.Value().Get(name).Text()
	return ok && s == ""
}

// words reads at most 64 characters of printable ASCII.
func (r reader) words(name string, mayBeEmpty bool) string {
	s := r.String(name)
	if s == "" && (mayBeEmpty || !r.isEmpty(name)) {
		return ""
	}
	if !allOf(s, 64, func(c byte) bool { return c >= ' ' && c <= '~' }) {
		r.Fault(name, ijson.ErrValue, "want printable ASCII, at most 64 characters")
	}
	return s
}

func (r reader) blobs(required bool) []BlobSlot {
	arr, ok := r.OptArr("blobs")
	if !ok {
		if required && !r.Has("blobs") {
			r.Arr("blobs") // notes that it is missing
		}
		return nil
	}
	if arr.Len() > MaxBlobs {
		r.Fault("blobs", ijson.ErrValue, "more than 64")
		return nil
	}
	list := make([]BlobSlot, 0, arr.Len())
	seen := make(map[string]bool, arr.Len())
	for i, o := range arr.Objs() {
		b := BlobSlot{o.String("id"), o.String("role")}
		o.Only("id", "role")
		if !allOf(b.ID, 64, isName) || !allOf(b.Role, 64, isSnake) || seen[b.ID] {
			arr.Fault(i, ijson.ErrValue, "not a blob's id and role, or an id given twice")
		}
		seen[b.ID] = true
		list = append(list, b)
	}
	return list
}

func (r reader) digests() []Hash {
	arr := r.Arr("_sd")
	if arr.Len() > MaxFields {
		r.Fault("_sd", ijson.ErrValue, "more than 256")
		return nil
	}
	texts := arr.Strings()
	list := make([]Hash, 0, len(texts))
	for i, s := range texts {
		h, err := ParseHash(s)
		if err != nil {
			arr.Fault(i, ErrHash, "")
		} else if i > 0 && texts[i-1] >= s {
			arr.Fault(i, ijson.ErrValue, "not ascending")
		}
		list = append(list, h)
	}
	return list
}

// journal reads what only a phone's record has.
func (r reader) journal(s *Structure) {
	s.Seq, s.Prev = r.Int("seq"), r.hash("prev", true)
	s.TZ, s.Boot, s.Mono, s.Policy = r.words("tz", false), r.String("boot"), r.Int("mono"), r.words("policy", true)
	if r.Has("seq") && s.Seq < 1 {
		r.Fault("seq", ijson.ErrValue, "want 1 or more")
	}
	if r.Has("mono") && s.Mono < 0 {
		r.Fault("mono", ijson.ErrValue, "want 0 or more")
	}
	if r.Has("boot") && !isSalt(s.Boot) {
		r.Fault("boot", ijson.ErrValue, "want 16 bytes in base64url")
	}
	if !r.Null("clock") {
		c := r.Obj.Obj("clock")
		s.Clock = &Clock{OffsetMS: c.Int("offset_ms"), AgeMS: c.Int("age_ms")}
		c.Only("offset_ms", "age_ms")
	}
}

// isSalt reports whether s is 16 bytes in canonical base64url.
func isSalt(s string) bool {
	if !allOf(s, 22, isName) {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == 16
}

// CheckSalt reports whether s is a field's salt: 16 bytes in canonical
// base64url, 22 characters.
func CheckSalt(s string) bool { return isSalt(s) }
