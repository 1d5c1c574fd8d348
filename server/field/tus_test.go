package field

import (
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"testing"

	"tachiai/sync/wire"
)

func TestParseCount(t *testing.T) {
	for value, want := range map[string]int64{"0": 0, "1": 1, "0012": 12, "9007199254740991": 1<<53 - 1} {
		if got, err := parseCount(value); err != nil || got != want {
			t.Errorf("%q: %d, %v", value, got, err)
		}
	}
	for _, value := range []string{"", "-1", "+1", " 1", "1.0", "0x1", "9007199254740992", "99999999999999999999"} {
		if got, err := parseCount(value); err == nil {
			t.Errorf("%q: %d, want an error", value, got)
		}
	}
}

// TestChecksum: a chunk holds against its own digest and no other.
func TestChecksum(t *testing.T) {
	one, two := sha1.Sum([]byte("hello")), sha256.Sum256([]byte("hello"))
	for _, claim := range []wire.Checksum{{Algorithm: wire.SHA1, Sum: one[:]}, {Algorithm: wire.SHA256, Sum: two[:]}} {
		for body, holds := range map[string]bool{"hello": true, "hellp": false, "": false} {
			c, err := newChecksum(claim.String())
			if err != nil || !c.claimed() {
				t.Fatalf("%s: %v", claim, err)
			}
			c.sum.Write([]byte(body))
			if c.holds() != holds {
				t.Errorf("%s over %q: %v", claim, body, c.holds())
			}
		}
	}
	if c, err := newChecksum(""); err != nil || c.claimed() || !c.holds() {
		t.Errorf("no claim: %v", err)
	}
	if _, err := newChecksum("md5 XUFAKrxLKna5cZ2REBfFkg=="); !errors.Is(err, wire.ErrHeader) {
		t.Errorf("md5: %v", err)
	}
}
