package record

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/ijson"
)

const (
	testHash = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
	testCase = "019aa143-4e7b-7fff-bfff-ffffffffffff"
)

func phonePayload() ijson.Members {
	return ijson.Members{
		{Name: "v", Value: 1}, {Name: "id", Value: "019aa143-4e7b-7abc-8def-0123456789ab"}, {Name: "seq", Value: 2}, {Name: "prev", Value: testHash},
		{Name: "kind", Value: "note.written"}, {Name: "case", Value: testCase}, {Name: "at", Value: 1763640000123}, {Name: "tz", Value: "Asia/Tokyo"},
		{Name: "boot", Value: "AAECAwQFBgcICQoLDA0ODw"}, {Name: "mono", Value: 1500},
		{Name: "clock", Value: ijson.Members{{Name: "offset_ms", Value: -1200}, {Name: "age_ms", Value: 60000}}},
		{Name: "actor", Value: "f47ac10b-58cc-4372-a567-0e02b2c3d479"}, {Name: "app", Value: "tachiai-pwa/1.0.0"}, {Name: "policy", Value: "2026-04"},
		{Name: "blobs", Value: []any{}}, {Name: "_sd_alg", Value: "sha-256"}, {Name: "_sd", Value: []any{testHash}},
	}
}

func officePayload() ijson.Members {
	return ijson.Members{
		{Name: "v", Value: 1}, {Name: "id", Value: "019aa143-4e7b-7abc-8def-0123456789ab"}, {Name: "kind", Value: "member.changed"},
		{Name: "at", Value: 1763640000123}, {Name: "actor", Value: "f47ac10b-58cc-4372-a567-0e02b2c3d479"}, {Name: "app", Value: "tachiai/1.0.0"},
		{Name: "_sd_alg", Value: "sha-256"}, {Name: "_sd", Value: []any{testHash}},
	}
}

// with replaces or adds a member.
func with(m ijson.Members, name string, v any) ijson.Members {
	m = slices.Clone(m)
	for i := range m {
		if m[i].Name == name {
			m[i].Value = v
			return m
		}
	}
	return append(m, ijson.M(name, v))
}

func without(m ijson.Members, name string) ijson.Members {
	return slices.DeleteFunc(slices.Clone(m), func(m ijson.Member) bool { return m.Name == name })
}

func payloadText(t testing.TB, m ijson.Members) string {
	t.Helper()
	text, err := ijson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type payloadCase struct {
	Name    string   `json:"name"`
	Office  bool     `json:"office"`
	Payload string   `json:"payload"`
	Again   string   `json:"again,omitempty"`  // valid: what Marshal writes
	Flags   []Flag   `json:"flags,omitempty"`  // valid
	Faults  []string `json:"faults,omitempty"` // invalid: places (JSON Pointers), sorted; "" is the whole text
}

func payloadCases(t testing.TB) (valid, invalid []payloadCase) {
	phone, office := phonePayload(), officePayload()
	blob := func(id, role string) ijson.Members { return ijson.Members{ijson.M("id", id), ijson.M("role", role)} }
	ok := func(name string, office bool, m ijson.Members, flags ...Flag) {
		valid = append(valid, payloadCase{Name: name, Office: office, Payload: payloadText(t, m), Flags: flags})
	}
	ok("phone", false, phone)
	ok("office", true, office)
	ok("office with a case, a visit, blobs and amends", true,
		with(with(with(with(office, "case", testCase), "visit", testCase), "blobs", []any{blob("d", "document")}), "amends", testHash))
	ok("clock never measured", false, with(phone, "clock", nil))
	ok("clock before 1970", false, with(phone, "at", -62135596800000))
	ok("largest numbers", false, with(with(with(phone, "at", ijson.MaxInt), "seq", ijson.MaxInt), "mono", ijson.MaxInt))
	ok("no policy yet", false, with(phone, "policy", ""))
	ok("no fields", false, with(phone, "_sd", []any{}))
	ok("visit, blobs and amends", false, with(with(with(phone, "visit", testCase), "blobs",
		[]any{blob("p1", "badge_front"), blob("A-_9", "preview")}), "amends", testHash))
	ok("64 blobs", false, with(phone, "blobs", many(64, blob)))
	ok("two fields, ascending as ASCII", false, with(phone, "_sd", []any{"-" + testHash[1:], testHash}))
	ok("version 2 with a member of its own", false, with(with(phone, "v", 2), "mood", "grim"), FlagUnknownVersion)
	ok("unknown kind", false, with(phone, "kind", "tea.served"), FlagUnknownKind)
	ok("a phone with a kind of the office", false, with(phone, "kind", "case.opened"), FlagUnknownKind)
	ok("the office with a kind of a phone", true, with(office, "kind", "visit.ended"), FlagUnknownKind)
	ok("version and kind unknown", true, with(with(office, "v", 99), "kind", "x"), FlagUnknownVersion, FlagUnknownKind)
	spaced := strings.NewReplacer(`":`, `" : `, `,"`, ",\n \"").Replace(payloadText(t, phone))
	valid = append(valid, payloadCase{Name: "white space", Payload: spaced})
	reversed := slices.Clone(phone)
	slices.Reverse(reversed)
	ok("members in another order", false, reversed)

	bad := func(name string, office bool, m ijson.Members, at ...string) {
		invalid = append(invalid, payloadCase{Name: name, Office: office, Payload: payloadText(t, m), Faults: at})
	}
	for _, m := range phone {
		bad("phone without "+m.Name, false, without(phone, m.Name), "/"+m.Name)
		bad("phone with "+m.Name+" of another type", false, with(phone, m.Name, true), "/"+m.Name)
	}
	for _, m := range office {
		bad("office without "+m.Name, true, without(office, m.Name), "/"+m.Name)
	}
	for _, name := range []string{"seq", "prev", "tz", "boot", "mono", "clock", "policy"} {
		i := slices.IndexFunc(phone, func(m ijson.Member) bool { return m.Name == name })
		bad("office with "+name, true, with(office, name, phone[i].Value), "/"+name)
	}
	bad("unknown member", false, with(phone, "mood", "grim"), "/mood")
	bad("member in other case", false, with(phone, "Seq", 3), "/Seq")
	bad("null where a member may be absent", false, with(phone, "visit", nil), "/visit")
	bad("version 0", false, with(phone, "v", 0), "/v")
	bad("seq 0", false, with(phone, "seq", 0), "/seq")
	bad("seq negative", false, with(phone, "seq", -1), "/seq")
	bad("mono negative", false, with(phone, "mono", -1), "/mono")
	bad("id is not version 7", false, with(phone, "id", "f47ac10b-58cc-4372-a567-0e02b2c3d479"), "/id")
	bad("id in upper case", false, with(phone, "id", "019AA143-4e7b-7abc-8def-0123456789ab"), "/id")
	bad("id empty", false, with(phone, "id", ""), "/id")
	bad("nil UUID as case", false, with(phone, "case", ID{}.String()), "/case")
	bad("visit empty", false, with(phone, "visit", ""), "/visit")
	bad("prev empty", false, with(phone, "prev", ""), "/prev")
	bad("prev all zero", false, with(phone, "prev", Hash{}.String()), "/prev")
	bad("prev padded", false, with(phone, "prev", testHash+"="), "/prev")
	bad("amends not canonical", false, with(phone, "amends", testHash[:42]+"1"), "/amends")
	bad("kind empty", false, with(phone, "kind", ""), "/kind")
	bad("kind with a dot at the end", false, with(phone, "kind", "visit."), "/kind")
	bad("kind in upper case", false, with(phone, "kind", "Visit.ended"), "/kind")
	bad("kind too long", false, with(phone, "kind", strings.Repeat("k", 65)), "/kind")
	bad("tz empty", false, with(phone, "tz", ""), "/tz")
	bad("tz too long", false, with(phone, "tz", strings.Repeat("z", 65)), "/tz")
	bad("app empty", false, with(phone, "app", ""), "/app")
	bad("app not ASCII", false, with(phone, "app", "立会/1"), "/app")
	bad("policy with a control character", false, with(phone, "policy", "a\nb"), "/policy")
	bad("boot of 15 bytes", false, with(phone, "boot", "AAECAwQFBgcICQoLDA0O"), "/boot")
	bad("boot not canonical", false, with(phone, "boot", "AAECAwQFBgcICQoLDA0ODx"), "/boot")
	bad("clock without age", false, with(phone, "clock", ijson.Members{ijson.M("offset_ms", 1)}), "/clock/age_ms")
	bad("clock with more", false, with(phone, "clock", ijson.Members{ijson.M("offset_ms", 1), ijson.M("age_ms", 1), ijson.M("x", 1)}), "/clock/x")
	bad("65 blobs", false, with(phone, "blobs", many(65, blob)), "/blobs")
	bad("blob id twice", false, with(phone, "blobs", []any{blob("a", "x"), blob("a", "y")}), "/blobs/1")
	bad("blob id with a dot", false, with(phone, "blobs", []any{blob("a.b", "x")}), "/blobs/0")
	bad("blob role in upper case", false, with(phone, "blobs", []any{blob("a", "X")}), "/blobs/0")
	bad("blob with more", false, with(phone, "blobs", []any{append(blob("a", "x"), ijson.M("sha256", ""))}), "/blobs/0/sha256")
	bad("another digest", false, with(phone, "_sd_alg", "sha-512"), "/_sd_alg")
	bad("digest twice", false, with(phone, "_sd", []any{testHash, testHash}), "/_sd/1")
	bad("digests not ascending", false, with(phone, "_sd", []any{testHash, "-" + testHash[1:]}), "/_sd/1")
	bad("digest too short", false, with(phone, "_sd", []any{"abc"}), "/_sd/0")
	bad("257 digests", false, with(phone, "_sd", manyDigests(257)), "/_sd")
	bad("two faults", false, without(with(phone, "seq", "2"), "tz"), "/seq", "/tz")
	for _, c := range []struct{ name, text string }{
		{"empty", ""}, {"array", "[]"}, {"not JSON", "{"}, {"text after", payloadText(t, phone) + "{}"},
	} {
		invalid = append(invalid, payloadCase{Name: c.name, Payload: c.text, Faults: []string{""}})
	}
	twice := strings.Replace(payloadText(t, phone), `"seq":2`, `"seq":2,"seq":2`, 1)
	invalid = append(invalid, payloadCase{Name: "member twice", Payload: twice, Faults: []string{"/seq"}},
		payloadCase{Name: "fraction", Payload: `{"v":1.0}`, Faults: []string{"/v"}})
	return valid, invalid
}

func many(n int, blob func(id, role string) ijson.Members) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = blob(strings.Repeat("b", i+1), "preview")
	}
	return list
}

func manyDigests(n int) []any {
	hashes := make([]string, n)
	for i := range hashes {
		hashes[i] = HashCore([]byte{byte(i), byte(i >> 8)}).String()
	}
	slices.Sort(hashes)
	list := make([]any, n)
	for i := range list {
		list[i] = hashes[i]
	}
	return list
}

func TestPayloads(t *testing.T) {
	valid, invalid := payloadCases(t)
	for _, c := range valid {
		t.Run(c.Name, func(t *testing.T) {
			s, flags, err := ParseStructure([]byte(c.Payload), c.Office)
			if err != nil || !slices.Equal(flags, c.Flags) {
				t.Fatalf("%v %v, want flags %v", err, flags, c.Flags)
			}
			if s.Office() != c.Office {
				t.Error("changed sides")
			}
			text, err := s.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := ParseStructure(text, c.Office)
			if err != nil {
				t.Fatal(err)
			}
			if twice, err := again.Marshal(); err != nil || string(twice) != string(text) {
				t.Errorf("written again: %v\n%s\n%s", err, twice, text)
			}
		})
	}
	for _, c := range invalid {
		t.Run(c.Name, func(t *testing.T) {
			_, _, err := ParseStructure([]byte(c.Payload), c.Office)
			if !errors.Is(err, ErrStructure) {
				t.Fatalf("got %v", err)
			}
			if got := places(err); !slices.Equal(got, c.Faults) {
				t.Errorf("faults at %q, want %q", got, c.Faults)
			}
		})
	}
}

// places lists where the faults inside err are.
func places(err error) []string {
	var list []string
	for _, e := range ijson.List(err) {
		list = append(list, e.Pointer)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestMarshalRefusesWhatParseWould(t *testing.T) {
	good, _, err := ParseStructure([]byte(payloadText(t, phonePayload())), false)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Structure){
		"no id":            func(s *Structure) { s.ID = ID{} },
		"no case":          func(s *Structure) { s.Case = ID{} },
		"negative seq":     func(s *Structure) { s.Seq = -1 },
		"office with prev": func(s *Structure) { s.Seq = 0; s.Kind = KindMemberChanged },
		"unsorted digests": func(s *Structure) { s.SD = []Hash{{9}, {1}} },
		"kind":             func(s *Structure) { s.Kind = "No" },
		"huge time":        func(s *Structure) { s.At = ijson.MaxInt + 1 },
		"text":             func(s *Structure) { s.App = "\xff" },
	} {
		s := good
		spoil(&s)
		if text, err := s.Marshal(); !errors.Is(err, ErrStructure) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}
