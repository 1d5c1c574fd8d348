package field

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"testing/iotest"
)

// TestSpoolKeeps: what comes out is what went in, on both sides of the border between memory and file, and no file can be seen.
func TestSpoolKeeps(t *testing.T) {
	for _, n := range []int{0, 1, spoolHead - 1, spoolHead, spoolHead + 1, 3*spoolHead + 17} {
		body := make([]byte, n)
		rand.NewChaCha8([32]byte{}).Read(body)
		dir := t.TempDir()
		sum := sha256.New()
		s := newSpool(dir, sum)
		if err := s.fill(iotest.HalfReader(bytes.NewReader(body)), int64(n)); err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		for range 2 {
			r, err := s.reader()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, body) || s.size != int64(n) {
				t.Fatalf("%d bytes: read %d, size %d, %v", n, len(got), s.size, err)
			}
		}
		if want := sha256.Sum256(body); !bytes.Equal(sum.Sum(nil), want[:]) {
			t.Fatalf("%d bytes: wrong digest", n)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Fatalf("%d bytes: %v can be seen", n, left)
		}
		s.close()
	}
}

// TestSpoolCut: a cut keeps exactly what arrived.
func TestSpoolCut(t *testing.T) {
	cut := errors.New("cut")
	for _, n := range []int{0, 1, spoolHead, 2*spoolHead + 5} {
		s := newSpool(t.TempDir())
		err := s.fill(io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(cut)), 1<<20)
		if !errors.Is(err, cut) || s.size != int64(n) {
			t.Fatalf("%d bytes: size %d, %v", n, s.size, err)
		}
		s.close()
	}
}

// TestSpoolLimit: a body of one byte too many is refused, wherever the limit lies.
func TestSpoolLimit(t *testing.T) {
	for _, limit := range []int{0, 1, spoolHead, spoolHead + 1} {
		s := newSpool(t.TempDir())
		if err := s.fill(bytes.NewReader(make([]byte, limit+1)), int64(limit)); !errors.Is(err, errTooBig) {
			t.Fatalf("limit %d: %v", limit, err)
		}
		s.close()
	}
}
