//go:build !failpoints

package failpoint

// Here is a place to die at. It does nothing in the product.
func Here(string) {}
