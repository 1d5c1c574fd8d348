// Package throttle bounds how often somebody may try.
package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Throttle gives each name (an address, a link) its own token bucket. It holds at most most names: when they are used up, those whose bucket
// is full again are forgotten, and when there are none, newcomers share one bucket. A flood of names costs bounded memory. Its methods may be
// called from several goroutines.
type Throttle struct {
	every time.Duration
	burst int
	most  int

	mu     sync.Mutex
	named  map[string]*rate.Limiter
	others *rate.Limiter
}

// New makes a throttle: burst at once, then one in every.
func New(every time.Duration, burst, most int) *Throttle {
	return &Throttle{every: every, burst: burst, most: most, named: map[string]*rate.Limiter{}, others: rate.NewLimiter(rate.Every(every), burst)}
}

// Allow takes one token of name; without one it says how long to wait.
func (t *Throttle) Allow(name string, now time.Time) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	bucket := t.named[name]
	if bucket == nil {
		if len(t.named) >= t.most {
			t.forget(now)
		}
		if bucket = t.others; len(t.named) < t.most {
			bucket = rate.NewLimiter(rate.Every(t.every), t.burst)
			t.named[name] = bucket
		}
	}
	if bucket.AllowN(now, 1) {
		return 0, true
	}
	return time.Duration((1 - bucket.TokensAt(now)) * float64(t.every)), false
}

// forget drops the buckets that are full: they remember nothing.
func (t *Throttle) forget(now time.Time) {
	for name, bucket := range t.named {
		if bucket.TokensAt(now) >= float64(t.burst) {
			delete(t.named, name)
		}
	}
}
