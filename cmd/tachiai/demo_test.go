package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/sync/record"
)

// TestDemo plays the evening against a server of its own, and then shows that
// the verification of what it left can fail: every file, one byte changed or
// the file gone.
func TestDemo(t *testing.T) {
	store, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	var out, log bytes.Buffer
	env := environment("DATA_DIR="+t.TempDir(), "CHECKPOINT_INTERVAL=1s", "OBJECTS_BIN="+store)
	if status := run(context.Background(), process{env: env, stdin: strings.NewReader(""), stdout: &out, stderr: &log}, []string{"demo"}); status != exitOK {
		t.Fatalf("exit status %d\n%s\n%s", status, out.String(), log.String())
	}
	if log.Len() > 0 {
		t.Errorf("a demo in which nothing goes wrong says:\n%s", log.String())
	}
	for _, want := range []string{"declaration.signed", "visit.ended", "18 records, verified", "resuming", "http://localhost:8080/d/", "passcode", "http://localhost:8080/k#"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the demo does not say %q:\n%s", want, out.String())
		}
	}
	_, after, _ := strings.Cut(out.String(), "against the root key ")
	root, err := record.ParseKeyID(after[:43])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proveFolder(demoOut, root); err != nil {
		t.Fatal(err)
	}
	if _, err := proveFolder(demoOut, record.KeyID{1}); err == nil {
		t.Error("verified against another root key")
	}
	var files int
	err = filepath.WalkDir(demoOut, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		tamper(t, name, root)
		return nil
	})
	if err != nil || files < 60 {
		t.Errorf("%d files, %v", files, err)
	}
}

// tamper changes one byte in the middle of a file, and then takes it away.
func tamper(t *testing.T, name string, root record.KeyID) {
	t.Helper()
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(whole)
	other[len(other)/2] ^= 4
	if err := os.WriteFile(name, other, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := proveFolder(demoOut, root); err == nil {
		t.Errorf("%s: a changed byte goes unnoticed", name)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := proveFolder(demoOut, root); err == nil {
		t.Errorf("%s: its absence goes unnoticed", name)
	}
	if err := os.WriteFile(name, whole, 0o600); err != nil {
		t.Fatal(err)
	}
}
