package browser

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Scenes is a script that keeps its browsers open and plays one scene after the other: the name of a scene is a line that it reads, what is wrong
// in it are lines that it prints, and a full stop ends them.
type Scenes struct {
	in  io.Writer
	out *bufio.Reader
	err error // it plays no more
}

// Open starts a script of pwa/browser; it ends with the test.
func Open(t *testing.T, script string, args ...string) *Scenes {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*patience) // it plays more than one
	play := exec.CommandContext(ctx, "node", append([]string{"browser/" + script}, args...)...)
	play.Dir, play.Stderr = "../../pwa", os.Stderr
	in, err := play.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := play.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := play.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close() // it closes its browsers then
		_, _ = io.Copy(io.Discard, out)
		_ = play.Wait()
		cancel()
	})
	return &Scenes{in: in, out: bufio.NewReader(out)}
}

// Play plays a scene; the test fails by what it prints.
func (s *Scenes) Play(t *testing.T, scene string) {
	t.Helper()
	if s.err == nil {
		_, s.err = fmt.Fprintln(s.in, scene)
	}
	for s.err == nil {
		var line string
		if line, s.err = s.out.ReadString('\n'); line == ".\n" {
			return
		}
		if line != "" {
			t.Error(strings.TrimSuffix(line, "\n"))
		}
	}
	t.Fatalf("the browser plays no more: %v", s.err)
}
