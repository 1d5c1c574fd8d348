package seal

import (
	"crypto/elliptic"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// recordCase is one compact record and what becomes of it. Grow appends
// Grow−1 times "A" and a tilde to the text: a field that belongs to nothing.
type recordCase struct {
	Name    string   `json:"name"`
	Key     string   `json:"key"` // the key that the reader believes in
	Compact string   `json:"compact"`
	Grow    int      `json:"grow,omitempty"`
	Code    string   `json:"code,omitempty"` // why it is refused; empty: it is taken
	Kid     string   `json:"kid,omitempty"`
	Hash    string   `json:"hash,omitempty"`
	Payload string   `json:"payload,omitempty"`
	Fields  []field  `json:"fields,omitempty"` // in the order of _sd
	Stray   []string `json:"stray,omitempty"`
	Flags   []string `json:"flags,omitempty"`
}

type field struct {
	Name   string `json:"name"`
	Salt   string `json:"salt"`
	Value  string `json:"value"` // JSON text
	Raw    string `json:"raw"`
	Digest string `json:"digest"`
}

func (c recordCase) text() string {
	if c.Grow == 0 {
		return c.Compact
	}
	return c.Compact + strings.Repeat("A", c.Grow-1) + "~"
}

// filled says what a text that is taken means.
func (c recordCase) filled(t testing.TB) recordCase {
	t.Helper()
	r, err := Open(c.text(), OneKey(keyNamed(c.Key).Public()))
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	payload := mustDecode(strings.Split(r.Core, ".")[1])
	c.Kid, c.Hash, c.Payload = r.KeyID.String(), r.Hash.String(), string(payload)
	for _, f := range r.Fields {
		c.Fields = append(c.Fields, field{f.Name, f.Salt, f.Value.Raw(), f.Raw, FieldDigest(f.Raw).String()})
	}
	if c.Grow == 0 {
		c.Stray = r.Stray
	}
	for _, f := range r.Flags {
		c.Flags = append(c.Flags, string(f))
	}
	return c
}

func recordCases(t testing.TB) (valid, invalid []recordCase) {
	p := newPhone(t, "phone-a")
	first, _ := p.seal(record.KindVisitStarted, Content{"place", "doorstep"},
		Content{"geo", ijson.Members{ijson.M("lat", 356812360), ijson.M("lng", 1397671250), ijson.M("accuracy_m", 12), ijson.M("age_ms", 800)}},
		Content{"note", "夜間。表札なし。\n\"<&>\u2028𠮷田 辻\U000e0100"})
	s := p.structure(record.KindPhotoCaptured)
	s.Blobs = []record.BlobSlot{{ID: "p1", Role: "badge_front"}, {ID: "p1s", Role: "preview"}}
	photo, _ := p.sealWith(s, Content{"source", "camera"},
		Content{"blob.p1", ijson.Members{ijson.M("sha256", strings.Repeat("0a", 32)), ijson.M("size", 307200), ijson.M("type", "image/jpeg"), ijson.M("of", nil)}},
		Content{"blob.p1s", ijson.Members{ijson.M("sha256", strings.Repeat("0b", 32)), ijson.M("size", 20480), ijson.M("type", "image/jpeg"), ijson.M("of", "p1")}})
	empty, _ := p.seal("tea.served")
	officeText, _, err := Seal(record.Structure{ID: idOf("member"), Kind: record.KindMemberChanged, At: testNow, Actor: idOf("admin"), App: "tachiai/0.1.0"},
		[]Content{{"member", idOf("rep")}, {"name", "髙橋"}, {"roles", []string{"rep"}}, {"active", true}}, office, stream("member"))
	if err != nil {
		t.Fatal(err)
	}
	token, rest, _ := strings.Cut(first, "~")
	fields := strings.Split(strings.TrimSuffix(rest, "~"), "~")
	parts := strings.Split(token, ".")
	header, payload := string(mustDecode(parts[0])), string(mustDecode(parts[1]))
	signature := mustDecode(parts[2])
	join := func(fields ...string) string { return token + "~" + strings.Join(append(fields, ""), "~") }

	ok := func(name, key, text string) {
		valid = append(valid, recordCase{Name: name, Key: key, Compact: text}.filled(t))
	}
	ok("a phone's", "phone-a", first)
	ok("with blobs", "phone-a", photo)
	ok("without fields, of an unknown kind", "phone-a", empty)
	ok("the office's", "office", officeText)
	ok("fields withheld", "phone-a", join(fields[1]))
	ok("all fields withheld", "phone-a", token+"~")
	ok("fields in another order", "phone-a", join(fields[2], fields[0], fields[1]))
	ok("a field of another record", "phone-a", first+strings.Split(photo, "~")[1]+"~")
	ok("a field with one bit changed", "phone-a", join(fields[0], fields[1], flip(fields[2])))
	ok("header with its members in another order", "phone-a", rawRecord(t,
		`{ "kid":"`+kidOf(phoneA).String()+`", "typ":"visit-record+sd-jwt", "alg":"ES256" }`, payload, fields, phoneA))
	ok("the other signature of the same statement", "phone-a", Compact(token[:strings.LastIndexByte(token, '.')], mirror(signature), fields))
	full := recordCase{Name: "65536 bytes", Key: "phone-a", Compact: first, Grow: record.MaxSize - len(first)}
	valid = append(valid, full.filled(t))

	bad := func(name, code, text string) {
		invalid = append(invalid, recordCase{Name: name, Key: "phone-a", Compact: text, Code: code})
	}
	big := full
	big.Name, big.Grow, big.Code = "65537 bytes", full.Grow+1, "size"
	invalid = append(invalid, big)
	bad("empty", "form", "")
	bad("no tilde", "form", token)
	bad("no tilde at the end", "form", strings.TrimSuffix(first, "~"))
	bad("a key binding at the end", "form", first+token)
	bad("an empty field", "form", first+"~")
	bad("two parts", "form", parts[0]+"."+parts[1]+"~")
	bad("four parts", "form", token+"."+parts[2]+"~")
	bad("an empty part", "form", parts[0]+".."+parts[2]+"~")
	bad("padding", "form", token+"=~")
	bad("the other alphabet", "form", join(fields[0]+"+"))
	bad("a line break", "form", join(fields[0]+"\n"))
	bad("a space before", "form", " "+first)
	bad("not ASCII", "form", join(fields[0]+"é"))
	bad("signature of 63 bytes", "form", parts[0]+"."+parts[1]+"."+base64url.EncodeToString(signature[1:])+"~")
	bad("signature of 65 bytes", "form", parts[0]+"."+parts[1]+"."+base64url.EncodeToString(append([]byte{0}, signature...))+"~")
	bad("signature in DER", "form", parts[0]+"."+parts[1]+"."+base64url.EncodeToString(append([]byte{0x30, 70, 2, 33, 0}, signature...))+"~")
	bad("signature not canonical", "form", token[:len(token)-1]+string(token[len(token)-1]+1)+"~")
	bad("payload of 4n+1 characters", "form", parts[0]+"."+parts[1]+"AAAAA"[:(5-len(parts[1])%4)%4]+"."+parts[2]+"~")

	kid := kidOf(phoneA).String()
	for name, h := range map[string]string{
		"alg none":        `{"alg":"none","typ":"visit-record+sd-jwt","kid":"` + kid + `"}`,
		"alg HS256":       `{"alg":"HS256","typ":"visit-record+sd-jwt","kid":"` + kid + `"}`,
		"alg EdDSA":       `{"alg":"EdDSA","typ":"visit-record+sd-jwt","kid":"` + kid + `"}`,
		"alg lower case":  `{"alg":"es256","typ":"visit-record+sd-jwt","kid":"` + kid + `"}`,
		"typ of office":   `{"alg":"ES256","typ":"office-record+sd-jwt","kid":"` + kid + `"}`,
		"typ of a proof":  `{"alg":"ES256","typ":"device-proof+jwt","kid":"` + kid + `"}`,
		"typ with prefix": `{"alg":"ES256","typ":"application/visit-record+sd-jwt","kid":"` + kid + `"}`,
		"no kid":          `{"alg":"ES256","typ":"visit-record+sd-jwt"}`,
		"kid as number":   `{"alg":"ES256","typ":"visit-record+sd-jwt","kid":7}`,
		"kid too short":   `{"alg":"ES256","typ":"visit-record+sd-jwt","kid":"` + kid[1:] + `"}`,
		"a jwk":           header[:len(header)-1] + `,"jwk":{"kty":"EC","crv":"P-256"}}`,
		"a jku":           header[:len(header)-1] + `,"jku":"https://example.com/keys"}`,
		"crit":            header[:len(header)-1] + `,"crit":["exp"]}`,
		"alg twice":       header[:len(header)-1] + `,"alg":"ES256"}`,
		"Alg":             header[:len(header)-1] + `,"Alg":"ES256"}`,
		"not JSON":        `{`,
		"an array":        `["ES256"]`,
	} {
		bad("header: "+name, "header", rawRecord(t, h, payload, fields, phoneA))
	}
	bad("payload: not JSON", "structure", rawRecord(t, header, payload[1:], fields, phoneA))
	bad("payload: without seq", "structure", rawRecord(t, header, strings.Replace(payload, `"seq":1,`, "", 1), fields, phoneA))
	bad("payload: a member twice", "structure", rawRecord(t, header, strings.Replace(payload, `"seq":1,`, `"seq":1,"seq":1,`, 1), fields, phoneA))
	officePayload := string(mustDecode(strings.Split(officeText, ".")[1]))
	bad("payload: of the office", "structure", rawRecord(t, header, officePayload, nil, phoneA))

	signed := func(raws ...string) string { return rawRecord(t, header, withDigests(payload, raws), raws, phoneA) }
	raw := func(text string) string { return base64url.EncodeToString([]byte(text)) }
	const salt = "AAECAwQFBgcICQoLDA0ODw"
	for name, text := range map[string]string{
		"salt of 15 bytes":      `["AAECAwQFBgcICQoLDA0O","note","x"]`,
		"salt not canonical":    `["AAECAwQFBgcICQoLDA0ODx","note","x"]`,
		"name of a claim":       `["` + salt + `","seq","x"]`,
		"name in upper case":    `["` + salt + `","Note","x"]`,
		"name with two dots":    `["` + salt + `","field.a.b","x"]`,
		"array element":         `["` + salt + `","x"]`,
		"four parts":            `["` + salt + `","note","x","y"]`,
		"object":                `{"note":"x"}`,
		"a fraction":            `["` + salt + `","note",1.5]`,
		"a member twice":        `["` + salt + `","note",{"a":1,"a":2}]`,
		"a lone surrogate":      `["` + salt + `","note","\ud800"]`,
		"_sd inside":            `["` + salt + `","note",{"_sd":[]}]`,
		"... inside, deep down": `["` + salt + `","note",[{"a":[{"...":"x"}]}]]`,
	} {
		bad("signed field: "+name, "field", signed(raw(text)))
	}
	bad("signed field: two of one name", "field", signed(raw(`["`+salt+`","note","x"]`), raw(`["`+salt+`","note","y"]`)))
	bad("signed field: not canonical", "field", signed(raw(`["` + salt + `","note","xy"]`)[:42]+"B"))
	bad("a field twice", "field", join(fields[0], fields[0]))
	bad("signature: one bit", "signature", Compact(parts[0]+"."+parts[1], mustDecode(flip(parts[2])), fields))
	bad("signature: of another record", "signature", Compact(parts[0]+"."+parts[1], mustDecode(strings.Split(strings.Split(photo, "~")[0], ".")[2]), fields))
	bad("signature: zero", "signature", Compact(parts[0]+"."+parts[1], make([]byte, 64), fields))
	bad("payload changed", "signature", Compact(parts[0]+"."+raw(strings.Replace(payload, `"seq":1`, `"seq":2`, 1)), signature, fields))
	bad("header changed", "signature", Compact(raw(" "+header)+"."+parts[1], signature, fields))
	bad("of another phone", "unknown_key", func() string { t, _ := newPhone(t, "phone-b").seal(record.KindNoteWritten); return t }())
	bad("with the kid of another phone", "unknown_key", rawRecord(t, strings.Replace(header, kid, kidOf(phoneB).String(), 1), payload, fields, phoneA))
	bad("of another phone, with this one's kid", "signature", rawRecord(t, header, payload, fields, phoneB))
	slices.SortFunc(invalid, func(a, b recordCase) int { return strings.Compare(a.Name, b.Name) })
	return valid, invalid
}

// flip changes one bit of base64url text and keeps it base64url.
func flip(s string) string {
	b := mustDecode(s)
	b[len(b)/2] ^= 4
	return base64url.EncodeToString(b)
}

// mirror gives the other ECDSA signature of the same statement, (r, n−s).
func mirror(signature []byte) []byte {
	s := new(big.Int).Sub(elliptic.P256().Params().N, new(big.Int).SetBytes(signature[32:]))
	return append(slices.Clone(signature[:32]), s.FillBytes(make([]byte, 32))...)
}

// withDigests puts the digests of other fields into a payload.
func withDigests(payload string, raws []string) string {
	var digests []string
	for _, raw := range raws {
		digests = append(digests, `"`+FieldDigest(raw).String()+`"`)
	}
	slices.Sort(digests)
	before, _, _ := strings.Cut(payload, `"_sd":[`)
	return before + `"_sd":[` + strings.Join(digests, ",") + `]}`
}

func TestRecords(t *testing.T) {
	valid, invalid := recordCases(t)
	for _, c := range valid {
		r, err := Open(c.text(), everyKey)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		var raws []string
		for _, f := range r.Fields {
			raws = append(raws, f.Raw)
		}
		again, err := Parse(Compact(r.Core, r.Signature, append(raws, r.Stray...)))
		if err != nil || again.Hash != r.Hash || len(again.Fields) != len(r.Fields) {
			t.Errorf("%s: put together anew: %v", c.Name, err)
		}
	}
	hashes := map[string]string{}
	for _, c := range valid {
		hashes[c.Name] = c.Hash
	}
	if hashes["the other signature of the same statement"] != hashes["a phone's"] {
		t.Error("one statement has two hashes")
	}
	for _, c := range invalid {
		if _, err := Open(c.text(), OneKey(keyNamed(c.Key).Public())); Code(err) != c.Code || err == nil {
			t.Errorf("%s: %v (%q), want %q", c.Name, err, Code(err), c.Code)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	p := newPhone(t, "phone-a")
	good := p.structure(record.KindNoteWritten)
	broken := good
	broken.App = ""
	officeStructure := record.Structure{ID: idOf("x"), Kind: record.KindPolicyPublished, At: 1, Actor: idOf("x"), App: "x"}
	for name, c := range map[string]struct {
		s       record.Structure
		content []Content
		key     string
		want    error
	}{
		"too long":                 {good, []Content{{"note", strings.Repeat("あ", 20000)}}, "phone-a", ErrSize},
		"two fields of one name":   {good, []Content{{"note", 1}, {"note", 2}}, "phone-a", ErrField},
		"a field with a bad name":  {good, []Content{{"Note", 1}}, "phone-a", ErrField},
		"a field within a field":   {good, []Content{{"note", map[string]any{"_sd": 1}}}, "phone-a", ErrField},
		"a fraction":               {good, []Content{{"note", 1.5}}, "phone-a", ErrField},
		"structure":                {broken, nil, "phone-a", ErrStructure},
		"a phone's with Ed25519":   {good, nil, "office", ErrKey},
		"the office's with ES256":  {officeStructure, nil, "phone-a", ErrKey},
		"more fields than allowed": {good, manyFields(257), "phone-a", ErrStructure},
	} {
		if text, _, err := Seal(c.s, c.content, keyNamed(c.key), stream(name)); !errors.Is(err, c.want) || text != "" {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func manyFields(n int) (list []Content) {
	for i := range n {
		list = append(list, Content{"field.f" + string(rune('a'+i/26)) + string(rune('a'+i%26)), i})
	}
	return list
}

// TestSizeIsExact seals a record of exactly 65,536 bytes, and not one more.
func TestSizeIsExact(t *testing.T) {
	p := newPhone(t, "phone-a")
	s := p.structure(record.KindNoteWritten)
	at := func(n int) (string, error) {
		text, _, err := Seal(s, []Content{{"note", strings.Repeat("a", n)}}, phoneA, stream("size"))
		return text, err
	}
	n := 0
	for step := 1 << 15; step > 0; step /= 2 {
		if _, err := at(n + step); err == nil {
			n += step
		}
	}
	text, err := at(n)
	if err != nil || len(text) > record.MaxSize || len(text) < record.MaxSize-2 {
		t.Errorf("largest: %d bytes, %v", len(text), err)
	}
	if _, err := at(n + 1); !errors.Is(err, ErrSize) {
		t.Errorf("one more: %v", err)
	}
}

func TestWithhold(t *testing.T) {
	text, whole := newPhone(t, "phone-a").seal("hearing.read_back", Content{"text", "a"}, Content{"confirmed", true}, Content{"note", "b"})
	_, other := newPhone(t, "phone-b").seal("note.written", Content{"note", "c"})
	less, err := Withhold(text+other.Fields[0].Raw+"~", func(name string) bool { return name != "note" })
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(less, OneKey(keyNamed("phone-a").Public()))
	if err != nil || r.Hash != whole.Hash || r.Withheld() != 1 || len(r.Fields) != 2 || len(r.Stray) != 0 || r.Text("text") != "a" {
		t.Errorf("%v: %+v", err, r)
	}
	if faults := record.CheckSchema(r); len(faults) > 0 {
		t.Errorf("blamed for what is withheld: %v", faults)
	}
	if same, err := Withhold(text, func(string) bool { return true }); err != nil || len(same) != len(text) {
		t.Errorf("nothing withheld: %v", err)
	}
	if none, err := Withhold(text, func(string) bool { return false }); err != nil || none != strings.SplitAfter(text, "~")[0] {
		t.Errorf("all withheld: %v", err)
	}
	if _, err := Withhold(text[1:], func(string) bool { return true }); err == nil {
		t.Error("what is no record is handed on")
	}
}
