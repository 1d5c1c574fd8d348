// Package letter follows a declaration from the phone that sealed it to the browser of whoever receives it: a real server, a real Chromium, and the
// link page as it was built. Then what the server keeps is changed behind its back, and the page has to say so (L22).
package letter

import (
	"context"
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
	drive(t, h.link(d), "good", hexOf(string(d.pdf)))
	drive(t, issued{h.url + "/k#" + secret, ownCode}, "copy")
	h.damage(d.photoKey)
	drive(t, h.link(d), "photo")
	h.damage(d.pdfKey)
	drive(t, h.link(d), "document")
	taken := h.link(d)
	h.revoke(d)
	drive(t, taken, "revoked")
}

// drive lets a browser play one scene of pwa/browser/letter.mjs.
func drive(t *testing.T, i issued, scene string, more ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	play := exec.CommandContext(ctx, "node", append([]string{"browser/letter.mjs", i.link, i.passcode, chromium(t), scene}, more...)...) //nolint:gosec // programs of this machine
	play.Dir = "../../pwa"
	if out, err := play.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%s: %v\n%s", scene, err, out)
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
