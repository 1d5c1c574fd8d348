// Package browser plays scenes of pwa/browser in the Chromium of this machine, for tests in the folders of e2e. What a scene prints is otherwise than it
// should be: one that is silent has passed.
package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// patience is for a browser that hangs; one that is slow is not wrong.
const patience = 10 * time.Minute

// Play lets Node run a script of pwa/browser to its end.
func Play(t *testing.T, script string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	play := exec.CommandContext(ctx, "node", append([]string{"browser/" + script}, args...)...)
	play.Dir, play.Stderr, play.WaitDelay = "../../pwa", os.Stderr, 5*time.Second
	if out, err := play.Output(); err != nil || len(out) > 0 {
		t.Errorf("%s: %v\n%s", script, err, out)
	}
}

// Chromium is where the browser lies.
func Chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatal("no browser: install Debian's chromium")
	return ""
}
