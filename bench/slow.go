package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Two hundred phones on a bad link: each photo comes in pieces with pauses, and no upload goes past its middle before all have come there.
const (
	slowUploads = 200
	slowSize    = 1 << 20
	slowPiece   = 16 << 10
	slowPause   = 120 * time.Millisecond // a piece each: 130 KiB/s, 8 seconds a photo
)

// slow measures what a fresh server needs while they all upload.
func slow(ctx context.Context, b *bench) (err error) {
	w := &world{bench: b, film: newFilm(slowSize)}
	if w.site, err = b.open(ctx, "slow"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.leave()) }()
	idle, err := peakMemory(w.child.Process.Pid)
	if err != nil {
		return err
	}
	if w.phones, err = w.crew(ctx, phonesAtOnce, slowUploads/phonesAtOnce); err != nil {
		return err
	}
	list, err := w.pictures(ctx, slowUploads, slowSize)
	if err != nil {
		return err
	}
	say("-- %d slow uploads", slowUploads)
	var half sync.WaitGroup
	half.Add(slowUploads)
	_, err = together(slowUploads, func(i int) error {
		body := &trickle{photo: list[i].photo, middle: &half}
		defer body.arrive()
		return w.phones[i%phonesAtOnce].send(ctx, list[i].owner, list[i].photo, body)
	})
	if err != nil {
		return err
	}
	peak, err := peakMemory(w.child.Process.Pid)
	if err != nil {
		return err
	}
	b.table.add(row{
		figure: fmt.Sprintf("peak RSS of a fresh server, %d slow PUTs at once", slowUploads), measured: peak / 1e6, unit: "MB",
		peer: "the same server before, idle", limit: idle / 1e6, most: 150,
	})
	return w.check()
}

// trickle reads a photo slowly, and waits in its middle.
type trickle struct {
	photo  *photo
	at     int64
	middle *sync.WaitGroup
	passed bool
}

// arrive counts this upload as having come to its middle, once; one that fails before counts too, so that the others go on.
func (t *trickle) arrive() {
	if !t.passed {
		t.passed = true
		t.middle.Done()
	}
}

func (t *trickle) Read(p []byte) (int, error) {
	size := int64(t.photo.size())
	if t.at >= size {
		return 0, io.EOF
	}
	time.Sleep(slowPause)
	if t.at >= size/2 && !t.passed {
		t.arrive()
		t.middle.Wait()
	}
	n, err := t.photo.ReadAt(p[:min(len(p), slowPiece)], t.at)
	t.at += int64(n)
	if t.at == size {
		return n, io.EOF
	}
	if errors.Is(err, io.EOF) && n > 0 {
		err = nil
	}
	return n, err
}
