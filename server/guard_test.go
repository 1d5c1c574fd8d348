package server

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestAddresses: a forwarded address is believed only from a trusted proxy, and only the last one that is none.
func TestAddresses(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for name, test := range map[string]struct {
		trusted         []netip.Prefix
		peer, forwarded string
		want            string
	}{
		"no proxy":                {nil, "192.0.2.1:5", "", "192.0.2.1"},
		"header without a proxy":  {nil, "192.0.2.1:5", "203.0.113.9", "192.0.2.1"},
		"loopback is no proxy":    {nil, "127.0.0.1:5", "203.0.113.9", "127.0.0.1"},
		"header from a stranger":  {trusted, "192.0.2.1:5", "203.0.113.9", "192.0.2.1"},
		"proxy":                   {trusted, "10.1.1.1:5", "203.0.113.9", "203.0.113.9"},
		"proxy behind proxy":      {trusted, "10.1.1.1:5", "203.0.113.9, 10.2.2.2", "203.0.113.9"},
		"forged before the proxy": {trusted, "10.1.1.1:5", "127.0.0.1, 203.0.113.9", "203.0.113.9"},
		"IPv6 proxy":              {trusted, "[2001:db8::1]:5", "203.0.113.9", "203.0.113.9"},
		"IPv6 is a network":       {nil, "[2001:db8:1:2:aaaa:bbbb:cccc:dddd]:5", "", "2001:db8:1:2::"},
		"forwarded IPv6":          {trusted, "10.1.1.1:5", "2001:db9:1:2::7", "2001:db9:1:2::"},
		"IPv4 in IPv6":            {nil, "[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
		"link-local with a zone":  {nil, "[fe80::1%eth0]:5", "", "fe80::"},
		"private is not trusted":  {trusted, "192.168.1.1:5", "203.0.113.9", "192.168.1.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.peer
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := addresses(test.trusted)(r); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
