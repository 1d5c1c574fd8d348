//go:build !failpoints

package failpoint

import "testing"

// The product cannot be made to die from outside.
func TestProductHasNone(t *testing.T) {
	t.Setenv("FAILPOINT", "push.committed")
	Here("push.committed")
}
