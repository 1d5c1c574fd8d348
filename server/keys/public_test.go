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

	"tachiai/sync/record"
)

// The thumbprint of RFC 8037 Appendix A.3, in the spoken form.
func TestSpell(t *testing.T) {
	id, err := record.ParseKeyID("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
	if err != nil {
		t.Fatal(err)
	}
	if got := Spell(id); got != "SD5M V7VJ WFKW NGCU B5YM AEL2 ELVD PPK4 6PWT YRYJ HQLQ OKBL JOEQ" {
		t.Errorf("fingerprint %q", got)
	}
}

func TestPublic(t *testing.T) {
	s, _ := create(t)
	var uses []string
	kids := map[record.KeyID]bool{}
	for _, p := range s.Public() {
		uses = append(uses, p.Use+":"+p.Alg)
		kids[p.KeyID] = true
	}
	want := "root:EdDSA receipt:EdDSA office:EdDSA ledger:EdDSA link:EdDSA pdf:ES256"
	if got := strings.Join(uses, " "); got != want {
		t.Errorf("%s", got)
	}
	if len(kids) != 6 || s.Public()[0].KeyID != s.RootID() {
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
	if _, err := json.Marshal(s); err == nil {
		t.Error("an inventory became JSON")
	}
	said := log.String() + fmt.Sprint(s.Public())
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
