package keys

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"tachiai/sync/record"
)

func create(t *testing.T) (*Set, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "var", "keys")
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// contents reads every file below dir.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}

func TestCreateThenLoad(t *testing.T) {
	made, dir := create(t)
	read, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(made.Public(), read.Public()) || !bytes.Equal(made.Nonce, read.Nonce) ||
		made.Rescue.String() != read.Rescue.String() || !made.PDF.Equal(read.PDF) || !made.Link.Equal(read.Link) {
		t.Error("what was read is not what was made")
	}
	if got := len(contents(t, dir)); got != len(files) {
		t.Errorf("%d files, want %d", got, len(files))
	}
	for _, path := range append(glob(t, dir), dir) {
		if err := private(path); err != nil {
			t.Error(err)
		}
	}
	if left := glob(t, filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("something is left beside the directory: %v", left)
	}
	other, _ := create(t)
	if other.RootID() == made.RootID() || bytes.Equal(other.Nonce, made.Nonce) {
		t.Error("two inventories share a secret")
	}
}

func glob(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestCreateNeverOverwrites(t *testing.T) {
	_, dir := create(t)
	before := contents(t, dir)
	if _, err := Create(dir); !errors.Is(err, ErrExists) {
		t.Fatalf("second Create: %v", err)
	}
	if !reflect.DeepEqual(before, contents(t, dir)) {
		t.Fatal("the second Create changed a key")
	}

	for _, f := range files[1:] {
		if err := os.Remove(filepath.Join(dir, f.name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Create(dir); !errors.Is(err, ErrExists) {
		t.Errorf("Create over one file: %v", err)
	}
	if _, created, err := Ensure(dir); created || !errors.Is(err, ErrMissing) {
		t.Errorf("Ensure filled up an incomplete inventory: %v", err)
	}
	if left := glob(t, filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("a refused Create left something: %v", left)
	}
}

// A crash before the rename leaves a directory of unused keys beside the place,
// and no inventory: the next start makes one.
func TestCreateAfterCrash(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "keys")
	half := filepath.Join(parent, "keys.new-123")
	if err := os.Mkdir(half, dirMode); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "root.pem"), []byte("-----BEG"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, dirMode); err != nil { // empty is as good as absent
		t.Fatal(err)
	}
	if _, created, err := Ensure(dir); err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	if _, err := Load(dir); err != nil {
		t.Error(err)
	}
}

func TestCreateInOddPlaces(t *testing.T) {
	parent := t.TempDir()
	real, link, plain := filepath.Join(parent, "real"), filepath.Join(parent, "link"), filepath.Join(parent, "plain")
	if err := errors.Join(os.Mkdir(real, dirMode), os.Symlink(real, link), os.WriteFile(plain, []byte("x"), fileMode)); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(link); err != nil {
		t.Errorf("through a link: %v", err)
	}
	if _, err := Load(real); err != nil {
		t.Errorf("where the link points: %v", err)
	}
	if _, err := Create(plain); !errors.Is(err, ErrPlace) {
		t.Errorf("over a plain file: %v", err)
	}
	if got, err := os.ReadFile(plain); err != nil || string(got) != "x" {
		t.Errorf("the plain file: %q, %v", got, err)
	}
}

func TestEnsureAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	roots, made := make([]record.KeyID, 8), make([]bool, 8)
	var group sync.WaitGroup
	for i := range roots {
		group.Go(func() {
			s, created, err := Ensure(dir)
			if err != nil {
				t.Error(err)
				return
			}
			roots[i], made[i] = s.RootID(), created
		})
	}
	group.Wait()
	count := 0
	for i := range roots {
		if roots[i] != roots[0] {
			t.Errorf("two processes hold different root keys")
		}
		if made[i] {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d of them say that they made the keys", count)
	}
}

func TestLoadReportsEveryFault(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, ErrNone) {
		t.Errorf("absent: %v", err)
	}
	if _, err := Load(t.TempDir()); !errors.Is(err, ErrNone) {
		t.Errorf("empty: %v", err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := encodePEM(other)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := create(t)
	p256, err := encodePEM(s.PDF)
	if err != nil {
		t.Fatal(err)
	}
	text := func(text []byte) func(string) error {
		return func(path string) error { return os.WriteFile(path, text, fileMode) }
	}
	for _, c := range []struct {
		name, file string
		spoil      func(path string) error
		want       error
	}{
		{"gone", "office.pem", os.Remove, ErrMissing},
		{"readable by the group", "root.pem", func(p string) error { return os.Chmod(p, 0o640) }, ErrExposed},
		{"readable by all", "nonce.hex", func(p string) error { return os.Chmod(p, 0o604) }, ErrExposed},
		{"directory open", ".", func(p string) error { return os.Chmod(p, 0o750) }, ErrExposed},
		{"empty", "link.pem", text(nil), ErrForm},
		{"not PEM", "link.pem", text([]byte("secret")), ErrForm},
		{"not PKCS#8", "ledger.pem", text([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")), ErrForm},
		{"two keys", "pdf.pem", text(append(bytes.Clone(p256), p256...)), ErrForm},
		{"another algorithm", "receipt.pem", text(p256), ErrForm},
		{"another curve", "pdf.pem", text(p384), ErrForm},
		{"not an identity", "rescue.age", text([]byte(s.RescueRecipient())), ErrForm},
		{"short secret", "nonce.hex", text([]byte("00ff")), ErrForm},
		{"not hexadecimal", "nonce.hex", text(bytes.Repeat([]byte("zz"), NonceSize)), ErrForm},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, dir := create(t)
			if err := c.spoil(filepath.Join(dir, c.file)); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(dir); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}

	_, dir := create(t)
	if err := errors.Join(os.Remove(filepath.Join(dir, "office.pem")), os.Chmod(filepath.Join(dir, "link.pem"), 0o644),
		text(nil)(filepath.Join(dir, "pdf.pem")), os.Remove(filepath.Join(dir, "nonce.hex"))); err != nil {
		t.Fatal(err)
	}
	_, err = Load(dir)
	for _, want := range []string{"office.pem", "link.pem", "pdf.pem", "nonce.hex"} {
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(want)) {
			t.Errorf("%s is not in %v", want, err)
		}
	}
}

func TestOneKeyForTwoUses(t *testing.T) {
	_, dir := create(t)
	root, err := os.ReadFile(filepath.Join(dir, "root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "receipt.pem"), root, fileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); !errors.Is(err, ErrShared) {
		t.Errorf("a root key that signs receipts: %v", err)
	}
}
