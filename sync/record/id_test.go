package record

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

var idTexts = []struct {
	Text string `json:"text"`
	Why  string `json:"why,omitempty"` // empty: valid
}{
	{"019abc01-2345-7def-89ab-0123456789ab", ""},
	{"f47ac10b-58cc-4372-a567-0e02b2c3d479", ""},
	{"ffffffff-ffff-ffff-ffff-ffffffffffff", ""},
	{"00000000-0000-0000-0000-000000000000", "the nil UUID names nothing"},
	{"019ABC01-2345-7def-89ab-0123456789ab", "upper case"},
	{"019abc0123457def89ab0123456789ab", "no hyphens"},
	{"{019abc01-2345-7def-89ab-0123456789ab}", "braces"},
	{"urn:uuid:019abc01-2345-7def-89ab-0123456789ab", "urn"},
	{"019abc01-2345-7def-89ab-0123456789a", "short"},
	{"019abc01-2345-7def-89ab-0123456789ab ", "space after"},
	{"019abc0g-2345-7def-89ab-0123456789ab", "not hex"},
	{"019abc01+2345-7def-89ab-0123456789ab", "other separator"},
	{"", "empty"},
}

func TestID(t *testing.T) {
	for _, c := range idTexts {
		id, err := ParseID(c.Text)
		if (err == nil) != (c.Why == "") {
			t.Errorf("%q: %v, %s", c.Text, err, c.Why)
		}
		if err == nil && id.String() != c.Text {
			t.Errorf("%q became %q", c.Text, id)
		}
		if err != nil && !errors.Is(err, ErrID) {
			t.Errorf("%q: %v is not ErrID", c.Text, err)
		}
	}
}

func TestNewID(t *testing.T) {
	now := time.UnixMilli(1763640000123)
	id := NewID(now, bytes.NewReader(bytes.Repeat([]byte{0xff}, 10)))
	if got, want := id.String(), "019aa122-be7b-7fff-bfff-ffffffffffff"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !id.IsV7() || !id.Time().Equal(now) {
		t.Errorf("v7 %v, time %v", id.IsV7(), id.Time())
	}
	later := NewID(now.Add(time.Millisecond), bytes.NewReader(make([]byte, 10)))
	if later.String() <= id.String() {
		t.Error("a later id does not sort after")
	}
	var back ID
	if text, err := id.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != id {
		t.Errorf("text form does not come back: %v", back)
	}
	if text, err := (ID{}).MarshalText(); err != nil || len(text) != 0 || back.UnmarshalText(text) != nil || !back.IsZero() {
		t.Error("the zero ID is not empty text")
	}
}

var hashTexts = []struct {
	Text string `json:"text"`
	Why  string `json:"why,omitempty"`
}{
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", ""},
	{"___________________________________________", "stray trailing bits"},
	{"__________________________________________8", ""},
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC1", "stray trailing bits"},
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0=", "padding"},
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC", "short"},
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdR\n0", "line break"},
	{"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC+", "the other alphabet"},
	{"", "empty"},
}

func TestHash(t *testing.T) {
	for _, c := range hashTexts {
		h, err := ParseHash(c.Text)
		if (err == nil) != (c.Why == "") {
			t.Errorf("%q: %v, %s", c.Text, err, c.Why)
		}
		if err == nil && h.String() != c.Text {
			t.Errorf("%q became %q", c.Text, h)
		}
		if _, kerr := ParseKeyID(c.Text); (kerr == nil) != (err == nil) {
			t.Errorf("%q: a key id has another form", c.Text)
		}
	}
}

var fieldNames = []struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}{
	{"note", true}, {"geo", true}, {"place_match", true}, {"field.discarded_when", true}, {"field.A-z_0", true}, {"blob.p1", true},
	{"x", true}, {"x9", true}, {strings.Repeat("a", 128), true}, {"f." + strings.Repeat("a", 126), true},
	{strings.Repeat("a", 129), false}, {"", false}, {"Note", false}, {"9x", false}, {"_sd", false}, {"...", false}, {"field.", false}, {".a", false},
	{"field.a.b", false}, {"field.ä", false}, {"a b", false}, {"a-b", false},
	{"v", false}, {"id", false}, {"seq", false}, {"prev", false}, {"kind", false}, {"case", false}, {"visit", false}, {"at", false}, {"tz", false},
	{"boot", false}, {"mono", false}, {"clock", false}, {"actor", false}, {"app", false}, {"policy", false}, {"blobs", false}, {"amends", false},
}

func TestCheckFieldName(t *testing.T) {
	for _, c := range fieldNames {
		if CheckFieldName(c.Name) != c.OK {
			t.Errorf("%q: want %v", c.Name, c.OK)
		}
	}
}
