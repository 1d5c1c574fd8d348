package seal

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

type jwkCase struct {
	Name string `json:"name"`
	JWK  string `json:"jwk"`
	Kid  string `json:"kid,omitempty"` // empty: it is refused
}

func jwkCases(t testing.TB) (list []jwkCase) {
	ec, okp := certJWK(t, phoneA), certJWK(t, office)
	list = []jwkCase{
		{"P-256 of RFC 7515 A.3", ec, kidOf(phoneA).String()},
		{"Ed25519 of RFC 8037 A.2", okp, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},
		{"members in another order", `{"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","crv":"P-256"}`,
			kidOf(phoneA).String()},
	}
	bad := func(name, base, from, to string) {
		text := strings.Replace(base, from, to, 1)
		if text == base {
			t.Fatalf("%s: nothing changed", name)
		}
		list = append(list, jwkCase{Name: name, JWK: text})
	}
	bad("private", ec, `"kty"`, `"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kty"`)
	bad("private Ed25519", okp, `"kty"`, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","kty"`)
	bad("ext and key_ops, as WebCrypto exports", ec, `"kty"`, `"ext":true,"key_ops":["verify"],"kty"`)
	bad("a kid", ec, `"kty"`, `"kid":"x","kty"`)
	bad("a member twice", ec, `"kty":"EC"`, `"kty":"EC","kty":"EC"`)
	bad("without y", ec, `,"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"`, ``)
	bad("not on the curve", ec, "x_FEz", "y_FEz")
	bad("x at infinity", ec, `"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"`, `"`+zeroHash+`"`)
	bad("x beyond the field", ec, `"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"`, `"__________________________________________8"`)
	bad("x short", ec, `"f83O`, `"83O`)
	bad("x not canonical", ec, `RVEU"`, `RVEV"`)
	bad("x padded", ec, `RVEU"`, `RVEU="`)
	bad("x as number", ec, `"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"`, `7`)
	bad("P-384", ec, "P-256", "P-384")
	bad("RSA", ec, `"EC"`, `"RSA"`)
	bad("symmetric", ec, `"kty":"EC"`, `"kty":"oct"`)
	bad("X25519", okp, "Ed25519", "X25519")
	bad("Ed25519 with y", okp, `"kty"`, `"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kty"`)
	list = append(list, jwkCase{Name: "array", JWK: "[" + ec + "]"}, jwkCase{Name: "empty", JWK: ""}, jwkCase{Name: "null", JWK: "null"})
	return list
}

func TestJWK(t *testing.T) {
	for _, c := range jwkCases(t) {
		pub, kid, err := ParseJWK([]byte(c.JWK))
		if c.Kid == "" {
			if !errors.Is(err, ErrJWK) || pub != nil {
				t.Errorf("%s: taken, %v", c.Name, err)
			}
			continue
		}
		if err != nil || kid.String() != c.Kid {
			t.Errorf("%s: %v %v", c.Name, kid, err)
			continue
		}
		text, err := MarshalJWK(pub)
		if _, again, err2 := ParseJWK(text); err != nil || err2 != nil || again != kid {
			t.Errorf("%s: does not come back: %v %v", c.Name, err, err2)
		}
	}
	for _, key := range []any{nil, "x", []byte("x"), phoneA, struct{}{}} {
		if _, err := Thumbprint(key); !errors.Is(err, ErrKey) {
			t.Errorf("%T has a thumbprint: %v", key, err)
		}
	}
}

func TestMissing(t *testing.T) {
	text, whole := newPhone(t, "phone-a").seal("hearing.read_back", Content{"text", "a"}, Content{"confirmed", true}, Content{"note", "b"})
	_, other := newPhone(t, "phone-b").seal("note.written", Content{"note", "c"})
	token, _, _ := strings.Cut(text, "~")
	raws := []string{whole.Fields[0].Raw, whole.Fields[1].Raw, whole.Fields[2].Raw}
	half, err := Parse(token + "~" + raws[1] + "~")
	if err != nil || half.Withheld() != 2 {
		t.Fatal(err, half)
	}
	fields, stray := Missing(half, []string{other.Fields[0].Raw, raws[2], raws[1], raws[0], raws[0], "not~a-field"})
	var got []string
	for _, f := range fields {
		got = append(got, f.Raw)
	}
	if !slices.Equal(got, []string{raws[0], raws[2]}) || !slices.Equal(stray, []string{other.Fields[0].Raw, "not~a-field"}) {
		t.Errorf("fields %v, stray %v", got, stray)
	}
	if fields, stray := Missing(whole, raws); len(fields)+len(stray) > 0 {
		t.Errorf("of a whole record: %v %v", fields, stray)
	}
}

// TestMissingKeepsNamesUnique: a record whose sealer gave one name to two
// fields cannot take the second one later, either.
func TestMissingKeepsNamesUnique(t *testing.T) {
	text, r := newPhone(t, "phone-a").seal("note.written", Content{"note", "a"})
	parts := strings.Split(strings.Split(text, "~")[0], ".")
	second := base64url.EncodeToString([]byte(`["AAECAwQFBgcICQoLDA0ODw","note","b"]`))
	payload := withDigests(string(mustDecode(parts[1])), []string{r.Fields[0].Raw, second})
	half, err := Parse(rawRecord(t, string(mustDecode(parts[0])), payload, []string{r.Fields[0].Raw}, phoneA))
	if err != nil {
		t.Fatal(err)
	}
	if fields, stray := Missing(half, []string{second}); len(fields) != 0 || len(stray) != 1 {
		t.Errorf("fields %v, stray %v", fields, stray)
	}
}
