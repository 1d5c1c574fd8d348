package embedded

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func shell(script string) *child {
	return &child{
		log:      slog.New(slog.DiscardHandler),
		command:  func() (*exec.Cmd, error) { return exec.Command("sh", "-c", script), nil },
		line:     func(string) {},
		signals:  []syscall.Signal{syscall.SIGINT},
		grace:    50 * time.Millisecond,
		maxPause: time.Millisecond,
	}
}

// A child that cannot live is given up, with its last words, instead of being
// started for ever.
func TestGivenUp(t *testing.T) {
	marker := t.TempDir() + "/second"
	c := shell("if [ -e " + marker + " ]; then echo no room; exit 3; fi; touch " + marker + "; sleep 60")
	if err := c.start(context.Background(), func() bool { return c.pid() != 0 }); err != nil {
		t.Fatal(err)
	}
	for c.pid() != 0 && !exists(marker) {
		time.Sleep(time.Millisecond)
	}
	_ = syscall.Kill(-c.pid(), syscall.SIGKILL)
	err := <-c.failed
	if !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "no room") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("given up with: %v", err)
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}
}

func exists(path string) bool {
	return exec.Command("test", "-e", path).Run() == nil
}

func TestStartFails(t *testing.T) {
	c := shell("echo bad configuration >&2; exit 1")
	err := c.start(context.Background(), func() bool { return false })
	if err == nil || !strings.Contains(err.Error(), "bad configuration") {
		t.Errorf("start of a program that ends: %v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("no more time")
	cancel(cause)
	c = shell("sleep 60")
	if err := c.start(ctx, func() bool { return false }); !errors.Is(err, cause) {
		t.Errorf("start of a program that is never ready: %v", err)
	}
	if c.pid() != 0 {
		t.Error("it lives on")
	}
	c = shell("")
	broken := errors.New("no program")
	c.command = func() (*exec.Cmd, error) { return nil, broken }
	if err := c.start(context.Background(), func() bool { return true }); !errors.Is(err, broken) {
		t.Errorf("start without a program: %v", err)
	}
}

// A program that ignores the polite signals is killed, its group with it.
func TestStopIsFinal(t *testing.T) {
	c := shell("trap '' INT; echo ready; sleep 60 & wait; sleep 60")
	ready := make(chan struct{})
	c.line = func(string) { close(ready) }
	if err := c.start(context.Background(), func() bool {
		select {
		case <-ready:
			return true
		default:
			return false
		}
	}); err != nil {
		t.Fatal(err)
	}
	pid := c.pid()
	if err := c.stop(); err == nil {
		t.Error("a kill is not reported")
	}
	if syscall.Kill(pid, 0) == nil {
		t.Error("it lives on")
	}
	if err, ok := <-c.failed; ok {
		t.Errorf("a stop counts as a failure: %v", err)
	}
}
