// Command bench measures the product as it is shipped: bin/tachiai serve with its own Postgres and object store, fsync on, over HTTP on
// loopback, with phones that sealed their journals before the clock started. Each figure stands beside its peer or limit, measured in the same
// run on the same machine; README.md says what each one is.
//
//	go run ./bench [rates] [slow] [feed] [screens]
//
// Without arguments all four parts run. BENCH_FAST=1 compares the feed at 100,000 ledger entries instead of 1,000,000, BENCH_FULL=1 at
// 10,000,000. Everything lies in one temporary directory (TMPDIR; it must be on a disk), which is removed at the end.
//
// The exit status is 0 when everything was measured, whether or not the goals are met, and 1 otherwise. It reads /proc, so it needs Linux.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// longest is when a run is given up; BENCH_FULL has three times as long.
const longest = time.Hour

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	dir   string // temporary, holds the data directories
	bin   string // the binary under test
	large int64  // ledger entries of the large feed
	table table
	share *share

	settings map[string]any // what every act of a browser is told
}

// part is one of the things that a run does, each on servers of its own.
type part struct {
	name string
	run  func(context.Context, *bench) error
}

var parts = []part{{"rates", rates}, {"slow", slow}, {"feed", feed}, {"screens", screens}}

func run(chosen []string) (err error) {
	limit := longest
	b := &bench{bin: "bin/tachiai", large: 1_000_000}
	switch {
	case os.Getenv("BENCH_FULL") != "":
		b.large, limit = 10_000_000, 3*longest
	case os.Getenv("BENCH_FAST") != "":
		b.large = 100_000
	}
	for _, name := range chosen {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return fmt.Errorf("there is no part %q", name)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if b.bin, err = filepath.Abs(b.bin); err != nil {
		return err
	}
	if b.dir, err = diskDir(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	machine, err := describe(ctx, b)
	if err != nil {
		return err
	}
	if b.share, err = newShare(); err != nil {
		return err
	}
	var faults []error
	for _, p := range parts {
		if len(chosen) > 0 && !slices.Contains(chosen, p.name) {
			continue
		}
		if err := p.run(ctx, b); err != nil {
			faults = append(faults, fmt.Errorf("%s was not measured: %w", p.name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	others, err := b.share.text()
	fmt.Printf("\n%s\n%s\n\n", machine, others)
	faults = append(faults, err)
	return errors.Join(append(faults, b.table.print(os.Stdout))...)
}

// say tells how far the run is.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}
