package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// ErrPolicy is in every error of Parse. The faults inside it are found with
// ijson.List.
var ErrPolicy = errors.New("not a conduct policy")

const (
	maxRules = 50
	maxRoles = 50
	maxWords = 500
)

// members lists what a rule of each check has besides id, check, level, text
// and source.
var members = map[Check][]string{
	CheckHours:    {"from", "to", "agreed_level"},
	CheckAttempts: {"limit"}, CheckPerDay: {"limit"}, CheckPerWeek: {"limit"}, CheckWatch: {"limit"},
	CheckToldNot: {}, CheckDisputed: {}, CheckPhotoRole: {}, CheckReason: {},
}

// checks is the order in which missing ones are named.
var checks = []Check{CheckHours, CheckAttempts, CheckPerDay, CheckPerWeek, CheckToldNot, CheckDisputed, CheckPhotoRole, CheckReason, CheckWatch}

// Parse reads a policy strictly, so that one which an office published with a
// mistake in it is refused as a whole and the one before stays in force. An
// office may set hours, limits and levels, but it cannot drop a rule silently:
// each check must be there (hours at least once, the others exactly once), and
// after 来ないで and after 係争 visits are always blocked.
func Parse(data []byte) (Policy, error) {
	v, err := ijson.Parse(data, ijson.Limits{})
	if err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	o.Only("v", "version", "zone", "rules", "photo_roles")
	if n := o.Int("v"); is(o, "v", ijson.Int) && n != 1 {
		o.Fault("v", ijson.ErrValue, "want 1")
	}
	p := Policy{Version: o.String("version")}
	if is(o, "version", ijson.String) && !versionForm(p.Version) {
		o.Fault("version", ijson.ErrValue, "want [a-z0-9][a-z0-9.-]*, at most 64")
	}
	z := o.Obj("zone")
	z.Only("name", "offset_minutes")
	p.Zone = z.String("name")
	offset := z.Int("offset_minutes")
	if is(z, "name", ijson.String) && (p.Zone == "" || len(p.Zone) > 64) {
		z.Fault("name", ijson.ErrValue, "want 1 to 64")
	}
	if offset < -14*60 || offset > 14*60 {
		z.Fault("offset_minutes", ijson.ErrValue, "want -840 to 840")
		offset = 0
	}
	p.Location = time.FixedZone(p.Zone, int(offset)*60)
	p.rules(o)
	p.roles(o)
	if err := f.Err(); err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	return p, nil
}

func (p *Policy) rules(o ijson.Obj) {
	arr := o.Arr("rules")
	if arr.Len() > maxRules {
		o.Fault("rules", ijson.ErrValue, "at most 50")
		return
	}
	for i, ro := range arr.Objs() {
		r := rule(ro)
		for _, other := range p.Rules {
			if other.ID == r.ID && r.ID != "" {
				ro.Fault("id", ijson.ErrDuplicate, "")
			}
			if other.Check == r.Check && r.Check != CheckHours && r.Check != "" {
				ro.Fault("check", ijson.ErrDuplicate, "")
			}
			if other.Check == CheckHours && r.Check == CheckHours && overlap(other, r) {
				arr.Fault(i, ijson.ErrValue, "hours overlap")
			}
		}
		p.Rules = append(p.Rules, r)
	}
	for _, c := range checks {
		if !slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Check == c }) && is(o, "rules", ijson.Array) {
			o.Fault("rules", ijson.ErrMissing, string(c))
		}
	}
}

func rule(o ijson.Obj) Rule {
	r := Rule{ID: o.String("id"), Check: Check(o.String("check")), Level: level(o, "level"), Text: words(o, "text"), Source: words(o, "source")}
	if is(o, "id", ijson.String) && !lower(r.ID) {
		o.Fault("id", ijson.ErrValue, "want [a-z][a-z0-9_]*, at most 40")
	}
	more, ok := members[r.Check]
	if !ok {
		if is(o, "check", ijson.String) {
			o.Fault("check", ijson.ErrValue, "no such check")
		}
		r.Check = ""
		return r
	}
	o.Only(append([]string{"id", "check", "level", "text", "source"}, more...)...)
	switch {
	case r.Check == CheckHours:
		r.From, r.To = minutes(o, "from"), minutes(o, "to")
		if r.From == r.To && r.From >= 0 {
			o.Fault("to", ijson.ErrValue, "want another than from")
		}
		r.AgreedLevel = level(o, "agreed_level")
		if r.Level == Warn && r.AgreedLevel == Block {
			o.Fault("agreed_level", ijson.ErrValue, "stricter than without agreement")
		}
	case len(more) > 0:
		if r.Limit = o.Int("limit"); is(o, "limit", ijson.Int) && (r.Limit < 1 || r.Limit > 1000) {
			o.Fault("limit", ijson.ErrValue, "want 1 to 1000")
		}
	case (r.Check == CheckToldNot || r.Check == CheckDisputed) && r.Level == Warn:
		o.Fault("level", ijson.ErrValue, "want block")
	case (r.Check == CheckPhotoRole || r.Check == CheckReason) && r.Level == Block:
		o.Fault("level", ijson.ErrValue, "want warn: what was taken is kept")
	}
	if r.Check == CheckWatch && r.Level == Block {
		o.Fault("level", ijson.ErrValue, "want warn: the visit has begun")
	}
	return r
}

func (p *Policy) roles(o ijson.Obj) {
	arr := o.Arr("photo_roles")
	if arr.Len() > maxRoles {
		o.Fault("photo_roles", ijson.ErrValue, "at most 50")
		return
	}
	for _, ro := range arr.Objs() {
		ro.Only("code", "name", "paged", "reason")
		r := PhotoRole{Code: ro.String("code"), Name: words(ro, "name")}
		r.Paged, _ = ro.OptBool("paged")
		r.Reason, _ = ro.OptBool("reason")
		if is(ro, "code", ijson.String) && !lower(r.Code) {
			ro.Fault("code", ijson.ErrValue, "want [a-z][a-z0-9_]*, at most 40")
		}
		for _, other := range p.PhotoRoles {
			if other.Code == r.Code && r.Code != "" {
				ro.Fault("code", ijson.ErrDuplicate, "")
			}
		}
		p.PhotoRoles = append(p.PhotoRoles, r)
	}
}

// overlap reports whether two rules of hours share a minute.
func overlap(a, b Rule) bool {
	if min(a.From, a.To, b.From, b.To) < 0 || a.From == a.To || b.From == b.To {
		return false // faulty already
	}
	return a.covers(b.From) || b.covers(a.From)
}

func level(o ijson.Obj, name string) Level {
	l := Level(o.String(name))
	if is(o, name, ijson.String) && l != Warn && l != Block {
		o.Fault(name, ijson.ErrValue, "want warn or block")
	}
	return l
}

// minutes reads "HH:MM", 00:00 to 23:59, as minutes of the day; -1 if it is not.
func minutes(o ijson.Obj, name string) int {
	s := o.String(name)
	if t, err := time.Parse("15:04", s); err == nil && len(s) == len("15:04") {
		return t.Hour()*60 + t.Minute()
	}
	if is(o, name, ijson.String) {
		o.Fault(name, ijson.ErrValue, "want HH:MM")
	}
	return -1
}

func words(o ijson.Obj, name string) record.Label {
	w := o.Obj(name)
	w.Only("ja", "en")
	r := record.Label{JA: w.String("ja"), EN: w.String("en")}
	for _, lang := range []string{"ja", "en"} {
		s := r.In(lang)
		if is(w, lang, ijson.String) && (strings.TrimSpace(s) == "" || strings.ContainsFunc(s, control) || utf8.RuneCountInString(s) > maxWords) {
			w.Fault(lang, ijson.ErrValue, "want one line, at most 500 characters")
		}
	}
	return r
}

// is reports whether a member is there and of its kind, so that one fault is
// not told twice.
func is(o ijson.Obj, name string, kind ijson.Kind) bool { return o.Value().Get(name).Kind() == kind }

func control(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func versionForm(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (i == 0 || (c != '.' && c != '-')) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

func lower(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return false
		}
	}
	return s != "" && len(s) <= 40
}
