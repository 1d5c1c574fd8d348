package phone

import (
	"bufio"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// speed is how many times as fast the world of these tests runs: the page's clock (real.ts) and the line agree in it.
const speed = 8

// weather is what a line does to those who use it. The zero weather is a good network.
type weather struct {
	rate    int           // bits a second, each way; 0: as fast as it goes
	rtt     time.Duration // a round trip
	resets  float64       // chance that a piece of up to 4 KiB ends its connection instead of arriving
	deaf    bool          // who has said more than a question hears nothing any more; what he says arrives, and nobody is told
	mute    bool          // what the phone sends does not arrive; nobody is told
	portal  bool          // somebody else answers, under our name and with 200
	nothing bool          // no network
}

// line is the network between the phones and the server: it listens where PUBLIC_URL says and carries connections on, sealed as they are.
type line struct {
	listener net.Listener
	server   func() string // where the server listens now
	identity tls.Certificate

	mu     sync.Mutex
	now    weather
	random *rand.Rand
	open   map[net.Conn]bool // both ends of each connection
	asked  int               // of a portal
	trips  int               // see count
}

func newLine(listener net.Listener, identity tls.Certificate, server func() string) *line {
	l := &line{
		listener: listener, server: server, identity: identity, open: map[net.Conn]bool{},
		random: rand.New(rand.NewPCG(34, 34)), //nolint:gosec // repeatable
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go l.carry(conn)
		}
	}()
	return l
}

// become changes the weather. Connections of the old one end: nobody knows what they have lost.
func (l *line) become(w weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now, l.trips, l.asked = w, 0, 0
	for conn := range l.open {
		conn.Close()
	}
	clear(l.open)
}

// count tells the round trips since the weather changed: one for each connection (SYN), and one for each time that the phone has something to say
// after it has heard something, the greetings of TLS among them. Two connections at once count both.
func (l *line) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trips
}

// answered tells how often the portal has answered.
func (l *line) answered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

func (l *line) weather() weather {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *line) trip() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trips++
}

// strikes decides whether a piece ends its connection.
func (l *line) strikes(w weather) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.Float64() < w.resets
}

func (l *line) hold(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		l.open[c] = true
	}
}

func (l *line) drop(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.open, c)
		c.Close()
	}
}

// carry serves one connection of a phone until either end has enough, or the weather changes.
func (l *line) carry(phone net.Conn) {
	w := l.weather()
	l.hold(phone)
	defer l.drop(phone)
	if w.nothing {
		reset(phone)
		return
	}
	if w.portal {
		l.intercept(phone)
		return
	}
	l.trip()
	time.Sleep(w.rtt / speed)                  // of the connection itself
	server, err := net.Dial("tcp", l.server()) //nolint:noctx // on this machine
	if err != nil {
		reset(phone)
		return
	}
	l.hold(server)
	defer l.drop(server)
	turns := new(turns)
	var both sync.WaitGroup
	both.Go(func() {
		l.pump(phone, server, w, func(n int) bool { turns.ask(n, l.trip); return w.mute }, func() {})
	})
	both.Go(func() {
		l.pump(server, phone, w, func(int) bool { return w.deaf && turns.asked() > question }, turns.hear)
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
func (l *line) pump(from, to net.Conn, w weather, swallow func(n int) bool, arrived func()) {
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
			if w.rate > 0 {
				free = free.Add(time.Duration(n) * 8 * time.Second / time.Duration(w.rate) / speed)
			}
			if !lost {
				way <- piece{free.Add(w.rtt / 2 / speed), append([]byte(nil), buffer[:n]...)}
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

// portals are what stands between a phone and the world in hotels and stations: none of it was said by our server.
var portals = []string{
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 45\r\n\r\n<html><body>Wi-Fi: please log in</body></html",
	"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDevice-Nonce: portal\r\nContent-Length: 14\r\n\r\n{\"results\":[]}",
	"HTTP/1.1 201 Created\r\nBlob-Receipt: a.b.c\r\nDevice-Nonce: portal\r\nContent-Length: 0\r\n\r\n",
}

// intercept answers in the server's place, one after the other of what portals say.
func (l *line) intercept(phone net.Conn) {
	sealed := tls.Server(phone, &tls.Config{Certificates: []tls.Certificate{l.identity}, MinVersion: tls.VersionTLS12})
	defer sealed.Close()
	requests := bufio.NewReader(sealed)
	for {
		request, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		l.mu.Lock()
		text := portals[l.asked%len(portals)]
		l.asked++
		l.mu.Unlock()
		if _, err := io.Copy(sealed, strings.NewReader(text)); err != nil {
			return
		}
	}
}

// L34: the count of round trips is what it says: a connection, TLS, and two questions are four, whatever their size and the line's speed.
func TestLineCounts(t *testing.T) {
	h := theHouse(t)
	h.line.become(weather{rtt: time.Second})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: h.roots, MinVersion: tls.VersionTLS13}}
	defer transport.CloseIdleConnections()
	for i, want := range []int{3, 4, 5} {
		answer, err := (&http.Client{Transport: transport}).Get(h.url + "/keys") //nolint:noctx // a line of our own
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := h.line.count(); got != want {
			t.Errorf("after %d questions: %d round trips, want %d", i+1, got, want)
		}
	}
}
