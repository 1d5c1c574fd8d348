package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

func TestSmoke(t *testing.T) {
	k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	kid, _ := Thumbprint(&k.PublicKey)
	id := record.NewID(time.Now(), rand.Reader)
	s := record.Structure{ID: id, Seq: 1, Prev: record.Hash(kid), Kind: record.KindNoteWritten, Case: id, At: 1, TZ: "Asia/Tokyo",
		Boot: base64url.EncodeToString(bytes.Repeat([]byte{7}, 16)), Actor: id, App: "x/1"}
	text, r, err := Seal(s, []Content{{"note", "こんにちは"}}, k, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(text, OneKey(&k.PublicKey)); err != nil {
		t.Fatal(err)
	}
	if f := record.CheckSchema(r); f != nil {
		t.Fatal(f)
	}
	_, e, _ := ed25519.GenerateKey(rand.Reader)
	ekid, _ := Thumbprint(e.Public())
	skew := int64(-4)
	core, err := ReceiptCore(ekid, Receipt{Origin: "a/b", Hash: r.Hash, KeyID: r.KeyID, Seq: 1, ReceivedAt: 5, SkewMS: &skew})
	if err != nil {
		t.Fatal(err)
	}
	tok, _ := SignCore(core, e)
	got, err := OpenReceipt(tok, e.Public())
	if err != nil || got.Hash != r.Hash {
		t.Fatal(err)
	}
	p, err := SignProof(k, "POST", "https://x/y", NewNonce([]byte("s"), time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if _, n, err := OpenProof(p, OneKey(&k.PublicKey), "POST", "https://x/y"); err != nil || CheckNonce([]byte("s"), n, time.Now()) != nil {
		t.Fatal(err)
	}
	c, err := SignDeviceCert(DeviceCert{Origin: "a", Key: &k.PublicKey, Member: id, Name: "髙橋"}, e)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDeviceCert(c, e.Public()); err != nil {
		t.Fatal(err)
	}
	ks, err := SignKeySet(KeySet{Version: 1, Origin: "a", Origins: []string{"a"}, Keys: []Key{{Use: UseReceipt, Public: e.Public()}}}, e)
	if err != nil {
		t.Fatal(err)
	}
	set, err := OpenKeySet(ks, e.Public())
	if err != nil || len(set.Keys) != 1 {
		t.Fatal(err)
	}
	_ = ijson.M
}
