package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// TestRestoreCommand: the database directory of an older day is put back. The server starts red and says why; "restore --accept-loss" opens a new
// origin; the phone, which still holds everything, pushes again what was forgotten.
func TestRestoreCommand(t *testing.T) {
	dir := t.TempDir()
	env := settingsIn(t, dir)
	s := startServe(t, env)
	phone, err := fieldtest.New(fieldtest.Options{Server: s.url})
	if err != nil {
		t.Fatal(err)
	}
	joined, err := phone.Enrol(t.Context(), enrolLink.FindString(s.out.String()))
	if err != nil {
		t.Fatal(err)
	}
	note := func() {
		t.Helper()
		if _, err := phone.Seal(fieldtest.Draft{Kind: record.KindNoteWritten, Case: joined.Member, Fields: []seal.Content{{Name: "note", Value: "不在"}}}); err != nil {
			t.Fatal(err)
		}
		if summary, err := phone.Sync(t.Context()); err != nil || summary.Quarantined > 0 {
			t.Fatalf("%+v, %v", summary, err)
		}
	}
	note()
	s.end()
	pg, backup := filepath.Join(dir, "pg"), filepath.Join(dir, "pg.backup")
	copyTree(t, pg, backup)

	s = startServe(t, env)
	phone = moved(t, phone, s.url)
	note()
	note()
	s.end()
	if err := os.RemoveAll(pg); err != nil {
		t.Fatal(err)
	}
	copyTree(t, backup, pg)

	s = startServe(t, env)
	if !strings.Contains(s.out.String(), "RED") || !strings.Contains(s.out.String(), "--accept-loss") {
		t.Fatalf("a red start says nothing:\n%s", s.out)
	}
	answer, err := http.Get(s.url + "/readyz") //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(answer.Status)
	}
	s.end()
	if out := tell(t, env, exitFailed, "ledger", "verify"); !strings.Contains(out, "RED") {
		t.Fatal(out)
	}
	tell(t, env, exitUsage, "restore")
	if out := tell(t, env, exitOK, "restore", "--accept-loss"); !strings.Contains(out, "opened") {
		t.Fatal(out)
	}
	s = startServe(t, env)
	if strings.Contains(s.out.String(), "RED") {
		t.Fatalf("still red:\n%s", s.out)
	}
	phone = moved(t, phone, s.url)
	if summary, err := phone.Sync(t.Context()); err != nil || summary.Accepted != 2 || summary.Duplicate != 1 {
		t.Fatalf("%+v, %v", summary, err)
	}
	s.end()
	if out := tell(t, env, exitOK, "ledger", "verify"); !strings.Contains(out, "ok ") {
		t.Fatal(out)
	}
}

// copyTree copies a directory with its owners, as a backup does.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
