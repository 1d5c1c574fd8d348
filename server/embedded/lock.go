package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lock takes the advisory lock DIR/NAME.lock for the life of this process, or
// until the file is closed. The kernel gives it free however the process ends,
// so a lock file that lies around means nothing.
func lock(dir, name string) (*os.File, error) {
	path := filepath.Join(dir, name+".lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		owner, _ := io.ReadAll(io.LimitReader(f, 32))
		return nil, fmt.Errorf("%w: process %s already runs on %s; stop it, or set another DATA_DIR",
			ErrInUse, strings.TrimSpace(string(owner)), dir)
	}
	// Only for the message above; whether the lock is held is the kernel's word.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	return f, nil
}

// closeOnce closes a file that may be closed already.
func closeOnce(f *os.File) error {
	// A child that another goroutine is just starting holds a copy of the
	// descriptor until its exec: closing ours alone would leave the lock to it.
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _ = syscall.Flock(int(fd), syscall.LOCK_UN) })
	}
	if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
