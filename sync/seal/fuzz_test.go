package seal

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/record"
)

// FuzzParse: what is read as a record can be put together again to the same,
// whatever is refused has a code, and nothing that was not sealed verifies.
func FuzzParse(f *testing.F) {
	valid, invalid := recordCases(f)
	sealed := map[record.Hash]bool{} // all that the test keys ever signed
	for _, c := range append(valid, invalid...) {
		if c.Grow == 0 {
			f.Add(c.Compact)
		}
		token, _, _ := strings.Cut(c.Compact, "~")
		if r, err := Parse(token + "~"); err == nil {
			sealed[r.Hash] = true
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			if r != nil || Code(err) == "" {
				t.Fatalf("%v %v", r, err)
			}
			return
		}
		raws := make([]string, 0, len(r.Fields))
		for _, field := range r.Fields {
			raws = append(raws, field.Raw)
		}
		whole := Compact(r.Core, r.Signature, append(raws, r.Stray...))
		again, err := Parse(whole)
		if err != nil || again.Hash != r.Hash || len(again.Fields) != len(r.Fields) || !slices.Equal(again.Stray, r.Stray) {
			t.Fatalf("put together: %v", err)
		}
		if fields, stray := Missing(r, append(raws, r.Stray...)); len(fields) > 0 || len(stray) > len(r.Stray) {
			t.Fatalf("missing: %v %v", fields, stray)
		}
		record.CheckSchema(r)
		r.BlobFields()
		if _, err := Open(text, everyKey); err == nil && !sealed[r.Hash] {
			t.Fatal("a record that nobody sealed verifies")
		}
	})
}

// fuzzToken holds one reader of tokens to the same.
func fuzzToken(f *testing.F, typ, key string) {
	valid, invalid := tokenCases(f)
	known := map[string]bool{}
	for _, c := range append(valid, invalid...) {
		if c.Type == typ {
			f.Add(c.Token)
		}
	}
	for _, c := range append(valid, invalid...) {
		known[c.Token[:strings.LastIndexByte(c.Token, '.')+1]] = true
	}
	f.Fuzz(func(t *testing.T, token string) {
		err := open(tokenCase{Type: typ, Key: key, Token: token})
		if err != nil {
			if Code(err) == "" {
				t.Fatalf("%v has no code", err)
			}
			return
		}
		if !known[token[:strings.LastIndexByte(token, '.')+1]] {
			t.Fatal("a token that nobody signed verifies")
		}
	})
}

func FuzzOpenReceipt(f *testing.F) { fuzzToken(f, typReceipt, "receipt") }
func FuzzOpenProof(f *testing.F)   { fuzzToken(f, typProof, "phone-a") }
func FuzzOpenKeySet(f *testing.F)  { fuzzToken(f, typKeySet, "root") }

// FuzzReceiptCore: a leaf that is read is written again to the same claims.
func FuzzReceiptCore(f *testing.F) {
	core, err := ReceiptCore(kidOf(receipt), phoneReceipt)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(strings.Split(core, ".")[1])
	f.Fuzz(func(t *testing.T, payload string) {
		r, err := ParseReceiptCore(strings.Split(core, ".")[0] + "." + base64url.EncodeToString([]byte(payload)))
		if err != nil {
			return
		}
		again, err := ReceiptCore(kidOf(receipt), r)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseReceiptCore(again); err != nil || !reflect.DeepEqual(back, r) {
			t.Fatalf("%v %+v", err, back)
		}
	})
}

// FuzzParseJWK: a key that is read is written again to the same key, in its one
// form, without anything private.
func FuzzParseJWK(f *testing.F) {
	for _, c := range jwkCases(f) {
		f.Add([]byte(c.JWK))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		pub, kid, err := ParseJWK(text)
		if err != nil {
			return
		}
		written, err := MarshalJWK(pub)
		if err != nil {
			t.Fatal(err)
		}
		if _, again, err := ParseJWK(written); err != nil || again != kid || strings.Contains(string(written), `"d"`) {
			t.Fatalf("%s: %v", written, err)
		}
	})
}
