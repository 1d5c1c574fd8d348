package phone

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A phone that is locked and will never be opened again writes its unsent work into a file, unopened. Import makes of it what a sync would have
// made, once, however often it is done; a phone that comes back after all finds its work received.
func TestRescueOfLockedPhone(t *testing.T) {
	h := theHome(t)
	p := h.newPhone(t)
	p.do(nil, "online", "on", false)
	p.seal(8, 100_000) // in the open, encrypted when the PIN is set
	p.do(nil, "pin", "pin", "4711")
	p.seal(8, 100_000)
	p.do(nil, "kill")
	file := p.rescue()
	if out := h.run(t, "import", file); !strings.Contains(out, "records  16: 16 new, 0 here already, 0 to quarantine\nphotos   12: 12 new, 0 here already\n") {
		t.Errorf("import says:\n%s", out)
	}
	h.verify(t, p)
	if out := h.run(t, "import", file); !strings.Contains(out, "records  16: 0 new, 16 here already, 0 to quarantine\nphotos   12: 0 new, 12 here already\n") {
		t.Errorf("the second import says:\n%s", out)
	}
	h.verify(t, p)
	p.do(nil, "unlock", "pin", "4711")
	p.do(nil, "online", "on", true)
	p.drain(time.Minute)
	h.verify(t, p)
}

// A PIN is forgotten: the same person enrols anew on the same phone, and what was not sent before arrives by itself, unopened, though the page and the
// server die on the way. The enrolment before is not opened by that: its PIN is still its own.
func TestForgottenPIN(t *testing.T) {
	h := theHome(t)
	rep, caseID, link := h.newRep(t)
	p := h.barePhone(t)
	p.caseID = caseID.String()
	p.do(nil, "enrol", "link", link)
	p.do(nil, "online", "on", false)
	p.do(nil, "pin", "pin", "4711")
	p.seal(12, 300_000)
	p.do(nil, "kill")
	if err := p.try(nil, "unlock", "pin", "0000"); err == nil {
		t.Fatal("any PIN opens")
	}
	p.do(nil, "online", "on", true)
	p.do(nil, "enrol", "link", h.link(t, rep))
	h.await(t, p, 1)
	h.Kill()
	p.do(nil, "kill")
	h.start(t)
	p.do(nil, "kill") // the next page does not wait for the minute to be over
	var left int
	if p.do(&left, "before", "within", time.Minute.Milliseconds()); left != 0 {
		t.Errorf("%d records and photos of the enrolment before are still unsent", left)
	}
	h.verify(t, p)
}

// A file that is damaged or cut off is taken as far as it goes, and that is said; the sync that was cut off before it has left its part there.
func TestRescueOfHalf(t *testing.T) {
	h := theHome(t)
	p := h.newPhone(t)
	p.seal(20, 200_000)
	h.await(t, p, 300_000)
	p.do(nil, "online", "on", false)
	p.do(nil, "kill")
	file := p.rescue()
	whole, err := os.ReadFile(file) //nolint:gosec // a path of our own
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"cut off":      func(b []byte) []byte { return b[:len(b)-100_000] },
		"left out: 1":  func(b []byte) []byte { b[len(b)-50_000] ^= 1; return b },
		"rescue file":  func(b []byte) []byte { return b[1:] },
		"rescue key":   func(b []byte) []byte { return bytes.Replace(b, []byte(`"age":"YWdl`), []byte(`"age":"AAAA`), 1) },
		"usage: tachi": nil,
	} {
		args := []string{"import"}
		if spoil != nil {
			spoilt := filepath.Join(t.TempDir(), "spoilt")
			if err := os.WriteFile(spoilt, spoil(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, spoilt)
		}
		out, err := h.Run(args...)
		if err == nil || !strings.Contains(strings.ToLower(out), name) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	t.Log(h.run(t, "import", file))
	h.verify(t, p)
	p.do(nil, "online", "on", true)
	p.drain(time.Minute)
	h.verify(t, p)
}

// rescue lets the phone write its rescue file, and returns its path.
func (p *phone) rescue() string {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "rescue")
	p.do(nil, "rescue", "file", file)
	text, err := os.ReadFile(file) //nolint:gosec // a path of our own
	if err != nil {
		p.t.Fatal(err)
	}
	for _, open := range []string{"visit-record+sd-jwt", "eyJhbGciOi", "\xff\xd8\xff\xe0\x00\x10JFIF"} { // long enough not to come by chance
		if bytes.Contains(text, []byte(open)) {
			p.t.Errorf("%q stands in the file in the open", open)
		}
	}
	return file
}
