package field

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"strings"
	"testing"
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

func TestParseMetadata(t *testing.T) {
	good := map[string]map[string]string{
		"":                            {},
		"record YWJj,sha256 ZGVm":     {"record": "abc", "sha256": "def"},
		"record YWJj, sha256 ZGVm":    {"record": "abc", "sha256": "def"},
		"is_confidential,record YWJj": {"is_confidential": "", "record": "abc"},
	}
	for value, want := range good {
		if got, err := parseMetadata(value); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v", value, got, err)
		}
	}
	for _, value := range []string{"record !", ",", "record YWJj,record YWJj", "record YWJj ZGVm", " , "} {
		if got, err := parseMetadata(value); err == nil {
			t.Errorf("%q: %v, want an error", value, got)
		}
	}
}

func TestParseChecksum(t *testing.T) {
	one, two := sha1.Sum([]byte("hello")), sha256.Sum256([]byte("hello"))
	for _, value := range []string{"sha1 " + base64.StdEncoding.EncodeToString(one[:]), "sha256 " + base64.StdEncoding.EncodeToString(two[:])} {
		for body, holds := range map[string]bool{"hello": true, "hellp": false, "": false} {
			c, err := parseChecksum(value)
			if err != nil || !c.claimed() {
				t.Fatalf("%q: %v", value, err)
			}
			c.sum.Write([]byte(body))
			if c.holds() != holds {
				t.Errorf("%q over %q: %v", value, body, c.holds())
			}
		}
	}
	if c, err := parseChecksum(""); err != nil || c.claimed() || !c.holds() {
		t.Errorf("no claim: %v", err)
	}
	for _, value := range []string{"sha1", "sha1 ", "md5 XUFAKrxLKna5cZ2REBfFkg==", "sha256 " + base64.StdEncoding.EncodeToString(one[:]), "sha1 *"} {
		if _, err := parseChecksum(value); err == nil {
			t.Errorf("%q: want an error", value)
		}
	}
}

func TestParseDigest(t *testing.T) {
	sum := sha256.Sum256([]byte("hello"))
	coded := base64.StdEncoding.EncodeToString(sum[:])
	for _, value := range []string{"sha-256=:" + coded + ":", "sha-512=:AA==:, sha-256=:" + coded + ":"} {
		if got, err := parseDigest(value); err != nil || got != sum {
			t.Errorf("%q: %x, %v", value, got, err)
		}
	}
	for _, value := range []string{"", "sha-256", "sha-256=" + coded, "sha-256=:" + coded, "sha-256=:" + strings.ToLower(coded) + "A:", "sha-512=:AA==:"} {
		if _, err := parseDigest(value); err == nil {
			t.Errorf("%q: want an error", value)
		}
	}
}
