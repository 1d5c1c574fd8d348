package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// memoryDisk is the type of tmpfs (statfs(2)): what is written there is never on a disk.
const memoryDisk = 0x01021994

// diskDir makes the directory of a run. Postgres runs as another user than root and must be able to pass through.
func diskDir() (string, error) {
	dir, err := os.MkdirTemp("", "tachiai-bench-")
	if err != nil {
		return "", err
	}
	var fs syscall.Statfs_t
	err = errors.Join(syscall.Statfs(dir, &fs), os.Chmod(dir, 0o711)) //nolint:gosec // others may pass, not look
	if err == nil && int64(fs.Type) == memoryDisk {                   //nolint:unconvert // the type differs by architecture
		err = fmt.Errorf("%s lies in memory, where fsync costs nothing: set TMPDIR to a directory on a disk", dir)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// describe says on what the figures were taken.
func describe(ctx context.Context, b *bench) (string, error) {
	version, err := exec.CommandContext(ctx, b.bin, "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w (build it: make build)", b.bin, err)
	}
	processor := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				processor = strings.TrimSpace(value)
				break
			}
		}
	}
	var kernel syscall.Utsname
	release := ""
	if syscall.Uname(&kernel) == nil {
		for _, c := range kernel.Release {
			if c == 0 {
				break
			}
			release += string(rune(c))
		}
	}
	return fmt.Sprintf("%s; %s; %d cores of %s; Linux %s. Client, server, Postgres and object store share the cores.",
		strings.TrimSpace(string(version)), runtime.Version(), runtime.NumCPU(), processor, release), nil
}

// share tells how much of the machine somebody else used, because then the figures are not the machine's.
type share struct {
	began       time.Time
	busy, ended time.Duration // of the machine when it began; of the servers that have been closed
}

func newShare() (*share, error) {
	b, err := busy()
	return &share{began: time.Now(), busy: b}, err
}

// close counts what a server used, before it is stopped.
func (s *share) close(server int) {
	if used, err := spentBy(server); err == nil {
		s.ended += used.server + used.postgres + used.objects
	}
}

func (s *share) text() (string, error) {
	now, err := busy()
	if err != nil {
		return "", err
	}
	own, err := ownTime()
	if err != nil {
		return "", err
	}
	whole := time.Since(s.began) * time.Duration(runtime.NumCPU())
	others := max(0, now-s.busy-s.ended-own)
	return fmt.Sprintf("Other programs used %.0f %% of the processors meanwhile.", 100*float64(others)/float64(whole)), nil
}
