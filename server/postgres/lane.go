package postgres

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// lane lets the deeds of one kind, of one process, through to the database. One transaction is on its way at a time; those that come meanwhile
// wait, and go together in the next, up to laneWeight. So eight phones that push one visit each cost two locks and two flushes of the disk, not
// eight. A deed that meets nobody goes at once and alone. Servers beside this one meet it at the locks of the database, as ever.
//
// A transaction is whole or nothing, so each deed in it is too. If a shared one fails, each of its deeds is tried by itself: nobody's trouble
// is another's.
type lane[D deed] struct {
	mu      sync.Mutex
	busy    bool
	waiting []D
}

// deed is what goes through a lane.
type deed interface {
	weight() int
	seat() *seat
	renew() // forgets what a failed transaction has noted in it
}

// seat is a deed's place in a lane.
type seat struct {
	turn chan struct{} // it is to lead the next transaction
	done chan error    // another has led it
}

func newSeat() *seat { return &seat{turn: make(chan struct{}, 1), done: make(chan error, 1)} }

const (
	laneWeight = 200              // that a shared transaction may have; the first deed goes whatever its weight
	laneTime   = 60 * time.Second // for a shared transaction, which has no caller whose context would bound it
)

// pass sees d through, as the one that leads a transaction or as one of those that go with it. commit is the transaction; it leaves in each deed
// what became of it.
func (l *lane[D]) pass(ctx context.Context, d D, commit func(context.Context, []D) error) error {
	l.mu.Lock()
	if l.busy {
		l.waiting = append(l.waiting, d)
		l.mu.Unlock()
		select {
		case err := <-d.seat().done:
			return err
		case <-ctx.Done():
			l.leave(d)
			return fmt.Errorf("postgres: wait: %w", ctx.Err())
		case <-d.seat().turn:
		}
	} else {
		l.busy = true
		l.mu.Unlock()
	}
	defer l.next()
	group := l.gather(d)
	if len(group) == 1 {
		return commit(ctx, group)
	}
	shared, cancel := context.WithTimeout(context.WithoutCancel(ctx), laneTime)
	defer cancel()
	failed := commit(shared, group) != nil
	for _, one := range group {
		var err error
		if failed {
			one.renew()
			err = commit(shared, []D{one})
		}
		one.seat().done <- err
	}
	return <-d.seat().done
}

// gather takes those that wait into the transaction that d leads.
func (l *lane[D]) gather(d D) []D {
	l.mu.Lock()
	defer l.mu.Unlock()
	group, weight := []D{d}, d.weight()
	for len(l.waiting) > 0 && weight+l.waiting[0].weight() <= laneWeight {
		weight += l.waiting[0].weight()
		group = append(group, l.waiting[0])
		l.waiting = l.waiting[1:]
	}
	return group
}

// next gives the turn to the one that has waited longest.
func (l *lane[D]) next() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.busy = false
		return
	}
	d := l.waiting[0]
	l.waiting = l.waiting[1:]
	d.seat().turn <- struct{}{}
}

// leave takes a deed that gave up out of the line. If its turn came at the same moment, it passes it on; if it is on its way already, it goes
// through, and nobody hears of it.
func (l *lane[D]) leave(d D) {
	l.mu.Lock()
	if i := slices.IndexFunc(l.waiting, func(o D) bool { return o.seat() == d.seat() }); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	select {
	case <-d.seat().turn:
		l.next()
	default:
	}
}

// crowded says whether some wait while one is on its way.
func (l *lane[D]) crowded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting) > 0
}
