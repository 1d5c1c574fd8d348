package house

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Main runs the tests, takes away what they have made, and exits.
func Main(m *testing.M) {
	code := m.Run()
	Sweep()
	os.Exit(code)
}

// Sweep takes away what the tests of this process have made. Nothing of it may run any more.
func Sweep() {
	if dir, err := base(); err == nil {
		os.RemoveAll(dir)
	}
}

const prefix = "house-"

// base holds everything that the tests of this process make. Its name is short, for sockets have a limit, and Postgres can pass through it. What
// aborted runs have left is removed; their children have died with them.
var base = sync.OnceValues(func() (string, error) {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*-*"))
	for _, dir := range old {
		pid, _ := strconv.Atoi(strings.Split(filepath.Base(dir), "-")[1])
		if pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err == nil {
		err = os.Chmod(dir, 0o711) // Postgres runs under another user when we are root
	}
	return dir, err
})

// programs are built once for each set of tags.
var programs = struct {
	sync.Mutex
	paths map[string]string
}{paths: map[string]string{}}

// program builds the product.
func program(tags string) (string, error) {
	programs.Lock()
	defer programs.Unlock()
	if path, ok := programs.paths[tags]; ok {
		return path, nil
	}
	dir, err := base()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "tachiai"+tags)
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", path, "tachiai/cmd/tachiai").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	programs.paths[tags] = path
	return path, nil
}

var addresses struct {
	sync.Mutex
	last int
}

// freeAddress gives each house, and whatever stands before it, an address of its own in 127.0.0.0/8, so that nobody takes it while nobody listens.
func freeAddress() string {
	addresses.Lock()
	defer addresses.Unlock()
	for {
		addresses.last++
		address := fmt.Sprintf("127.%d.%d.%d:8733", 64+os.Getpid()/250%128, os.Getpid()%250, addresses.last)
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
}

// Listen listens at an address of its own, for what stands before a house.
func Listen() (net.Listener, error) { return net.Listen("tcp", freeAddress()) }
