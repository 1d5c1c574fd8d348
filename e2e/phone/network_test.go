package phone

import (
	"testing"
	"time"

	"tachiai/e2e/line"
)

// signal is how many round trips a declaration may take to its receipt, from the first signal on: the connection, TLS, a nonce, the push.
const signal = 4

// L34: on 64 kbit/s with a round trip of 2 s, a declaration that was signed without network is receipted within four round trips, whatever waits
// beside it; then the photos follow.
func TestL34SlowLine(t *testing.T) {
	h := theHome(t)
	for name, behind := range map[string]int{"alone": 0, "behind a visit": 12} {
		t.Run(name, func(t *testing.T) {
			p := h.newPhone(t)
			p.do(nil, "online", "on", false)
			if behind > 0 {
				p.seal(behind, 30_000)
			}
			p.sealed("declare", "bytes", 12_000)
			p.do(nil, "kill") // the app was closed since
			h.line.Become(line.Weather{Rate: 64_000, RTT: 2 * time.Second})
			last := p.made[len(p.made)-1]
			var now told
			p.do(&now, "signal", "hash", last.Hash)
			trips := h.line.Trips()
			t.Logf("a record of %d bytes, %d in all: %d round trips", last.Size, len(p.made), trips)
			if trips > signal || now.Received != len(p.made) {
				t.Errorf("%d round trips, want %d; the phone says %+v", trips, signal, now)
			}
			p.do(nil, "online", "on", true)
			p.drain(2 * time.Minute)
			h.verify(t, p)
		})
	}
}

// L34: one piece in ten ends its connection. Everything arrives, once.
func TestL34Resets(t *testing.T) {
	h := theHome(t)
	p := h.newPhone(t)
	h.line.Become(line.Weather{Resets: 0.1, RTT: 100 * time.Millisecond})
	p.seal(12, 60_000)
	p.drain(2 * time.Minute)
	h.verify(t, p)
}

// L34: what a portal answers, with 200 and under our name, is no acknowledgement, however often it is heard.
func TestL34Portal(t *testing.T) {
	h := theHome(t)
	p := h.newPhone(t)
	h.line.Become(line.Weather{Portal: true})
	p.seal(6, 100_000)
	until(t, func() bool {
		p.do(nil, "sync")
		return h.line.Answered() >= 3*len(line.Portals)
	})
	now := p.rest()
	if now.Received > 0 || now.Unsent != 6 || now.Blobs != 4 || now.Problem != "portal" || now.Attention > 0 {
		t.Errorf("behind a portal the phone says %+v", now)
	}
	if got := h.number(t, "select count(*) from records where case_id = $1 and seq is not null", p.caseID); got != 0 {
		t.Errorf("%d records went past the portal", got)
	}
	h.line.Become(line.Weather{})
	p.drain(2 * time.Minute)
	h.verify(t, p)
}

// L34: a line that carries in one direction only, and says nothing of it. What has arrived is not called received before its receipt is here;
// the phone gives up by itself, says so, and sends again.
func TestL34Blackhole(t *testing.T) {
	h := theHome(t)
	for name, c := range map[string]struct {
		weather line.Weather
		arrives int
	}{
		"no answer comes": {line.Weather{Deaf: true}, 1},
		"nothing goes":    {line.Weather{Mute: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h.line.Become(line.Weather{})
			p := h.newPhone(t)
			h.line.Become(c.weather)
			p.sealed("declare", "bytes", 20_000)
			until(t, func() bool {
				return h.number(t, "select count(*) from records where case_id = $1 and seq is not null", p.caseID) == c.arrives
			})
			now := p.rest()
			if now.Received > 0 || now.Unsent != 1 || now.Problem != "timeout" || now.Activity != "waiting" {
				t.Errorf("in the hole the phone says %+v", now)
			}
			h.line.Become(line.Weather{})
			p.drain(2 * time.Minute)
			h.verify(t, p)
		})
	}
}
