package crash

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// rounds is how often each victim dies while the phones go on.
const rounds = 3

// L31: kill -9 of the server, of Postgres, of the object store and of everything at once, in mid-traffic.
func TestL31Kill9(t *testing.T) {
	for seed, victim := range []string{"server", "postgres", "objects", "everything"} {
		t.Run(victim, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 9)) //nolint:gosec // repeatable
			h := newHome(t)
			h.start("")
			phones := make([]*phone, 3)
			for i := range phones {
				p, link := h.newPhone(uint64(seed*10 + i))
				p.chunk = []int{0, chunkSize, photoSize}[i]
				p.join(link)
				phones[i] = p
			}
			witness := h.watch()
			traffic, stop := begin(phones)
			for range rounds {
				reach(t, phones, 5+random.Int64N(20))
				time.Sleep(time.Duration(random.Int64N(20_000)) * time.Microsecond)
				h.strike(victim)
			}
			reach(t, phones, 12)
			close(stop)
			traffic.Wait()
			h.reopen()
			witness.verify()
			told := 0
			for _, p := range phones {
				told += len(p.told)
			}
			t.Logf("%d receipts", told)
			h.verify(phones...)
		})
	}
}

// L31: a start that dies on its way, again and again, from the very first one, loses nothing and leaves nothing in the way of the next.
func TestL31Kill9FirstStart(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 9)) //nolint:gosec // repeatable
	h := bareHome(t, "")
	for i := range 6 {
		h.must(h.Launch())
		select {
		case <-h.Ended():
			t.Errorf("start %d ended by itself", i)
		case <-time.After(time.Duration(random.Int64N(600)) * time.Millisecond):
		}
		h.Kill()
	}
	h.start("")
	p, link := h.newPhone(1)
	p.join(link)
	p.capture()
	p.drain()
	h.verify(p)
}

// begin lets the phones capture and sync until stop is closed, and then bring what they have.
func begin(phones []*phone) (*sync.WaitGroup, chan struct{}) {
	stop := make(chan struct{})
	traffic := new(sync.WaitGroup)
	for _, p := range phones {
		traffic.Go(func() {
			for {
				p.capture()
				p.drain()
				select {
				case <-stop:
					return
				case <-p.t.Context().Done():
					return
				default:
				}
			}
		})
	}
	return traffic, stop
}

// reach waits until the phones were told n things more.
func reach(t *testing.T, phones []*phone, n int64) {
	t.Helper()
	told := func() (sum int64) {
		for _, p := range phones {
			sum += p.count.Load()
		}
		return sum
	}
	for goal := told() + n; told() < goal; time.Sleep(time.Millisecond) {
		if t.Failed() || t.Context().Err() != nil {
			t.FailNow()
		}
	}
}

// strike kills the victim. A server is started again; a child is started again by its server.
func (h *home) strike(victim string) {
	h.t.Helper()
	children := h.children()
	if victim == "postgres" || victim == "objects" {
		if err := syscall.Kill(children[victim][0], syscall.SIGKILL); err != nil {
			h.t.Fatalf("%s: %v", victim, err)
		}
		return
	}
	if victim == "everything" {
		for _, pid := range append(children["postgres"], children["objects"]...) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // a process that has just ended is dead enough
		}
	}
	h.Kill()
	h.start("")
}

// children finds the processes of the running house: those of Postgres, its first process in front, and the object store. It waits while one
// of them is being started again.
func (h *home) children() map[string][]int {
	h.t.Helper()
	for range 1000 {
		found := map[string][]int{}
		all := processes()
		for _, child := range all[h.Pid()] {
			switch name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child)); {
			case strings.HasPrefix(string(name), "postgres"):
				found["postgres"] = append([]int{child}, all[child]...)
			case strings.HasPrefix(string(name), "tachiai-objects"):
				found["objects"] = []int{child}
			}
		}
		if len(found) == 2 {
			return found
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatal("the server has no children")
	return nil
}

// processes reads the process table: children by parent.
func processes() map[int][]int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, _ := os.ReadFile(path) //nolint:gosec // the kernel's own
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], pid)
		}
	}
	return children
}
