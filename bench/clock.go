package main

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// rounds is how often each rate is measured, in turn with its peer; the median counts.
const rounds = 3

// together runs do for each worker at once and returns how long all of them took.
func together(workers int, do func(worker int) error) (time.Duration, error) {
	var ready, done sync.WaitGroup
	faults := make([]error, workers)
	start := make(chan struct{})
	ready.Add(workers)
	for w := range workers {
		done.Go(func() {
			ready.Done()
			<-start
			faults[w] = do(w)
		})
	}
	ready.Wait()
	began := time.Now()
	close(start)
	done.Wait()
	return time.Since(began), errors.Join(faults...)
}

// each is together for n equal deeds, shared out over the workers as they come free.
func each(workers, n int, do func(i int) error) (time.Duration, error) {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	return together(workers, func(int) error {
		for i := range next {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	})
}

// per is a rate per second.
func per(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// median sorts list and returns its middle.
func median[T float64 | time.Duration](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}

// timed appends how long do took.
func timed(list *[]time.Duration, do func() error) error {
	began := time.Now()
	err := do()
	*list = append(*list, time.Since(began))
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
