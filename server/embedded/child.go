package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Restart rules: the pause doubles from first to last; after giveUp deaths in
// a row, none of which came after a healthy stretch, the child is given up.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second
	healthy    = 30 * time.Second
	giveUp     = 10
)

// child keeps one program running until it is stopped. Its goroutine owns the
// process: it starts it, waits for it, and starts it again.
type child struct {
	log *slog.Logger
	// command makes the command of the next start. It also clears what a dead
	// predecessor left behind, so it may wait.
	command func() (*exec.Cmd, error)
	// line sees each line that the program writes, stdout and stderr alike.
	line func(string)
	// signals are sent one after the other, each after the grace of the one
	// before, until the program ends; SIGKILL to its whole group is the last.
	signals  []syscall.Signal
	grace    time.Duration
	maxPause time.Duration // lastPause when 0

	failed chan error    // one ErrGone, or closed without
	quit   chan struct{} // closed by stop
	done   chan struct{} // closed when the goroutine has ended

	mu       sync.Mutex
	proc     *os.Process   // nil while none runs
	exited   chan struct{} // closed when proc ended
	stopping bool
	last     tail // the newest lines, for error messages
}

// start runs the program and returns once ready says so. ready is asked again
// and again; a death before that is an error with the program's last words.
func (c *child) start(ctx context.Context, ready func() bool) error {
	c.failed, c.quit, c.done = make(chan error, 1), make(chan struct{}), make(chan struct{})
	if c.maxPause == 0 {
		c.maxPause = lastPause
	}
	started := make(chan error, 1)
	go c.run(started)
	if err := <-started; err != nil {
		return err
	}
	c.mu.Lock()
	exited := c.exited
	c.mu.Unlock()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-exited:
			_ = c.stop() // what the child said last matters more
			return fmt.Errorf("did not start:\n%s", c.last.text())
		case <-ctx.Done():
			_ = c.stop()
			return fmt.Errorf("start: %w\n%s", context.Cause(ctx), c.last.text())
		case <-tick.C:
			if ready() {
				return nil
			}
		}
	}
}

// run is the child's goroutine. It stays on one OS thread for as long as it
// lives: the kernel sends a child its parent-death signal when the *thread* that
// made it ends, not the process.
func (c *child) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.done)
	defer close(c.failed)

	pause, deaths := firstPause, 0
	for first := true; ; first = false {
		begin := time.Now()
		wait, err := c.spawn()
		if first {
			started <- err
			if err != nil {
				return
			}
		}
		if err == nil {
			err = wait()
		}
		if c.isStopping() {
			return
		}
		if time.Since(begin) > healthy {
			pause, deaths = firstPause, 0
		}
		if deaths++; deaths >= giveUp {
			c.log.Error("given up", "error", err, "output", c.last.text())
			c.failed <- fmt.Errorf("%w: %w\n%s", ErrGone, err, c.last.text())
			return
		}
		c.log.Warn("died, starting again", "error", err, "pause", pause)
		select {
		case <-time.After(pause):
		case <-c.quit:
			return
		}
		pause = min(2*pause, c.maxPause)
	}
}

// spawn starts the program and returns the function that waits for its end.
func (c *child) spawn() (wait func() error, err error) {
	cmd, err := c.command()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// *os.File, not a Writer: then Wait does not hang when a grandchild keeps
	// the pipe open.
	cmd.Stdout, cmd.Stderr = w, w
	ownGroup(cmd)

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		_ = r.Close()
		return nil, errors.Join(errStopping, w.Close())
	}
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	c.proc, c.exited = cmd.Process, make(chan struct{})
	exited, read := c.exited, make(chan struct{})
	go func() { defer close(read); c.listen(r) }()
	return func() error {
		err := cmd.Wait()
		c.mu.Lock()
		c.proc = nil
		c.mu.Unlock()
		// What it said last should be in an error message; a grandchild that
		// lives on may hold the pipe, so this wait has an end.
		select {
		case <-read:
		case <-time.After(200 * time.Millisecond):
		}
		close(exited)
		if err == nil {
			err = errEnded
		}
		return err
	}, nil
}

var (
	errStopping = errors.New("stopping")
	errEnded    = errors.New("ended by itself, status 0")
)

func (c *child) listen(r io.ReadCloser) {
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), 64<<10)
	for s.Scan() {
		c.last.add(s.Text())
		c.line(s.Text())
	}
	// A line longer than the buffer ends the scan; go on reading, or the child
	// would block on a full pipe.
	_, _ = io.Copy(io.Discard, r)
}

func (c *child) isStopping() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

func (c *child) pid() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return 0
	}
	return c.proc.Pid
}

// stop ends the program for good. It reports a program that had to be killed.
func (c *child) stop() error {
	c.mu.Lock()
	if !c.stopping {
		close(c.quit)
	}
	c.stopping = true
	proc, exited := c.proc, c.exited
	c.mu.Unlock()
	var err error
	if proc != nil {
		err = c.end(proc, exited)
	}
	<-c.done
	return err
}

func (c *child) end(proc *os.Process, exited <-chan struct{}) error {
	for _, s := range c.signals {
		if err := proc.Signal(s); errors.Is(err, os.ErrProcessDone) {
			return nil
		}
		select {
		case <-exited:
			return nil
		case <-time.After(c.grace):
		}
	}
	_ = syscall.Kill(-proc.Pid, syscall.SIGKILL)
	<-exited
	return fmt.Errorf("pid %d did not stop and was killed", proc.Pid)
}

// tail keeps the newest lines of a program's output.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 20 {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, line)
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
