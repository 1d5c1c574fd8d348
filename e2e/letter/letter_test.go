// Package letter follows a declaration from the phone that sealed it to the browser of whoever receives it: a real server, a real Chromium, and the
// link page as it was built. Then what the server keeps is changed behind its back, and the page has to say so (L22).
package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os/exec"
	"testing"
	"time"

	"tachiai/server/embedded/embeddedtest"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// L22: green for what is whole; red, in words, for what is not.
func TestL22LinkPage(t *testing.T) {
	h := newHouse(t)
	d := h.disclose()
	open := func(scene string) {
		t.Helper()
		issued := h.link(d)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		sum := sha256.Sum256(d.pdf)
		drive := exec.CommandContext(ctx, "node", "browser/letter.mjs", issued.link, issued.passcode, chromium(t), scene, hex.EncodeToString(sum[:])) //nolint:gosec // programs of this machine
		drive.Dir = "../../pwa"
		if out, err := drive.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", scene, err, out)
		}
	}
	open("good")
	h.damage(d.photoKey)
	open("photo")
	h.damage(d.pdfKey)
	open("document")
	issued := h.link(d)
	h.revoke(d)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	drive := exec.CommandContext(ctx, "node", "browser/letter.mjs", issued.link, issued.passcode, chromium(t), "revoked") //nolint:gosec // as above
	drive.Dir = "../../pwa"
	if out, err := drive.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("revoked: %v\n%s", err, out)
	}
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatal("no browser: install Debian's chromium")
	return ""
}
