package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row says what one package may import.
type row struct {
	room   string
	may    []string // by product code
	tests  []string // by its tests as well
	reason string   // where the name does not say it
}

// The arrows of the house: who may import whom. Anything absent is forbidden,
// except the standard library (see pure for what of it sync/ may not have).
// Paths are relative to the module or whole module paths; a path ending in
// "/..." is that package and all below it. A row serves the package of exactly
// its name; tests of the package, and packages of test helpers (…test and all
// of e2e/), may import the row's second list and testTools too.
var arrows = []row{
	{room: "sync/ijson", reason: "the strict JSON that everything is written in"},
	{room: "sync/record", may: []string{"sync/ijson"}},
	{room: "sync/blob", may: []string{"sync/ijson"}},
	{room: "sync/seal", may: []string{"sync/record", "sync/blob", "sync/ijson", jose}},
	{room: "sync/ledger", may: []string{"sync/record", "sync/ijson", xmod}},
	{room: "sync/history", may: []string{"sync/record", "sync/ijson"}},
	{room: "sync/form", may: []string{"sync/record", "sync/ijson"}},
	{room: "sync/policy", may: []string{"sync/record", "sync/ijson"}},
	{room: "sync/wire", may: []string{"sync/record", "sync/blob", "sync/seal", "sync/ledger", "sync/ijson"}},
	{room: "sync/bundle", may: []string{"sync/..."}},

	{room: "server/problem", may: []string{"sync/...", "server/postgres", "server/objects", echo}, reason: "the one error table knows every room's sentinels; no room below knows it"},
	{room: "server/keys", may: []string{"sync/seal", "sync/record", "filippo.io/age"}},
	{room: "server/postgres", may: []string{"sync/...", "migrations", pgx, "golang.org/x/text"}},
	{room: "server/objects", may: []string{"sync/...", minio}},
	{room: "server/documents", may: []string{"sync/...", "server/documents/pdf", "server/documents/fonts", "rsc.io/qr", "golang.org/x/image", "github.com/bep/imagemeta"}},
	{room: "server/documents/fonts", reason: "font files, embedded"},
	{room: "server/documents/pdf", reason: "the PDF writer, on the standard library alone"},
	{room: "server/embedded", may: []string{"golang.org/x/sys"}, tests: []string{pgx}},
	{room: "server/throttle", may: []string{"golang.org/x/time"}, reason: "how often a stranger may try"},
	{room: "server/rescue", may: []string{"sync/...", "server/keys", "server/objects", "server/postgres", "filippo.io/age"}, reason: "takes in what a phone could not send"},
	{room: "server/failpoint", reason: "the places to die at between object store and database; empty in the product"},
	{room: "server/jobs", may: []string{"sync/...", "server/postgres", "server/objects", "server/documents", "server/failpoint"}},
	{room: "server/field", may: append([]string{"github.com/klauspost/compress", "server/rescue"}, audience...)},
	{room: "server/office", may: audience, tests: []string{pgx}},
	{room: "server/client", may: audience, tests: []string{pgx}},
	{room: "server", may: append([]string{"pwa", "server/field", "server/office", "server/client", "server/jobs", "github.com/prometheus/client_golang"}, audience...)},
	{room: "migrations", reason: "SQL files, embedded"},
	{room: "pwa", reason: "the built screens, embedded"},
	{room: "cmd/tachiai", may: []string{"sync/...", "server/...", "pwa", "server/field/fieldtest", "server/client/clienttest", "golang.org/x/crypto/acme", "golang.org/x/sync", "rsc.io/qr"},
		tests: []string{"github.com/rogpeppe/go-internal"}, reason: "fieldtest plays the phones of the demo, clienttest its office and its recipient"},
	{room: "e2e/house", reason: "runs the whole program, kills it, and looks inside"},
	{room: "e2e/line", reason: "the network between a phone and the server, as bad as a test likes"},
	{room: "e2e/browser", reason: "the machine's Chromium"},
	{room: "e2e/crash", tests: []string{"e2e/house", pgx}, reason: "kills the whole program"},
	{room: "e2e/phone", tests: []string{"e2e/house", "e2e/line", pgx}, reason: "the phone's own engine on a bad line"},
	{room: "e2e/letter", tests: []string{"e2e/house", "e2e/browser", "pwa"}, reason: "a link in a real browser"},
	{room: "e2e/photos", tests: []string{"e2e/house", "e2e/browser", "pwa", pgx}, reason: "photos in a real browser"},
	{room: "e2e/story", tests: []string{"e2e/house", "e2e/browser", "pwa", pgx}, reason: "the whole story in real browsers"},
	{room: "e2e/doorstep", tests: []string{"e2e/house", "e2e/line", "e2e/browser", "pwa", pgx}, reason: "the field app in a real browser"},
	{room: "bench", may: []string{"sync/...", "server/...", "server/field/fieldtest", "server/embedded/embeddedtest", "e2e/line", minio, pgx}, reason: "measures the drivers beside the product"},
}

// audience is what the handlers of one audience may know; never each other.
var audience = []string{"sync/...", "server/problem", "server/postgres", "server/objects", "server/documents", "server/keys", "server/failpoint", "server/throttle", echo, "golang.org/x/time"}

// testTools may be imported by tests and test helpers everywhere: a test may
// put real parts together that its package must not know.
var testTools = []string{"sync/...", "server/...", "migrations", "pgregory.net/rapid"}

const (
	jose  = "github.com/go-jose/go-jose/v4"
	xmod  = "golang.org/x/mod"
	echo  = "github.com/labstack/echo/v4"
	pgx   = "github.com/jackc/pgx/v5"
	minio = "github.com/minio/minio-go/v7"
)

// planned rooms stand in the table before they stand in the house.
var planned = []string{"sync/bundle"}

// pure is what sync/ may not have of the standard library: no network, no
// SQL, no environment, no goroutines to wait for; time and randomness are
// arguments.
var pure = []string{"net", "net/http", "database/sql", "os", "os/exec", "syscall", "sync", "sync/atomic", "crypto/rand", "math/rand", "math/rand/v2", "log", "log/slog", "context"}

// source is one Go file, whatever its build tags.
type source struct {
	name, room string // paths relative to the module
	test       bool   // a _test.go file, or any file of a …test package
	file       *ast.File
}

// sources parses every Go file of the module; nested modules are not its own.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	files := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && relative != "." {
				return fs.SkipDir
			}
			if base := d.Name(); relative != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "var") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room := path.Dir(relative)
		all = append(all, source{relative, room, strings.HasSuffix(name, "_test.go") || isTestHelp(room), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// isTestHelp reports whether a package exists for tests: its name ends in test, or it stands in e2e/.
func isTestHelp(room string) bool {
	return strings.HasSuffix(room, "test") || strings.HasPrefix(room, "e2e/")
}

// imports lists what a file imports; packages of this module without its name.
func (s source) imports() []string {
	var all []string
	for _, spec := range s.file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			name = spec.Path.Value
		}
		all = append(all, strings.TrimPrefix(name, "tachiai/"))
	}
	return all
}

// standard reports whether an import is of the standard library.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".") && !slices.Contains([]string{"sync", "server", "cmd", "migrations", "pwa", "bench", "e2e"}, first) ||
		name == "sync" || name == "sync/atomic"
}

// covers reports whether a name of the table allows an import.
func covers(allowed, name string) bool {
	if tree, ok := strings.CutSuffix(allowed, "/..."); ok {
		return name == tree || strings.HasPrefix(name, tree+"/")
	}
	if first, _, _ := strings.Cut(allowed, "/"); strings.Contains(first, ".") { // a module: its packages too
		return name == allowed || strings.HasPrefix(name, allowed+"/")
	}
	return name == allowed
}

// judge returns what is wrong with one import, or "".
func judge(room string, test bool, name string) string {
	at := slices.IndexFunc(arrows, func(r row) bool { return r.room == room })
	var allowed []string
	switch {
	case at >= 0:
		allowed = slices.Clone(arrows[at].may)
		if test {
			allowed = slices.Concat(allowed, arrows[at].tests, testTools)
		}
	case isTestHelp(room):
		allowed = slices.Concat(testTools, []string{echo, pgx, minio})
	default:
		return "the table of arrows has no row for " + room
	}
	if !test && strings.HasPrefix(room, "sync/") && slices.Contains(pure, name) {
		return "sync/ is pure"
	}
	if standard(name) {
		return ""
	}
	if !test && isTestHelp(name) && !slices.Contains(allowed, name) { // a tree of the table does not cover it
		return "it is for tests"
	}
	if !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, name) }) {
		return "no such arrow"
	}
	return ""
}

func TestLayout(t *testing.T) {
	edges := map[string]int{}
	for _, s := range sources(t) {
		for _, name := range s.imports() {
			if fault := judge(s.room, s.test, name); fault != "" {
				t.Errorf("%s imports %s: %s", s.name, name, fault)
			}
			edges[s.room]++
		}
		edges[s.room] += 0 // a file that imports nothing is a room all the same
	}
	for _, r := range arrows {
		count, there := edges[r.room]
		switch isPlanned := slices.Contains(planned, r.room); {
		case !there && !isPlanned:
			t.Errorf("%s: no such room; take its row away or say that it is planned", r.room)
		case there && count == 0:
			t.Errorf("%s: saw no import at all, so nothing was judged", r.room)
		}
	}
}

// TestPurity looks for what imports do not show: the clock and goroutines.
func TestPurity(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.room == "sync" {
			t.Errorf("%s: sync/ is a namespace and holds no Go file, so that the standard library's sync keeps its name", s.name)
		}
		if s.test || !strings.HasPrefix(s.room, "sync/") {
			continue
		}
		seen++
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", s.name)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Local", "LoadLocation"}, n.Sel.Name) {
					t.Errorf("%s uses time.%s", s.name, n.Sel.Name)
				}
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("saw no file of sync/")
	}
}

// TestJudge shows that each kind of wrong arrow is refused.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		room   string
		test   bool
		name   string
		refuse bool
	}{
		{"sync/record", false, "sync/ijson", false},
		{"sync/record", false, "sync/seal", true},
		{"sync/record", true, "sync/seal", false},
		{"sync/record", false, "server/postgres", true},
		{"sync/record", false, jose + "/jwt", true},
		{"sync/seal", false, jose + "/jwt", false},
		{"sync/seal", true, "github.com/other/jose", true},
		{"sync/seal", false, "net/http", true},
		{"sync/seal", true, "os", false},
		{"sync/seal", false, "sync", true},
		{"sync/form", false, xmod + "/sumdb/tlog", true},
		{"server", false, "sync", false},
		{"server/postgres", false, pgx + "/pgxpool", false},
		{"server/postgres", false, echo, true},
		{"server/postgres", false, "server/problem", true},
		{"server/postgres", false, "server/keys", true},
		{"server/objects", false, "server/postgres", true},
		{"server/field", false, "server/client", true},
		{"server/field", false, "server", true},
		{"server/field", false, pgx, true},
		{"server/field", false, minio, true},
		{"server/field", false, "server/field/fieldtest", true},
		{"server/field", true, "server/field/fieldtest", false},
		{"server/field/fieldtest", true, "server/postgres", false},
		{"server/jobs", false, "server/field", true},
		{"server/jobs", false, "server/failpoint", false},
		{"server/postgres", false, "server/failpoint", true},
		{"server/keys", false, "server/postgres", true},
		{"server/problem", false, "server/field", true},
		{"cmd/tachiai", false, "server/field", false},
		{"cmd/tachiai", false, "server/field/fieldtest", false},
		{"cmd/tachiai", false, "server/embedded/embeddedtest", true},
		{"cmd/tachiai", false, echo, true},
		{"cmd/tachiai", false, "e2e/house", true},
		{"e2e/story", true, "e2e/house", false},
		{"e2e/story", true, "e2e/line", true},
		{"server", false, "cmd/tachiai", true},
		{"server/util", false, "fmt", true},
	} {
		fault := judge(c.room, c.test, c.name)
		if (fault != "") != c.refuse {
			t.Errorf("%s → %s (test %v): %s", c.room, c.name, c.test, fmt.Sprintf("%q", fault))
		}
	}
}
