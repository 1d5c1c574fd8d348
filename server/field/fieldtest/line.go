package fieldtest

import (
	"io"
	"net"
	"sync"
	"time"
)

// Line is a bad connection on purpose: a TCP relay on loopback that can be cut after so many bytes and pointed at another server, so that a
// client nobody here wrote meets the network of the field.
type Line struct {
	listener net.Listener
	running  sync.WaitGroup

	mu     sync.Mutex
	target string
	then   string  // target after the next cut
	cuts   []int64 // bytes upward after which each of the next connections that carry so much is cut
	open   map[net.Conn]struct{}
	cut    int // how often it was cut
	closed bool
}

// NewLine relays to target ("host:port").
func NewLine(target string) (*Line, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &Line{listener: listener, target: target, open: map[net.Conn]struct{}{}}
	l.running.Go(l.accept)
	return l, nil
}

// URL is where to reach the target through the line.
func (l *Line) URL() string { return "http://" + l.listener.Addr().String() }

// Point sends new connections to another server, and ends those that are open.
func (l *Line) Point(target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = target
	for conn := range l.open {
		conn.Close()
	}
}

// CutAfter plans one cut: the first connection that has carried n bytes upward breaks there, without a word to either side.
func (l *Line) CutAfter(n ...int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cuts = append(l.cuts, n...)
}

// Then sends connections to another server from the next cut on.
func (l *Line) Then(target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.then = target
}

// Cuts says how often the line was cut.
func (l *Line) Cuts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut
}

// Close ends the relay and everything on it.
func (l *Line) Close() {
	l.mu.Lock()
	l.closed = true
	for conn := range l.open {
		conn.Close()
	}
	l.mu.Unlock()
	l.listener.Close()
	l.running.Wait()
}

func (l *Line) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.running.Go(func() { l.relay(near) })
	}
}

// keep notes an open connection; false when the line is closed.
func (l *Line) keep(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.open[conn] = struct{}{}
	}
	return !l.closed
}

func (l *Line) drop(conn net.Conn) {
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
	conn.Close()
}

func (l *Line) relay(near net.Conn) {
	if !l.keep(near) {
		near.Close()
		return
	}
	defer l.drop(near)
	l.mu.Lock()
	target := l.target
	l.mu.Unlock()
	far, err := net.DialTimeout("tcp", target, 5*time.Second)
	if err != nil || !l.keep(far) {
		return
	}
	defer l.drop(far)
	l.running.Go(func() {
		_, _ = io.Copy(near, far)
		near.Close()
	})
	l.upward(near, far)
}

// upward carries what the client sends until it ends or its cut comes.
func (l *Line) upward(near, far net.Conn) {
	buffer := make([]byte, 16<<10)
	var carried int64
	for {
		n, err := near.Read(buffer)
		if allowed, cut := l.due(carried, int64(n)); cut {
			_, _ = far.Write(buffer[:allowed])
			return
		}
		carried += int64(n)
		if n > 0 {
			if _, err := far.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// due says whether the cut lies within the next n bytes, and how many of them still pass.
func (l *Line) due(carried, n int64) (int64, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.cuts) == 0 || carried+n < l.cuts[0] || n == 0 {
		return 0, false
	}
	allowed := max(0, l.cuts[0]-carried)
	l.cuts = l.cuts[1:]
	l.cut++
	if l.then != "" {
		l.target, l.then = l.then, ""
	}
	return min(allowed, n), true
}
