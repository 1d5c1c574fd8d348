package field

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	th := newThrottle(time.Second, 3, 2)
	for i := range 3 {
		if _, ok := th.allow("a", now); !ok {
			t.Fatalf("request %d of the burst refused", i)
		}
	}
	wait, ok := th.allow("a", now)
	if ok || wait <= 0 || wait > time.Second {
		t.Fatalf("after the burst: %v, wait %v", ok, wait)
	}
	if _, ok := th.allow("b", now); !ok {
		t.Fatal("another name pays for the first")
	}
	if _, ok := th.allow("a", now.Add(wait)); !ok {
		t.Fatalf("refused after waiting %v", wait)
	}
	for i := range 100 {
		th.allow(strconv.Itoa(i), now)
	}
	if len(th.named) > 2 {
		t.Fatalf("%d names held, want at most 2", len(th.named))
	}
	if _, ok := th.allow("z", now); ok {
		t.Fatal("a flood of names is not throttled")
	}
	if _, ok := th.allow("z", now.Add(time.Hour)); !ok || len(th.named) > 2 {
		t.Fatalf("names are not forgotten: %d", len(th.named))
	}
}
