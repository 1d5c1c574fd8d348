//go:build !linux

package embedded

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ownGroup puts the child into a process group of its own. This system has no
// parent-death signal: Postgres then outlives a parent killed with SIGKILL until
// the next start finds it (clearOrphans); tachiai-objects watches its stdin.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// clearOrphans stops the postmaster that postmaster.pid in dir names, if it is
// still a postgres. The caller holds the lock, so no live parent owns it.
func clearOrphans(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return nil
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 {
		return nil
	}
	for i, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		name, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
		if err != nil || !strings.Contains(string(name), "postgres") {
			return nil
		}
		_ = syscall.Kill(pid, s)
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if syscall.Kill(pid, 0) != nil {
				return nil
			}
		}
		if i == 1 {
			return errors.New("an old postgres does not end; stop it by hand")
		}
	}
	return nil
}

func removeStale(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
