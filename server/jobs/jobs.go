// Package jobs is what the server does without being asked: it publishes checkpoints, checks the ledger against its own word, and clears away
// what nobody finishes: uploads, and documents of disclosures that came to nothing. Several servers on one database may all run it; every step is safe to repeat and to do twice at once.
package jobs

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tachiai/server/objects"
	"tachiai/server/postgres"
)

// Config says what the jobs work on. DB, Objects, Key and Dir are required.
type Config struct {
	DB      *postgres.DB
	Objects *objects.Store
	Key     ed25519.PrivateKey // the ledger's
	Office  postgres.Keys      // public keys of office records, past and present; nil = the database's own
	Dir     string             // DATA_DIR: checkpoints are mirrored in Dir/checkpoints
	Log     *slog.Logger       // nil = none
	Now     func() time.Time   // nil = time.Now

	PublishEvery time.Duration // shortest time between two checkpoints; 0 = 2 seconds
	CheckEvery   time.Duration // self-check; 0 = 1 hour
	VerifyEvery  time.Duration // full check with a sample of blobs; 0 = 24 hours
	ExpireEvery  time.Duration // 0 = 10 minutes
	WasteEvery   time.Duration // 0 = 1 hour
}

// State is what is known about the ledger. The zero value is a healthy ledger that was never checked.
type State struct {
	Red     []string // why the ledger is red, in words; empty = it is not
	Checked time.Time
}

// Jobs runs them. Make it with New.
type Jobs struct {
	Config
	wake chan struct{}
	turn sync.Mutex // one publication at a time in this process

	mu    sync.Mutex
	state State
}

// New fills in the defaults.
func New(c Config) *Jobs {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&c.PublishEvery, 2 * time.Second}, {&c.CheckEvery, time.Hour}, {&c.VerifyEvery, 24 * time.Hour}, {&c.ExpireEvery, 10 * time.Minute}, {&c.WasteEvery, time.Hour}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	return &Jobs{Config: c, wake: make(chan struct{}, 1)}
}

// Wake says that the ledger has grown: a checkpoint follows soon. It never blocks.
func (j *Jobs) Wake() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// State is the last known state.
func (j *Jobs) State() State {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.state
}

// turnRed notes why the ledger is red. Only a restart, after the cause is gone or the loss was accepted, makes it green again.
func (j *Jobs) turnRed(reasons ...string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, reason := range reasons {
		j.Log.Error("ledger is red", slog.String("reason", reason))
	}
	j.state.Red = append(j.state.Red, reasons...)
}

// Run does the jobs until ctx is done. A job that fails is logged and comes again; nothing else stops because of it.
func (j *Jobs) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { j.publishing(ctx) })
	all.Go(func() { j.every(ctx, "check", j.CheckEvery, j.Check) })
	all.Go(func() { j.every(ctx, "verify", j.VerifyEvery, j.Verify) })
	all.Go(func() { j.every(ctx, "expire", j.ExpireEvery, j.Expire) })
	all.Go(func() { j.every(ctx, "waste", j.WasteEvery, j.Waste) })
}

// every calls do each time that interval has passed.
func (j *Jobs) every(ctx context.Context, name string, interval time.Duration, do func(context.Context) error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			j.report(ctx, name, do(ctx))
		}
	}
}

// publishing follows Wake, at most every PublishEvery, and looks by itself once a minute, because another server may have died between its
// commit and its checkpoint.
func (j *Jobs) publishing(ctx context.Context) {
	idle := time.NewTicker(time.Minute)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.wake:
		case <-idle.C:
		}
		j.report(ctx, "checkpoint", j.Publish(ctx))
		select {
		case <-ctx.Done():
			return
		case <-time.After(j.PublishEvery):
		}
	}
}

// report logs what a job could not do. A red ledger has been logged where it was found.
func (j *Jobs) report(ctx context.Context, name string, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, ErrRed) {
		j.Log.Error("job failed", slog.String("job", name), slog.String("error", err.Error()))
	}
}
