package keys

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// The key and thumbprint of RFC 8037 Appendix A.2 and A.3.
func TestThumbprintOfRFC8037(t *testing.T) {
	x, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}
	p, err := publicOf(ed25519.PublicKey(x))
	if err != nil || p.Kid != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("%+v, %v", p, err)
	}
	if got := Spell(p.Kid); got != "SD5M V7VJ WFKW NGCU B5YM AEL2 ELVD PPK4 6PWT YRYJ HQLQ OKBL JOEQ" {
		t.Errorf("fingerprint %q", got)
	}
	if got := Spell("no thumbprint"); got != "no thumbprint" {
		t.Errorf("fingerprint %q", got)
	}
}

func TestPublic(t *testing.T) {
	s, _ := create(t)
	var uses []string
	kids := map[string]bool{}
	for _, p := range s.Public() {
		uses = append(uses, p.Use+":"+p.Kty+":"+p.Crv+":"+p.Alg)
		kids[p.Kid] = true
	}
	want := "root:OKP:Ed25519:EdDSA receipt:OKP:Ed25519:EdDSA office:OKP:Ed25519:EdDSA ledger:OKP:Ed25519:EdDSA link:OKP:Ed25519:EdDSA pdf:EC:P-256:ES256"
	if got := strings.Join(uses, " "); got != want {
		t.Errorf("%s", got)
	}
	if len(kids) != 6 || s.Public()[0].Kid != s.RootKid() {
		t.Errorf("kids %v", kids)
	}
	if !strings.HasPrefix(s.RescueRecipient(), "age1") {
		t.Errorf("recipient %q", s.RescueRecipient())
	}
	if got := s.Fingerprint(); len(got) != 13*4+12 || strings.ContainsAny(got, "018") {
		t.Errorf("fingerprint %q", got)
	}
}

func TestNothingLeaks(t *testing.T) {
	s, _ := create(t)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("keys", "pointer", s, "value", *s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("keys", "pointer", s, "value", *s)
	public, err := json.Marshal(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(s); err == nil {
		t.Error("an inventory became JSON")
	}
	said := log.String() + string(public)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		said += fmt.Sprintf(format, s) + fmt.Sprintf(format, *s) + fmt.Sprintf(format, struct{ Keys Set }{*s})
	}
	if !strings.Contains(said, s.Fingerprint()) {
		t.Error("the fingerprint is not shown")
	}
	for _, k := range []ed25519.PrivateKey{s.Root, s.Receipt, s.Office, s.Ledger, s.Link} {
		absent(t, said, k.Seed())
	}
	absent(t, said, s.Nonce)
	if strings.Contains(said, "AGE-SECRET-KEY") {
		t.Error("the rescue identity is shown")
	}
}

// absent fails if said holds secret in one of the forms that Go prints bytes in.
func absent(t *testing.T, said string, secret []byte) {
	t.Helper()
	list := strings.Trim(fmt.Sprint(secret), "[]")
	for _, form := range []string{list, hex.EncodeToString(secret), fmt.Sprintf("%#v", secret)[7:60], base64.StdEncoding.EncodeToString(secret)[:40], string(secret)} {
		if strings.Contains(said, form) {
			t.Fatalf("a secret is shown as %q", form)
		}
	}
}
