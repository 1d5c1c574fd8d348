package embeddedtest

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ObjectsBin returns the path of tachiai-objects: bin/tachiai-objects of this
// module, or, when that is missing or older than its source, one built into
// .tools/. Test processes that run side by side build it once.
var ObjectsBin = sync.OnceValues(func() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	source := filepath.Join(root, "server", "embedded", "objects")
	newest, err := newestIn(source)
	if err != nil {
		return "", err
	}
	made := filepath.Join(root, "bin", "tachiai-objects")
	if fresh(made, newest) {
		return made, nil
	}
	tools := filepath.Join(root, ".tools")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		return "", err
	}
	held, err := os.OpenFile(filepath.Join(tools, "tachiai-objects.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer held.Close()
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	own := filepath.Join(tools, "tachiai-objects")
	if fresh(own, newest) {
		return own, nil
	}
	build := exec.Command("go", "build", "-o", own+".new", ".")
	build.Dir = source
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("tachiai-objects cannot be built (try `make build`): %w\n%s", err, out)
	}
	return own, os.Rename(own+".new", own)
})

func moduleRoot() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	if ok {
		if root := filepath.Join(filepath.Dir(file), "..", "..", ".."); isModule(root) {
			return root, nil
		}
	}
	// Built with -trimpath: go test runs in the package's directory.
	for dir, _ := os.Getwd(); ; dir = filepath.Dir(dir) {
		if isModule(dir) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("the source of tachiai is not here, so tachiai-objects cannot be built")
		}
	}
}

func isModule(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.HasPrefix(string(b), "module tachiai\n")
}

func newestIn(dir string) (newest time.Time, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
			return err
		}
		info, err := e.Info()
		if err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		return err
	})
	return newest, err
}

func fresh(path string, newest time.Time) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.ModTime().After(newest)
}
