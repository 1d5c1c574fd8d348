package main

import (
	"testing"
	"time"
)

// What did not wait for an answer is no round trip of its own, and neither is what was said before the signal or after the receipt.
func TestRoundTrips(t *testing.T) {
	signal := time.UnixMilli(1_700_000_000_000)
	at := func(seconds ...float64) (said []time.Time) {
		for _, s := range seconds {
			said = append(said, signal.Add(time.Duration(s*float64(time.Second))))
		}
		return said
	}
	for name, c := range map[string]struct {
		said []time.Time
		want int
	}{
		"TCP, TLS, nonce, push":     {at(0.1, 2.1, 4.2, 6.3), 4},
		"settings are acknowledged": {at(0.1, 2.1, 4.2, 4.3, 6.3, 6.4), 4},
		"before and after":          {at(-1, 0.1, 2.1, 9.1), 2},
		"nothing was said":          {nil, 0},
	} {
		if got := roundTrips(c.said, 2*time.Second, signal, signal.Add(9*time.Second)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
