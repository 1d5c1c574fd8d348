package line

import (
	"net"
	"sync"
	"time"
)

// carry serves one connection of a phone until either end has enough, or the weather changes.
func (l *Line) carry(phone net.Conn) {
	w, speed := l.weather(), time.Duration(l.Speed)
	l.hold(phone)
	defer l.drop(phone)
	if w.Nothing {
		reset(phone)
		return
	}
	if w.Portal {
		l.intercept(phone)
		return
	}
	l.trip()
	time.Sleep(w.RTT / speed) // of the connection itself
	l.mu.Lock()
	address := l.Server
	l.mu.Unlock()
	server, err := net.Dial("tcp", address)
	if err != nil {
		reset(phone)
		return
	}
	l.hold(server)
	defer l.drop(server)
	turns := new(turns)
	var both sync.WaitGroup
	both.Go(func() {
		l.pump(phone, server, w, func(n int) bool { turns.ask(n, l.trip); return w.Mute }, func() {})
	})
	both.Go(func() {
		l.pump(server, phone, w, func(int) bool { return w.Deaf && turns.asked() > question }, turns.hear)
	})
	both.Wait()
}

// question is what a phone says at most before it has a nonce and sends what it has to say: TLS, and one request without a body.
const question = 4 << 10

// turns remembers what a phone has said on a connection, and whether it has heard anything since.
type turns struct {
	mu    sync.Mutex
	said  int
	heard bool
}

func (h *turns) asked() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said
}

func (h *turns) hear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = true
}

func (h *turns) ask(n int, trip func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.said == 0 || h.heard {
		trip()
	}
	h.said, h.heard = h.said+n, false
}

// piece is what arrives together, and when.
type piece struct {
	due  time.Time
	data []byte
}

// pump carries what one end says to the other, and ends both when it ends. swallow is told the size of each piece that was said and decides
// whether it is lost; arrived is told of those that arrive.
func (l *Line) pump(from, to net.Conn, w Weather, swallow func(n int) bool, arrived func()) {
	defer from.Close()
	defer to.Close()
	way := make(chan piece, 64)
	var done sync.WaitGroup
	done.Go(func() {
		for p := range way {
			time.Sleep(time.Until(p.due))
			arrived() // before the other end can answer
			if _, err := to.Write(p.data); err != nil {
				from.Close() // and read on until the sender notices
			}
		}
	})
	speed := time.Duration(l.Speed)
	free := time.Now() // when the line has carried all that was said before
	buffer := make([]byte, 4<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			lost := swallow(n)
			if l.strikes(w) {
				reset(from)
				reset(to)
				break
			}
			if now := time.Now(); free.Before(now) {
				free = now
			}
			if w.Rate > 0 {
				free = free.Add(time.Duration(n) * 8 * time.Second / time.Duration(w.Rate) / speed)
			}
			if !lost {
				way <- piece{free.Add(w.RTT / 2 / speed), append([]byte(nil), buffer[:n]...)}
			}
		}
		if err != nil {
			break
		}
	}
	close(way)
	done.Wait()
}

// reset ends a connection without a farewell.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}
