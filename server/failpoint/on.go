//go:build failpoints

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// armed is the one place to die at, and how many times it is still passed before.
var armed, left = read(os.Getenv("FAILPOINT"))

// read takes "name" or "name:count" apart. A count that is none makes a name that no place has.
func read(text string) (name string, left *atomic.Int64) {
	left = new(atomic.Int64)
	left.Store(1)
	before, count, counted := strings.Cut(text, ":")
	if !counted {
		return text, left
	}
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil || n < 1 {
		return "", left
	}
	left.Store(n)
	return before, left
}

// Here is a place to die at.
func Here(name string) {
	if name != armed || left.Add(-1) != 0 {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way; nothing behind this place may happen
}
