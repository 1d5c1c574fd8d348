// Package house runs the built program as a child with everything embedded, as somebody who types "make run" has it: one data directory, an address
// that nobody takes while the server is dead, and a look inside beside it. It can be killed and started again. For tests only.
package house

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
)

// Config says how a house differs from the others.
type Config struct {
	URL      string         // PUBLIC_URL, where something stands before the program; else its own address
	Settings []string       // of the program's environment; they win over the usual ones
	Tags     string         // build tags of the program
	From     string         // a DATA_DIR that is copied; else an empty one
	Roots    *x509.CertPool // whom to believe, where the program speaks TLS
}

// House is one data directory and the program that serves it.
type House struct {
	Dir     string // DATA_DIR
	Address string // where the program listens, the same after each start
	URL     string // PUBLIC_URL

	// What Open finds, new after each start. The database is as another program of the house sees it.
	DB      *postgres.DB
	Objects *objects.Store
	Keys    *keys.Set
	Owner   string // URL of the schema's owner, for looking into tables

	config Config
	cmd    *exec.Cmd
	exited chan struct{}
	said   *speech
}

// New makes a house that does not run yet; Remove takes it away.
func New(c Config) (*House, error) {
	root, err := base()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(root, "")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // see base
		return nil, err
	}
	h := &House{Dir: filepath.Join(dir, "var"), Address: freeAddress(), URL: c.URL, config: c}
	if c.URL == "" {
		h.URL = "http://" + h.Address // a browser takes all of 127.0.0.0/8 for a secure context
	}
	if c.From == "" {
		return h, nil
	}
	// Owners and extended attributes are part of the data.
	if out, err := exec.Command("cp", "-a", c.From, h.Dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("copy: %w\n%s", err, out)
	}
	return h, nil
}

// For makes a house for one test, which takes it away at its end; when it fails it says what the program said.
func For(t testing.TB, c Config) *House {
	t.Helper()
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Kill()
		if t.Failed() {
			t.Logf("the program said:\n%s", h.Log())
		}
		h.Remove()
	})
	return h
}

// Remove kills the program and takes everything away.
func (h *House) Remove() {
	h.Kill()
	os.RemoveAll(filepath.Dir(h.Dir))
}

// Log is what the program has written to its log, in all its lives.
func (h *House) Log() string {
	log, err := os.ReadFile(h.logFile())
	if err != nil {
		return err.Error()
	}
	return string(log)
}

func (h *House) logFile() string { return h.Dir + ".log" }

// Command is the program with the settings of this house and some more.
func (h *House) Command(settings []string, args ...string) (*exec.Cmd, error) {
	bin, err := program(h.config.Tags)
	if err != nil {
		return nil, err
	}
	store, err := embeddedtest.ObjectsBin()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR"), "OBJECTS_BIN=" + store,
		"DATA_DIR=" + h.Dir, "LISTEN=" + h.Address, "PUBLIC_URL=" + h.URL, "CHECKPOINT_INTERVAL=100ms", "LOG_LEVEL=warn",
	}, h.config.Settings...)
	cmd.Env = append(cmd.Env, settings...)
	return cmd, nil
}

// Run runs another command of the program beside the server and returns what it says.
func (h *House) Run(args ...string) (string, error) {
	cmd, err := h.Command(nil, args...)
	if err != nil {
		return "", err
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("tachiai %v: %w\n%s", args, err, out)
	}
	return string(out), err
}

// Kill ends the server by SIGKILL, if it runs; its children die with it.
func (h *House) Kill() {
	h.close()
	if h.cmd == nil {
		return
	}
	_ = h.cmd.Process.Kill() // one that is dead is dead
	<-h.exited
}

// Stop ends the server as Ctrl-C does.
func (h *House) Stop() error {
	h.close()
	if err := h.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	<-h.exited
	if code := h.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("the program stopped with status %d", code)
	}
	return nil
}

// Ended is closed when the server has ended, by itself or not.
func (h *House) Ended() <-chan struct{} { return h.exited }

// Killer is the signal that ended the server, once it has ended; -1 when it ended by itself.
func (h *House) Killer() syscall.Signal {
	if status, ok := h.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal()
	}
	return -1
}

// Pid is the process of the server.
func (h *House) Pid() int { return h.cmd.Process.Pid }

var errNotReady = errors.New("the program does not become ready")
