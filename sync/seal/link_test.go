package seal

import (
	"crypto"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/record"
)

// linkKey signs the links of the vectors.
var linkKey = ed25519.NewKeyFromSeed(seed("link"))

func testLink() Link {
	return Link{Origin: testOrigin, Disclosure: idOf("disclosure"), JTI: base64url.EncodeToString(seed("jti")[:16]), Expires: testNow/1000 + 14*86400}
}

// linkCase is one link; it is read with the public part of the key link.
type linkCase struct {
	Name    string `json:"name"`
	Token   string `json:"token"`
	Payload string `json:"payload,omitempty"`
	Code    string `json:"code,omitempty"` // empty: it is taken
}

func linkCases(t testing.TB) (valid, invalid []linkCase) {
	sure := made(t)
	token := sure(SignLink(testLink(), linkKey))
	parts := strings.Split(token, ".")
	header, payload := string(mustDecode(parts[0])), string(mustDecode(parts[1]))
	valid = append(valid, linkCase{Name: "link", Token: token, Payload: payload})

	again := func(header, payload string, key crypto.Signer) string {
		return sure(SignCore(base64url.EncodeToString([]byte(header))+"."+base64url.EncodeToString([]byte(payload)), key))
	}
	bad := func(name, code, token string) {
		invalid = append(invalid, linkCase{Name: name, Token: token, Code: code})
	}
	bad("one bit of the payload", "signature", parts[0]+"."+flipLast(parts[1])+"."+parts[2])
	bad("one bit of the signature", "signature", parts[0]+"."+parts[1]+"."+flip(parts[2]))
	bad("no signature", "form", parts[0]+"."+parts[1]+".")
	bad("two parts", "form", parts[0]+"."+parts[1])
	bad("a slash after", "form", token+"/")
	bad("empty", "form", "")
	bad("longer than 8 KiB", "size", again(header, payload[:len(payload)-1]+strings.Repeat(" ", 6200)+"}", linkKey))
	bad("alg none", "header", again(strings.Replace(header, "EdDSA", "none", 1), payload, linkKey))
	bad("another typ", "header", again(strings.Replace(header, typLink, "JWT", 1), payload, linkKey))
	bad("a jwk", "header", again(header[:len(header)-1]+`,"jwk":{}}`, payload, linkKey))
	bad("by the office key", "unknown_key", again(strings.Replace(header, kidOf(linkKey).String(), kidOf(office).String(), 1), payload, office))
	bad("by the office key in the name of the link key", "signature", again(header, payload, office))
	change := func(name, from, to string) {
		changed := strings.Replace(payload, from, to, 1)
		if changed == payload {
			t.Fatalf("%s: %s is not in it", name, from)
		}
		bad(name, "claims", again(header, changed, linkKey))
	}
	change("v 2", `"v":1`, `"v":2`)
	change("for another audience", `"client"`, `"office"`)
	change("audience in a list", `"client"`, `["client"]`)
	change("no audience", `"aud":"client",`, ``)
	change("no disclosure", `"sub":"`+idOf("disclosure").String()+`",`, ``)
	change("disclosure is no UUID", idOf("disclosure").String(), "disclosure")
	change("jti too short", testLink().JTI, testLink().JTI[:21])
	change("jti with stray bits", testLink().JTI, testLink().JTI[:21]+"_")
	change("exp 0", `"exp":1764849600`, `"exp":0`)
	change("exp as text", `"exp":1764849600`, `"exp":"1764849600"`)
	change("a member more", `"v":1`, `"v":1,"nbf":1`)
	change("a member twice", `"v":1`, `"v":1,"v":1`)
	slices.SortFunc(invalid, func(a, b linkCase) int { return strings.Compare(a.Name, b.Name) })
	return valid, invalid
}

func TestLinks(t *testing.T) {
	valid, invalid := linkCases(t)
	for _, c := range valid {
		if l, err := OpenLink(c.Token, linkKey.Public()); err != nil || l != testLink() {
			t.Errorf("%s: %+v, %v", c.Name, l, err)
		}
		if again := made(t)(SignLink(testLink(), linkKey)); again != c.Token {
			t.Errorf("%s: one link has two tokens", c.Name)
		}
		for _, other := range []string{typReceipt, typBlobReceipt, typQuarantineReceipt, typDeviceCert, typKeySet} {
			if err := open(tokenCase{Type: other, Key: "office", Token: c.Token}); Code(err) != "header" {
				t.Errorf("%s passes for a %s: %v", c.Name, other, err)
			}
		}
	}
	for _, c := range invalid {
		if _, err := OpenLink(c.Token, linkKey.Public()); err == nil || Code(err) != c.Code {
			t.Errorf("%s: %v (%q), want %q", c.Name, err, Code(err), c.Code)
		}
	}
	others, _ := tokenCases(t)
	for _, c := range others {
		if _, err := OpenLink(c.Token, keyNamed(c.Key).Public()); Code(err) != "header" {
			t.Errorf("%s passes for a link: %v", c.Name, err)
		}
	}
}

// What no reader would take is not signed.
func TestSignLinkRefuses(t *testing.T) {
	for name, edit := range map[string]func(*Link){
		"no origin":     func(l *Link) { l.Origin = "" },
		"no disclosure": func(l *Link) { l.Disclosure = record.ID{} },
		"no jti":        func(l *Link) { l.JTI = "" },
		"no expiry":     func(l *Link) { l.Expires = 0 },
	} {
		l := testLink()
		edit(&l)
		if token, err := SignLink(l, linkKey); err == nil {
			t.Errorf("%s: %s", name, token)
		}
	}
	if _, err := SignLink(testLink(), phoneA); err == nil {
		t.Error("signed by a phone")
	}
}

func TestLinkVectors(t *testing.T) {
	valid, invalid := linkCases(t)
	golden(t, "../testdata/vectors/link.json", vectorFile(t,
		"Links for people without an account (docs/protocol.md, 11). keys: private JWK, for tests only. links: taken when read with the public part of the key; "+
			"badLinks: refused with code. No reader compares exp with a clock: the server's row decides.",
		section{"keys", []any{namedKey{"link", kidOf(linkKey).String(), privateJWK(t, linkKey)}}}, section{"links", anys(valid)}, section{"badLinks", anys(invalid)}))
}
