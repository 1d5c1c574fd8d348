package throttle

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	now := time.Unix(0, 0)
	limit := New(time.Second, 3, 4)
	for i := range 3 {
		if _, ok := limit.Allow("a", now); !ok {
			t.Fatal("refused within its burst:", i)
		}
	}
	if wait, ok := limit.Allow("a", now); ok || wait <= 0 || wait > time.Second {
		t.Errorf("beyond its burst: %v, %t", wait, ok)
	}
	if _, ok := limit.Allow("b", now); !ok {
		t.Error("another name pays for it")
	}
	if _, ok := limit.Allow("a", now.Add(time.Second)); !ok {
		t.Error("never forgiven")
	}
}

// Many names cost bounded memory, and those that came first keep their own bucket.
func TestFloodOfNames(t *testing.T) {
	now := time.Unix(0, 0)
	limit := New(time.Second, 1, 4)
	limit.Allow("first", now)
	for i := range 1000 {
		limit.Allow(strconv.Itoa(i), now)
	}
	if n := len(limit.named); n > 4 {
		t.Errorf("%d names are held", n)
	}
	if _, ok := limit.Allow("first", now); ok {
		t.Error("the flood washed a bucket away")
	}
	if _, ok := limit.Allow("newcomer", now); ok {
		t.Error("newcomers have a bucket each")
	}
	if _, ok := limit.Allow("newcomer", now.Add(time.Minute)); !ok {
		t.Error("the flood is never over")
	}
}
