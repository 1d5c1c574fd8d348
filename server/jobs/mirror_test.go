package jobs

import (
	"errors"
	"os"
	"slices"
	"testing"

	"tachiai/server/objects"
)

// The data directory holds more than checkpoints: the first start must not take it for one.
func TestDirectory(t *testing.T) {
	d := directory(t.TempDir())
	if err := os.Mkdir(string(d)+"/spool", 0o700); err != nil {
		t.Fatal(err)
	}
	if names, err := d.after(t.Context(), ""); err != nil || len(names) > 0 {
		t.Errorf("before the first checkpoint: %v, %v", names, err)
	}
	for _, name := range []string{"2", "1", "3"} {
		if err := d.create(t.Context(), name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.create(t.Context(), "2", []byte("other")); !errors.Is(err, objects.ErrExists) {
		t.Errorf("a second time: %v", err)
	}
	if data, err := d.read(t.Context(), "2"); err != nil || string(data) != "2" {
		t.Errorf("%q, %v", data, err)
	}
	for from, want := range map[string][]string{"": {"1", "2", "3"}, "1": {"2", "3"}, "1~": {"2", "3"}, "3": nil} {
		if names, err := d.after(t.Context(), from); err != nil || !slices.Equal(names, want) {
			t.Errorf("after %q: %v, %v", from, names, err)
		}
	}
}
