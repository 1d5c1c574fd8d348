package seal

import (
	"crypto"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"tachiai/sync/ijson"
)

// TestFieldsOfRFC9901 takes the disclosures of RFC 9901, §4.2.1 and §5.1.
func TestFieldsOfRFC9901(t *testing.T) {
	for _, c := range []struct{ raw, digest, name, value string }{
		{"WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", "", ""},
		{"WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd", "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4", "given_name", "John"},
		{"WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd", "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo", "family_name", "Doe"},
		{"WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgImVtYWlsIiwgImpvaG5kb2VAZXhhbXBsZS5jb20iXQ", "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE", "email",
			"johndoe@example.com"},
		{"WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgInBob25lX251bWJlciIsICIrMS0yMDItNTU1LTAxMDEiXQ", "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI",
			"phone_number", "+1-202-555-0101"},
	} {
		if got := FieldDigest(c.raw).String(); got != c.digest {
			t.Errorf("%s: digest %s, want %s", c.raw, got, c.digest)
		}
		if c.name == "" {
			continue // its salt is of the right length and not canonical, which this profile refuses
		}
		f, err := parseField(c.raw)
		if err != nil {
			t.Fatalf("%s: %v", c.raw, err)
		}
		if v, _ := f.Value.Text(); f.Name != c.name || v != c.value {
			t.Errorf("%s: %s %s", c.raw, f.Name, v)
		}
	}
}

// TestSignaturesOfRFCs takes RFC 7515 A.3 (ES256) and RFC 8037 A.4 and A.5.
func TestSignaturesOfRFCs(t *testing.T) {
	for _, c := range []struct {
		name, token string
		key         any
	}{
		{"RFC 7515 A.3", "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ." +
			"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q", phoneA.Public()},
		{"RFC 8037 A.4", "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
			"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg", office.Public()},
	} {
		dot := strings.LastIndexByte(c.token, '.')
		core, signature := c.token[:dot], mustDecode(c.token[dot+1:])
		if !verifyCore(core, signature, c.key) {
			t.Errorf("%s does not verify", c.name)
		}
		for i := range signature {
			signature[i] ^= 1
			if verifyCore(core, signature, c.key) {
				t.Errorf("%s verifies with byte %d changed", c.name, i)
			}
			signature[i] ^= 1
		}
		if _, err := split(c.token); Code(err) != "header" {
			t.Errorf("%s: our header has kid and typ: %v", c.name, err)
		}
	}
	signature, err := sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", office, nil)
	if err != nil || base64url.EncodeToString(signature) != "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg" {
		t.Errorf("RFC 8037 A.4: signed otherwise: %v", err)
	}
}

func TestThumbprintsOfRFCs(t *testing.T) {
	rsa := ijson.Members{ijson.M("e", "AQAB"), ijson.M("kty", "RSA"), ijson.M("n",
		"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9y"+
			"BXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"+
			"M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")}
	if kid, err := thumbprint(rsa); err != nil || kid.String() != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("RFC 7638 §3.1: %v %v", kid, err)
	}
	if kid := kidOf(office); kid.String() != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("RFC 8037 A.3: %v", kid)
	}
	for _, k := range testKeys { // what the standards give no P-256 example for, go-jose does
		want, err := (&jose.JSONWebKey{Key: k.key.Public()}).Thumbprint(crypto.SHA256)
		if kid := kidOf(k.key); err != nil || string(want) != string(kid[:]) {
			t.Errorf("%s: %v, go-jose %x", k.name, kid, want)
		}
	}
}

// TestAgainstGoJose: what the fast path says of a signature, go-jose says too.
func TestAgainstGoJose(t *testing.T) {
	text, r := newPhone(t, "phone-a").seal("note.written", Content{"note", "x"})
	token, _, _ := strings.Cut(text, "~")
	opened := func(token string) bool {
		return verifyToken(token, algPhone, phoneA.Public()) == nil
	}
	if !opened(token) || Verify(r, phoneA.Public()) != nil {
		t.Fatal("does not verify")
	}
	for i := range r.Signature {
		bad := *r
		bad.Signature = append([]byte(nil), r.Signature...)
		bad.Signature[i] ^= 0x80
		if opened(bad.Core+"."+base64url.EncodeToString(bad.Signature)) || Verify(&bad, phoneA.Public()) == nil {
			t.Errorf("byte %d changed, and it verifies", i)
		}
	}
	for _, edge := range [][]byte{make([]byte, 64), append(make([]byte, 32), r.Signature[32:]...), append(r.Signature[:32:32], make([]byte, 32)...)} {
		bad := *r
		bad.Signature = edge
		if opened(bad.Core+"."+base64url.EncodeToString(edge)) || Verify(&bad, phoneA.Public()) == nil {
			t.Error("a zero verifies")
		}
	}
}
