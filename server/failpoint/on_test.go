//go:build failpoints

package failpoint

import "testing"

func TestRead(t *testing.T) {
	for text, want := range map[string]struct {
		name string
		left int64
	}{
		"": {"", 1}, "push.committed": {"push.committed", 1}, "tus.staged:2": {"tus.staged", 2}, "tus.staged:x": {"", 1}, "tus.staged:0": {"", 1},
	} {
		if name, left := read(text); name != want.name || left.Load() != want.left {
			t.Errorf("%q: %q %d", text, name, left.Load())
		}
	}
}
