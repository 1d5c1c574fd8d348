// Package letter follows a declaration from the phone that sealed it to the browser of whoever receives it: a real server, a real Chromium, and the
// link page as it was built. Then what the server keeps is changed behind its back, and the page has to say so (L22).
package letter

import (
	"testing"

	"tachiai/e2e/browser"
	"tachiai/e2e/house"
)

func TestMain(m *testing.M) { house.Main(m) }

// L22: green for what is whole; red, in words, for what is not.
func TestL22LinkPage(t *testing.T) {
	h := newHome(t)
	d := h.disclose()
	drive(t, h.link(d), "good", hexOf(string(d.pdf)))
	drive(t, issued{h.URL + "/k#" + secret, ownCode}, "copy")
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
	browser.Play(t, "letter.mjs", append([]string{i.link, i.passcode, browser.Chromium(t), scene}, more...)...)
}
