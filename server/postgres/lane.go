package postgres

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lane lets the pushes of one process through to the ledger. One transaction is on its way at a time; those that come meanwhile wait, and go
// together in the next, up to laneRecords. So eight phones that push one visit each cost two locks and two flushes of the disk, not eight. A push
// that meets nobody goes at once and alone. Servers beside this one meet it at the ledger's lock, as ever.
//
// A transaction is whole or nothing, so each push in it is too. If a shared one fails, each of its pushes is tried by itself: nobody's
// trouble is another's.
type lane struct {
	mu      sync.Mutex
	busy    bool
	waiting []*push
}

const (
	laneRecords = 200              // that a shared transaction may have; the first push goes whatever its size
	laneTime    = 60 * time.Second // for a shared transaction, which has no caller whose context would bound it
)

// accept sees p through, as the one that leads a transaction or as one of those that go with it.
func (l *lane) accept(ctx context.Context, db *DB, p *push) (*Acceptance, error) {
	l.mu.Lock()
	if l.busy {
		l.waiting = append(l.waiting, p)
		l.mu.Unlock()
		select {
		case answer := <-p.done:
			return answer.Acceptance, answer.error
		case <-ctx.Done():
			l.leave(p)
			return nil, wrap("accept", ctx.Err())
		case <-p.turn:
		}
	} else {
		l.busy = true
		l.mu.Unlock()
	}
	defer l.next()
	group := l.gather(p)
	if len(group) == 1 {
		return db.acceptAll(ctx, p)
	}
	shared, cancel := context.WithTimeout(context.WithoutCancel(ctx), laneTime)
	defer cancel()
	l.share(shared, db, group)
	answer := <-p.done
	return answer.Acceptance, answer.error
}

// gather takes those that wait into the transaction that p leads.
func (l *lane) gather(p *push) []*push {
	l.mu.Lock()
	defer l.mu.Unlock()
	group, records := []*push{p}, len(p.entries)
	for len(l.waiting) > 0 && records+len(l.waiting[0].entries) <= laneRecords {
		records += len(l.waiting[0].entries)
		group = append(group, l.waiting[0])
		l.waiting = l.waiting[1:]
	}
	return group
}

// share answers every push of a group.
func (l *lane) share(ctx context.Context, db *DB, group []*push) {
	if _, err := db.acceptAll(ctx, group...); err == nil {
		return
	}
	for _, p := range group {
		a, err := db.acceptAll(ctx, newPush(p.batch, p.caller, p.now)) // afresh: the failed work has marked its entries
		p.done <- pushed{a, err}
	}
}

// acceptAll is one transaction. It answers the pushes of a group if it succeeds, and returns the answer of the first.
func (db *DB) acceptAll(ctx context.Context, group ...*push) (*Acceptance, error) {
	w := db.work("accept", group[0].now)
	for _, p := range group {
		w.join(p)
	}
	if err := w.commit(ctx); err != nil {
		return nil, err
	}
	if len(group) == 1 {
		return group[0].answer(w), nil
	}
	for _, p := range group {
		p.done <- pushed{p.answer(w), nil}
	}
	return nil, nil
}

// next gives the turn to the one that has waited longest.
func (l *lane) next() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.busy = false
		return
	}
	p := l.waiting[0]
	l.waiting = l.waiting[1:]
	p.turn <- struct{}{}
}

// leave takes a push that gave up out of the line. If its turn came at the same moment, it passes it on; if it is on its way already, it goes through,
// and nobody hears of it.
func (l *lane) leave(p *push) {
	l.mu.Lock()
	if i := slices.Index(l.waiting, p); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	select {
	case <-p.turn:
		l.next()
	default:
	}
}
