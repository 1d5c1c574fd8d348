package seal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"
	"time"

	"tachiai/sync/record"
)

// The keys of every test and vector. They are made from their names, so that
// whoever reads the vectors can make them too; phone-a is the key of RFC 7515
// A.3, office that of RFC 8037 A.
var (
	phoneA  = phoneKey(mustDecode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"))
	phoneB  = phoneKey(seed("phone-b"))
	office  = ed25519.NewKeyFromSeed(mustDecode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
	receipt = ed25519.NewKeyFromSeed(seed("receipt"))
	root    = ed25519.NewKeyFromSeed(seed("root"))

	testKeys = []struct {
		name string
		key  crypto.Signer
	}{{"phone-a", phoneA}, {"phone-b", phoneB}, {"office", office}, {"receipt", receipt}, {"root", root}}
)

func seed(name string) []byte { s := sha256.Sum256([]byte("tachiai test key " + name)); return s[:] }

func mustDecode(s string) []byte {
	b, err := base64url.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func phoneKey(d []byte) *ecdsa.PrivateKey {
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	if err != nil {
		panic(err)
	}
	return k
}

func keyNamed(name string) crypto.Signer {
	for _, k := range testKeys {
		if k.name == name {
			return k.key
		}
	}
	panic(name)
}

func kidOf(key crypto.Signer) record.KeyID {
	kid, err := Thumbprint(key.Public())
	if err != nil {
		panic(err)
	}
	return kid
}

// everyKey knows all keys of the tests.
func everyKey(kid record.KeyID) (crypto.PublicKey, error) {
	for _, k := range testKeys {
		if kidOf(k.key) == kid {
			return k.key.Public(), nil
		}
	}
	return nil, ErrUnknownKey
}

// privateJWK is how a key stands in the vectors.
func privateJWK(t testing.TB, key crypto.Signer) any {
	t.Helper()
	text, err := MarshalJWK(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		d, err := k.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		m["d"] = base64url.EncodeToString(d)
	case ed25519.PrivateKey:
		m["d"] = base64url.EncodeToString(k.Seed())
	}
	return m
}

// random is an endless stream made from a name.
type random struct {
	name string
	n    uint64
	rest []byte
}

func stream(name string) io.Reader { return &random{name: name} }

func (r *random) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if len(r.rest) == 0 {
			block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(r.name), r.n))
			r.rest, r.n = block[:], r.n+1
		}
		c := copy(p[n:], r.rest)
		r.rest, n = r.rest[c:], n+c
	}
	return len(p), nil
}

const testNow = 1763640000000 // 2025-11-20T12:00:00Z

func idOf(name string) record.ID { return record.NewID(time.UnixMilli(testNow), stream(name)) }

// A phone seals a journal, one record after the other.
type phone struct {
	t    testing.TB
	key  *ecdsa.PrivateKey
	name string
	head record.Head
}

func newPhone(t testing.TB, name string) *phone {
	key := keyNamed(name).(*ecdsa.PrivateKey)
	return &phone{t, key, name, record.Genesis(kidOf(key))}
}

// structure is what the phone would seal next.
func (p *phone) structure(kind record.Kind) record.Structure {
	seq := p.head.Seq + 1
	id := record.NewID(time.UnixMilli(testNow+seq*1000), stream(p.name+string(kind)+string(rune('0'+seq))))
	return record.Structure{
		ID: id, Seq: seq, Prev: p.head.Hash, Kind: kind, Case: idOf("case"), Visit: idOf("visit"), At: testNow + seq*1000, TZ: "Asia/Tokyo",
		Boot: base64url.EncodeToString(seed(p.name)[:16]), Mono: seq * 1000, Clock: &record.Clock{OffsetMS: -350, AgeMS: 60000},
		Actor: idOf("rep"), App: "tachiai-pwa/0.1.0", Policy: "2026-04",
	}
}

func (p *phone) seal(kind record.Kind, content ...Content) (string, *record.Record) {
	return p.sealWith(p.structure(kind), content...)
}

func (p *phone) sealWith(s record.Structure, content ...Content) (string, *record.Record) {
	p.t.Helper()
	text, r, err := Seal(s, content, p.key, stream(s.ID.String()))
	if err != nil {
		p.t.Fatal(err)
	}
	p.head = record.Head{Seq: r.Seq, Hash: r.Hash}
	return text, r
}

// rawRecord signs whatever it is given: how a broken phone would seal.
func rawRecord(t testing.TB, header, payload string, fields []string, key crypto.Signer) string {
	t.Helper()
	core := base64url.EncodeToString([]byte(header)) + "." + base64url.EncodeToString([]byte(payload))
	signature, err := sign(core, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Compact(core, signature, fields)
}
