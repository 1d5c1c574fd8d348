package field

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle gives each name (a key, an address) its own token bucket. It holds at most most names: when they are used up, those whose bucket
// is full again are forgotten, and when there are none, newcomers share one bucket. A flood of names costs bounded memory.
type throttle struct {
	every time.Duration
	burst int
	most  int

	mu     sync.Mutex
	named  map[string]*rate.Limiter
	others *rate.Limiter
}

func newThrottle(every time.Duration, burst, most int) *throttle {
	return &throttle{every: every, burst: burst, most: most, named: map[string]*rate.Limiter{}, others: rate.NewLimiter(rate.Every(every), burst)}
}

// allow takes one token of name; without one it says how long to wait.
func (t *throttle) allow(name string, now time.Time) (time.Duration, bool) {
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
func (t *throttle) forget(now time.Time) {
	for name, bucket := range t.named {
		if bucket.TokensAt(now) >= float64(t.burst) {
			delete(t.named, name)
		}
	}
}
