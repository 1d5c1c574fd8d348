package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/wire"
)

// The feed of a small and of a large ledger.
const (
	smallLedger  = 10_000
	pulls        = 400 // samples of each kind
	pullsWarm    = 50
	fullPage     = wire.DefaultChanges
	fillVisits   = 66 // visits of one filling push: 198 records
	settleWithin = time.Minute
)

// feed compares pulls from a large ledger with pulls from a small one, on two servers side by side, in turn.
func feed(ctx context.Context, b *bench) (err error) {
	var ledgers []*library
	defer func() {
		for _, l := range ledgers {
			err = errors.Join(err, l.close())
		}
	}()
	for _, size := range []int64{smallLedger, b.large} {
		l := &library{}
		if l.site, err = b.open(ctx, fmt.Sprintf("feed-%d", size)); err != nil {
			return err
		}
		ledgers = append(ledgers, l)
		if err := l.fill(ctx, size); err != nil {
			return fmt.Errorf("fill the ledger: %w", err)
		}
	}
	for _, l := range ledgers {
		if err := l.settle(ctx); err != nil {
			return err
		}
		if err := l.find(ctx); err != nil {
			return err
		}
	}
	var empty, page [2][]time.Duration
	for i := range pulls + pullsWarm {
		if i == pullsWarm {
			empty, page = [2][]time.Duration{}, [2][]time.Duration{}
		}
		for k, l := range ledgers {
			if err := errors.Join(l.pull(ctx, &empty[k], l.end, 0), l.pull(ctx, &page[k], l.before, fullPage)); err != nil {
				return err
			}
		}
	}
	for _, kind := range []struct {
		name string
		took [2][]time.Duration
	}{{"an empty pull", empty}, {fmt.Sprintf("a pull of %d changes", fullPage), page}} {
		b.table.add(row{
			figure: fmt.Sprintf("feed: p50 of %s at %d entries", kind.name, ledgers[1].size), measured: milliseconds(median(kind.took[1])), unit: "ms",
			peer: fmt.Sprintf("the same at %d entries", ledgers[0].size), limit: milliseconds(median(kind.took[0])), mostRatio: 1.5,
		})
	}
	return nil
}

// library is a server with a filled ledger and one phone that reads.
type library struct {
	*site
	phones      []*phone
	size        int64       // of the ledger
	end, before wire.Cursor // the end of the feed, and the last place that fullPage changes follow
}

// fill lets several phones work until the ledger has size entries: cases opened and assigned, visits of metadata only.
func (l *library) fill(ctx context.Context, size int64) (err error) {
	if l.phones, err = l.crew(ctx, phonesAtOnce, 2); err != nil {
		return err
	}
	began := time.Now()
	const cases = fillVisits / casesShare
	var entries atomic.Int64
	var told atomic.Int64
	_, err = together(len(l.phones), func(i int) error {
		p := l.phones[i]
		for ctx.Err() == nil && entries.Add(2*cases+3*fillVisits) < size+2*cases+3*fillVisits {
			ids, err := l.cases(ctx, cases, p.actor)
			if err != nil {
				return err
			}
			var records []sealed
			for k := range fillVisits {
				v, err := p.plain(ids[k/casesShare])
				if err != nil {
					return err
				}
				records = append(records, v.records...)
			}
			box, err := wrap(records)
			if err == nil {
				err = p.push(ctx, box)
			}
			if err != nil {
				return err
			}
			clear(p.receipts)
			if done := entries.Load() * 10 / size; done <= 10 && told.CompareAndSwap(done-1, done) {
				say("ledger of %d: %d %% after %s", size, done*10, time.Since(began).Round(time.Second))
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	standing, err := l.db.Standing(ctx, time.Now())
	l.size = standing.Size
	if l.size < size {
		err = errors.Join(err, fmt.Errorf("the ledger has %d entries", l.size))
	}
	return err
}

// settle waits until the server has nothing left to do: vacuum, checkpoints. A server that never rests is measured as it is.
func (l *library) settle(ctx context.Context) error {
	before, err := spentBy(l.child.Process.Pid)
	for end := time.Now().Add(settleWithin); err == nil && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Second):
		}
		var after spent
		after, err = spentBy(l.child.Process.Pid)
		if used := after.minus(before); used.server+used.postgres+used.objects < 100*time.Millisecond {
			return err
		}
		before = after
	}
	return err
}

// find walks the whole feed of one phone, as after a reinstallation. The first page is a short one, so that before is nowhere the beginning.
func (l *library) find(ctx context.Context) error {
	began, changes, size := time.Now(), 0, fullPage/10
	for {
		page, err := l.phones[0].Feed(ctx, l.end, size)
		if err != nil {
			return err
		}
		changes, size = changes+len(page.Changes), fullPage
		if len(page.Changes) == fullPage {
			l.before = l.end
		}
		l.end = page.Cursor
		if !page.More {
			break
		}
	}
	say("ledger of %d: the whole feed of one phone, %d changes, in %s", l.size, changes, time.Since(began).Round(time.Millisecond))
	if l.before == (wire.Cursor{}) {
		return fmt.Errorf("%w: the feed has only %d changes", errAnswer, changes)
	}
	return nil
}

// pull asks for one page and takes the time until the answer is read; that it has want changes is looked at afterwards.
func (l *library) pull(ctx context.Context, list *[]time.Duration, cursor wire.Cursor, want int) error {
	var answer *fieldtest.Answer
	err := timed(list, func() (err error) {
		answer, err = l.phones[0].Do(ctx, fieldtest.Request{
			Method: http.MethodGet, Path: fieldtest.PathFeed + "?" + wire.FeedQuery{Cursor: cursor, Limit: fullPage}.String(),
		})
		return err
	})
	if err == nil {
		err = answer.Err()
	}
	if err != nil {
		return err
	}
	page, err := wire.ParseFeedAnswer(answer.Body)
	if err != nil || len(page.Changes) != want {
		return fmt.Errorf("%w: a page of %d changes, %v", errAnswer, len(page.Changes), err)
	}
	return nil
}
