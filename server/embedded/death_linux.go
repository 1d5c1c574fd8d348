package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// ownGroup puts the child into a process group of its own, so that Ctrl-C at
// the terminal reaches this process only and the stop is orderly; and asks the
// kernel to interrupt the child when the thread that starts it dies. It must be
// called on a locked OS thread that lives as long as the child (see run).
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
}

// orphans returns the processes whose working directory is dir: every process
// of a Postgres cluster works in its data directory, and nothing else does.
func orphans(dir string) []int {
	entries, _ := os.ReadDir("/proc")
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if cwd, err := os.Readlink("/proc/" + e.Name() + "/cwd"); err == nil && cwd == dir {
			pids = append(pids, pid)
		}
	}
	return pids
}

// clearOrphans ends the processes that an earlier owner of dir left behind. The
// caller holds the lock, so that owner is dead and its children are stopping
// anyway; this makes sure of it, politely first.
func clearOrphans(dir string) error {
	signals := []syscall.Signal{0, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL}
	waits := []time.Duration{time.Second, 10 * time.Second, 5 * time.Second, 5 * time.Second}
	var pids []int
	for i, s := range signals {
		for _, pid := range orphans(dir) {
			_ = syscall.Kill(pid, s)
		}
		for end := time.Now().Add(waits[i]); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if pids = orphans(dir); len(pids) == 0 {
				return nil
			}
		}
	}
	return fmt.Errorf("processes %v work in %s and do not end", pids, dir)
}

func removeStale(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
