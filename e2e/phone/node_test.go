package phone

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tachiai/e2e/house"
)

// bundle is the phone's engine with its Node driver, as one program.
var bundle = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(built.dir, "phone")
	pack := exec.Command("node_modules/.bin/rolldown", "src/engine/testing/real.ts", "--platform", "node", "--format", "esm", "--dir", dir) //nolint:gosec,noctx // a path of our own
	pack.Dir = "../../pwa"
	if out, err := pack.CombinedOutput(); err != nil {
		return "", fmt.Errorf("bundle the engine (make tools fetches what it needs): %w\n%s", err, out)
	}
	return filepath.Join(dir, "real.js"), nil
})

// phone is the PWA's own engine in Node: enrolment, sealing, sync and store are the phone's, and so is all that it says of itself.
type phone struct {
	t      *testing.T
	in     io.WriteCloser
	out    *bufio.Reader
	caseID string
	made   []made // all that it has sealed
}

// made is a sealed record, and what must arrive of it.
type made struct {
	Hash  string   `json:"hash"`
	Blobs []string `json:"blobs"`
	Size  int      `json:"size"`
}

// told is what the phone says of its outbox.
type told struct {
	Unsent, Blobs, Received, Attention int
	Problem, Blocked, Activity         string
}

// newPhone starts a phone and enrols it.
func (h *home) newPhone(t *testing.T) *phone {
	t.Helper()
	rep, caseID, link := h.newRep(t)
	p := h.barePhone(t)
	p.caseID = caseID.String()
	var member struct{ ID string }
	p.do(&member, "enrol", "link", link)
	if member.ID != rep.String() {
		t.Fatalf("enrolled as %q", member.ID)
	}
	return p
}

func (h *home) barePhone(t *testing.T) *phone {
	t.Helper()
	script, err := bundle()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script, fmt.Sprint(speed)) //nolint:gosec,noctx // built above; it lives as long as the test
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+h.certificate)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	exited, err := house.Begin(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Process.Kill() // what it holds is in its memory
		<-exited
	})
	return &phone{t: t, in: in, out: bufio.NewReader(out)}
}

// do gives one command, with names and values, and reads the answer into into.
func (p *phone) do(into any, what string, more ...any) {
	p.t.Helper()
	if err := p.try(into, what, more...); err != nil {
		p.t.Fatal(err)
	}
}

// try is do for what may fail.
func (p *phone) try(into any, what string, more ...any) error {
	command := map[string]any{"do": what}
	for i := 0; i+1 < len(more); i += 2 {
		command[more[i].(string)] = more[i+1]
	}
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	var answer struct {
		OK    json.RawMessage
		Error string
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return fmt.Errorf("%s: %q: %w", what, line, err)
	}
	if answer.Error != "" {
		return fmt.Errorf("%s: %s", what, answer.Error)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.OK, into)
}

// seal seals a visit of so many records, every other one with a photo of so many bytes.
func (p *phone) seal(records, bytes int) {
	p.t.Helper()
	p.sealed("seal", "records", records, "bytes", bytes)
}

func (p *phone) sealed(what string, more ...any) {
	p.t.Helper()
	var list []made
	p.do(&list, what, append(more, "case", p.caseID)...)
	p.made = append(p.made, list...)
}

// drain waits until nothing is unsent; the phone must be at ease then.
func (p *phone) drain(within time.Duration) told {
	p.t.Helper()
	var now told
	p.do(&now, "await", "within", within.Milliseconds())
	if now.Unsent+now.Blobs > 0 || now.Attention > 0 || now.Received != len(p.made) {
		p.t.Errorf("after %v: %+v, want all of %d received", within, now, len(p.made))
	}
	return now
}

// rest waits until the loop has come to rest, by itself.
func (p *phone) rest() (now told) {
	p.t.Helper()
	p.do(&now, "rest")
	return now
}
