package record

import (
	"encoding/base64"

	"tachiai/sync/ijson"
)

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
