package seal

import (
	"crypto"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tachiai/sync/record"
)

const testOrigin = "tachiai.example/ledger/1"

// tokenCase is one token of the server or of a phone. Type names the reader.
type tokenCase struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Key     string `json:"key"` // the key that the reader believes in
	Token   string `json:"token"`
	Payload string `json:"payload,omitempty"`
	Code    string `json:"code,omitempty"` // empty: it is taken
}

const zeroHash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// open reads a token with the reader of its type.
func open(c tokenCase) error {
	pub := keyNamed(c.Key).Public()
	var err error
	switch c.Type {
	case typReceipt:
		_, err = OpenReceipt(c.Token, pub)
	case typBlobReceipt:
		_, err = OpenBlobReceipt(c.Token, pub)
	case typQuarantineReceipt:
		_, err = OpenQuarantineReceipt(c.Token, pub)
	case typDeviceCert:
		_, err = OpenDeviceCert(c.Token, pub)
	case typKeySet:
		_, err = OpenKeySet(c.Token, pub)
	case typProof:
		_, _, err = OpenProof(c.Token, OneKey(pub), "POST", testURL)
	default:
		panic(c.Type)
	}
	return err
}

const testURL = "https://tachiai.example/api/field/v1/records"

// made returns a token that has been made without an error.
func made(t testing.TB) func(string, error) string {
	return func(token string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
}

func signed(core string, err error, key crypto.Signer) (string, error) {
	if err != nil {
		return "", err
	}
	return SignCore(core, key)
}

var skew = int64(-350)

var (
	phoneReceipt = Receipt{Origin: testOrigin, Index: 41, Hash: record.Hash{1}, KeyID: record.KeyID{2}, Seq: 7, ReceivedAt: testNow, SkewMS: &skew}
	blobReceipt  = BlobReceipt{Origin: testOrigin, Record: record.Hash{1}, SHA256: strings.Repeat("0a", 32), Size: 307200, StoredAt: testNow, Index: 42}
	quarantined  = QuarantineReceipt{Origin: testOrigin, SHA256: strings.Repeat("0b", 32), ReceivedAt: testNow, Code: "signature"}
)

func certificate() DeviceCert {
	return DeviceCert{Origin: testOrigin, Key: phoneA.Public(), Member: idOf("rep"), Name: "髙橋", IssuedAt: testNow}
}

func keySet() KeySet {
	return KeySet{Version: 3, Origin: testOrigin, Origins: []string{"tachiai.example/ledger/0", testOrigin}, IssuedAt: testNow, Rescue: "age1xyz",
		Keys: []Key{{UseReceipt, kidOf(receipt), receipt.Public()}, {UseOffice, kidOf(office), office.Public()}, {"pdf", kidOf(phoneB), phoneB.Public()}}}
}

func tokenCases(t testing.TB) (valid, invalid []tokenCase) {
	sure := made(t)
	ok := func(name, typ, key, token string) tokenCase {
		c := tokenCase{Name: name, Type: typ, Key: key, Token: token, Payload: string(mustDecode(strings.Split(token, ".")[1]))}
		valid = append(valid, c)
		return c
	}
	sign := func(key crypto.Signer) func(string, error) string {
		return func(core string, err error) string { return sure(signed(core, err, key)) }
	}
	ofOffice := phoneReceipt
	ofOffice.Seq, ofOffice.SkewMS = 0, nil
	base := []tokenCase{
		ok("receipt of a phone's record", typReceipt, "receipt", sign(receipt)(ReceiptCore(kidOf(receipt), phoneReceipt))),
		ok("blob receipt", typBlobReceipt, "receipt", sign(receipt)(BlobReceiptCore(kidOf(receipt), blobReceipt))),
		ok("quarantine receipt", typQuarantineReceipt, "receipt", sign(receipt)(QuarantineReceiptCore(kidOf(receipt), quarantined))),
		ok("certificate", typDeviceCert, "office", sure(SignDeviceCert(certificate(), office))),
		ok("key set", typKeySet, "root", sure(SignKeySet(keySet(), root))),
		ok("proof", typProof, "phone-a", sure(SignProof(phoneA, "POST", testURL, NewNonce([]byte("secret"), time.UnixMilli(testNow))))),
	}
	ok("receipt of an office record", typReceipt, "receipt", sign(receipt)(ReceiptCore(kidOf(receipt), ofOffice)))

	bad := func(c tokenCase, name, code, token string) {
		invalid = append(invalid, tokenCase{Name: c.Name + ": " + name, Type: c.Type, Key: c.Key, Token: token, Code: code})
	}
	for _, c := range base {
		parts := strings.Split(c.Token, ".")
		key := keyNamed(c.Key)
		header := string(mustDecode(parts[0]))
		again := func(header, payload string) string {
			return sure(SignCore(base64url.EncodeToString([]byte(header))+"."+base64url.EncodeToString([]byte(payload)), key))
		}
		bad(c, "one bit of the payload", "signature", parts[0]+"."+flipLast(parts[1])+"."+parts[2])
		bad(c, "one bit of the signature", "signature", parts[0]+"."+parts[1]+"."+flip(parts[2]))
		bad(c, "no signature", "form", parts[0]+"."+parts[1]+".")
		bad(c, "two parts", "form", parts[0]+"."+parts[1])
		bad(c, "a tilde after", "form", c.Token+"~")
		bad(c, "a line break after", "form", c.Token+"\n")
		bad(c, "alg none", "header", again(strings.Replace(strings.Replace(header, "EdDSA", "none", 1), "ES256", "none", 1), c.Payload))
		bad(c, "alg as RFC 9864 names it", "header", again(strings.Replace(strings.Replace(header, "EdDSA", "Ed25519", 1), "ES256", "ES384", 1), c.Payload))
		bad(c, "another typ", "header", again(strings.Replace(header, c.Type, "JWT", 1), c.Payload))
		bad(c, "a jku", "header", again(header[:len(header)-1]+`,"jku":"https://example.com"}`, c.Payload))
		bad(c, "a member more", "claims", again(header, c.Payload[:len(c.Payload)-1]+`,"exp":1}`))
		bad(c, "a member twice", "claims", again(header, c.Payload[:len(c.Payload)-1]+`,`+c.Payload[1:]))
		bad(c, "a member less", "claims", again(header, "{"+c.Payload[strings.Index(c.Payload, `,"`)+1:]))
		bad(c, "an array", "claims", again(header, "["+c.Payload+"]"))
		other := "root"
		if c.Key == "root" {
			other = "office"
		}
		if c.Type == typProof {
			other = "phone-b"
		}
		swapped := c
		swapped.Key = other
		bad(swapped, "read with another key", "unknown_key", c.Token)
		bad(swapped, "kid changed to another key", "signature", again(strings.Replace(header, kidOf(key).String(), kidOf(keyNamed(other)).String(), 1), c.Payload))
		long := again(header, c.Payload[:len(c.Payload)-1]+strings.Repeat(" ", 6200)+"}")
		if c.Type != typKeySet {
			bad(c, "longer than 8 KiB", "size", long)
		}
	}
	change := func(i int, name, from, to string) {
		c := base[i]
		parts := strings.Split(c.Token, ".")
		payload := strings.Replace(c.Payload, from, to, 1)
		if payload == c.Payload {
			t.Fatalf("%s: %s is not in it", c.Name, from)
		}
		bad(c, name, "claims", sure(SignCore(parts[0]+"."+base64url.EncodeToString([]byte(payload)), keyNamed(c.Key))))
	}
	change(0, "v 2", `"v":1`, `"v":2`)
	change(0, "index negative", `"index":41`, `"index":-1`)
	change(0, "seq 0", `"seq":7`, `"seq":0`)
	change(0, "seq without skew", `,"skew_ms":-350`, ``)
	change(0, "skew without seq", `"seq":7,`, ``)
	change(0, "hash padded", zeroHash[3:], zeroHash[3:]+"=")
	change(0, "origin empty", testOrigin, "")
	change(0, "origin with a space", testOrigin, "a b")
	change(0, "origin not ASCII", testOrigin, "立会")
	change(1, "sha256 in upper case", "0a0a", "0A0A")
	change(1, "size negative", `"size":307200`, `"size":-1`)
	change(1, "size as text", `"size":307200`, `"size":"307200"`)
	change(2, "code with a space", "signature", "a b")
	change(3, "member is no UUID", idOf("rep").String(), "rep")
	change(3, "name empty", "髙橋", "")
	change(3, "key not on the curve", `"x":"f`, `"x":"g`)
	change(3, "key with a private part", `"kty":"EC"`, `"kty":"EC","d":"x"`)
	change(3, "key is Ed25519", certJWK(t, phoneA), certJWK(t, office))
	change(4, "version 0", `"version":3`, `"version":0`)
	change(4, "origin not among origins", `"origins":["tachiai.example/ledger/0","`+testOrigin, `"origins":["tachiai.example/ledger/0","x`)
	change(4, "kid of another key", kidOf(receipt).String(), kidOf(phoneA).String())
	change(4, "use in upper case", `"use":"receipt"`, `"use":"Receipt"`)
	change(4, "rescue null", `"rescue":"age1xyz"`, `"rescue":null`)
	change(5, "nonce null", `"nonce":"`, `"nonce":null,"x":"`)
	slices.SortFunc(invalid, func(a, b tokenCase) int { return strings.Compare(a.Name, b.Name) })
	return valid, invalid
}

func certJWK(t testing.TB, key crypto.Signer) string {
	text, err := MarshalJWK(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// flipLast changes a payload so that it stays JSON of the same form: one digit
// or letter near its end.
func flipLast(part string) string {
	b := mustDecode(part)
	for i := len(b) - 3; ; i-- {
		if c := b[i]; c >= 'a' && c < 'z' || c >= '0' && c < '9' {
			b[i]++
			return base64url.EncodeToString(b)
		}
	}
}

func TestTokens(t *testing.T) {
	valid, invalid := tokenCases(t)
	for _, c := range valid {
		if err := open(c); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		for _, other := range []string{typReceipt, typBlobReceipt, typQuarantineReceipt, typDeviceCert, typKeySet, typProof} {
			if c.Type != other && !errors.Is(open(tokenCase{Type: other, Key: c.Key, Token: c.Token}), ErrHeader) {
				t.Errorf("%s passes for a %s", c.Name, other)
			}
		}
	}
	for _, c := range invalid {
		if err := open(c); err == nil || Code(err) != c.Code {
			t.Errorf("%s: %v (%q), want %q", c.Name, err, Code(err), c.Code)
		}
	}
}

func TestReceiptsComeBack(t *testing.T) {
	kid, pub := kidOf(receipt), receipt.Public()
	core, err := ReceiptCore(kid, phoneReceipt)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := ReceiptCore(kid, phoneReceipt); again != core {
		t.Error("one receipt has two cores")
	}
	fromCore, err := ParseReceiptCore(core)
	if err != nil || !reflect.DeepEqual(fromCore, phoneReceipt) {
		t.Errorf("from the leaf: %v %+v", err, fromCore)
	}
	token := made(t)(SignCore(core, receipt))
	if again := made(t)(SignCore(core, receipt)); again != token || !strings.HasPrefix(token, core+".") {
		t.Error("one core has two tokens")
	}
	if r, err := OpenReceipt(token, pub); err != nil || !reflect.DeepEqual(r, phoneReceipt) {
		t.Errorf("receipt: %v %+v", err, r)
	}
	token = made(t)(signedCore(BlobReceiptCore(kid, blobReceipt)))
	if r, err := OpenBlobReceipt(token, pub); err != nil || r != blobReceipt {
		t.Errorf("blob receipt: %v %+v", err, r)
	}
	token = made(t)(signedCore(QuarantineReceiptCore(kid, quarantined)))
	if r, err := OpenQuarantineReceipt(token, pub); err != nil || r != quarantined {
		t.Errorf("quarantine receipt: %v %+v", err, r)
	}
	token = made(t)(SignDeviceCert(certificate(), office))
	if c, err := OpenDeviceCert(token, office.Public()); err != nil || !reflect.DeepEqual(c, certificate()) {
		t.Errorf("certificate: %v %+v", err, c)
	}
	token = made(t)(SignKeySet(keySet(), root))
	set, err := OpenKeySet(token, root.Public())
	if err != nil || !reflect.DeepEqual(set, keySet()) {
		t.Errorf("key set: %v %+v", err, set)
	}
	if kid, err := RootOf(token); err != nil || kid != kidOf(root) {
		t.Errorf("root: %v %v", kid, err)
	}
	if _, err := set.KeyFunc(UseOffice)(kidOf(office)); err != nil {
		t.Errorf("office key: %v", err)
	}
	if _, err := set.KeyFunc(UseOffice)(kidOf(receipt)); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("receipt key as office key: %v", err)
	}
}

func signedCore(core string, err error) (string, error) { return signed(core, err, receipt) }

func TestCoresRefuse(t *testing.T) {
	for name, spoil := range map[string]func(*Receipt){
		"origin":           func(r *Receipt) { r.Origin = "a b" },
		"no origin":        func(r *Receipt) { r.Origin = "" },
		"index":            func(r *Receipt) { r.Index = -1 },
		"seq":              func(r *Receipt) { r.Seq = -1 },
		"seq without skew": func(r *Receipt) { r.SkewMS = nil },
		"skew without seq": func(r *Receipt) { r.Seq = 0 },
		"huge time":        func(r *Receipt) { r.ReceivedAt = 1 << 53 },
	} {
		bad := phoneReceipt
		spoil(&bad)
		if _, err := ReceiptCore(record.KeyID{}, bad); !errors.Is(err, ErrClaims) {
			t.Errorf("%s: %v", name, err)
		}
	}
	badBlob := blobReceipt
	badBlob.SHA256 = strings.ToUpper(badBlob.SHA256)
	if _, err := BlobReceiptCore(record.KeyID{}, badBlob); !errors.Is(err, ErrClaims) {
		t.Errorf("sha256: %v", err)
	}
	badCode := quarantined
	badCode.Code = ""
	if _, err := QuarantineReceiptCore(record.KeyID{}, badCode); !errors.Is(err, ErrClaims) {
		t.Errorf("code: %v", err)
	}
	if _, err := SignDeviceCert(certificate(), phoneB); err == nil {
		t.Error("a phone can issue certificates")
	}
	if _, err := SignProof(office, "GET", testURL, "n"); err == nil {
		t.Error("the office can prove to be a phone")
	}
	set := keySet()
	set.Origins = nil
	if _, err := SignKeySet(set, root); !errors.Is(err, ErrClaims) {
		t.Errorf("origins: %v", err)
	}
}

func TestProof(t *testing.T) {
	token := made(t)(SignProof(phoneA, "POST", testURL, "nonce"))
	kid, nonce, err := OpenProof(token, everyKey, "POST", testURL)
	if err != nil || kid != kidOf(phoneA) || nonce != "nonce" {
		t.Errorf("%v %v %v", kid, nonce, err)
	}
	for _, c := range [][2]string{{"PUT", testURL}, {"post", testURL}, {"POST", testURL + "/"}, {"POST", testURL + "?x=1"}, {"POST", strings.ToUpper(testURL)}} {
		if _, _, err := OpenProof(token, everyKey, c[0], c[1]); !errors.Is(err, ErrProof) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, _, err := OpenProof(token, func(record.KeyID) (crypto.PublicKey, error) { return nil, ErrUnknownKey }, "POST", testURL); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("unknown: %v", err)
	}
	if _, _, err := OpenProof(token, func(record.KeyID) (crypto.PublicKey, error) { return phoneB.Public(), nil }, "POST", testURL); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("a keeper that gives the wrong key: %v", err)
	}
}

type nonceCase struct {
	Name   string `json:"name"`
	Secret string `json:"secret"` // as text
	Nonce  string `json:"nonce"`
	Now    int64  `json:"now"`
	Result string `json:"result"` // ok, expired, foreign
}

func nonceCases() []nonceCase {
	life := NonceLife.Milliseconds()
	n := NewNonce([]byte("secret"), time.UnixMilli(testNow))
	return []nonceCase{
		{"fresh", "secret", n, testNow, "ok"}, {"15 minutes old", "secret", n, testNow + life, "ok"},
		{"a ms older", "secret", n, testNow + life + 1, "expired"}, {"from a clock 15 minutes ahead", "secret", n, testNow - life, "ok"},
		{"from further ahead", "secret", n, testNow - life - 1, "expired"}, {"of another server", "other", n, testNow, "foreign"},
		{"time changed", "secret", "B" + n[1:], testNow, "foreign"}, {"code changed", "secret", flip(n), testNow, "foreign"},
		{"short", "secret", n[1:], testNow, "foreign"}, {"empty", "secret", "", testNow, "foreign"}, {"line break", "secret", n[:31] + "\n", testNow, "foreign"},
	}
}

func TestNonce(t *testing.T) {
	for _, c := range nonceCases() {
		err := CheckNonce([]byte(c.Secret), c.Nonce, time.UnixMilli(c.Now))
		want := map[string]error{"ok": nil, "expired": ErrNonceExpired, "foreign": ErrNonce}[c.Result]
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", c.Name, err, want)
		}
	}
}

func TestPinnedKeySet(t *testing.T) {
	set := keySet()
	unpinned := made(t)(SignKeySet(set, root))
	set.Keys = append(set.Keys, Key{UseRoot, kidOf(root), root.Public()})
	token := made(t)(SignKeySet(set, root))
	if got, err := OpenPinnedKeySet(token, kidOf(root)); err != nil || len(got.Keys) != 4 {
		t.Errorf("%v %+v", err, got)
	}
	set.Keys = append(set.Keys, Key{UseRoot, kidOf(receipt), receipt.Public()})
	for name, c := range map[string]struct {
		token string
		root  record.KeyID
		want  error
	}{
		"another root pinned":          {token, kidOf(office), ErrUnknownKey},
		"the root is not in the set":   {unpinned, kidOf(root), ErrUnknownKey},
		"signed by another of its own": {made(t)(SignKeySet(set, receipt)), kidOf(root), ErrUnknownKey},
		"one bit of the signature":     {token[:strings.LastIndexByte(token, '.')+1] + flip(token[strings.LastIndexByte(token, '.')+1:]), kidOf(root), ErrSignature},
	} {
		if got, err := OpenPinnedKeySet(c.token, c.root); !errors.Is(err, c.want) || got.Keys != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
