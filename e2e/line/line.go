// Package line is the network between phones and the server, as bad as a test likes: slow, cut, deaf in one direction, or a hotel's. For tests only.
package line

import (
	"crypto/tls"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Weather is what a line does to those who use it. The zero weather is a good network.
type Weather struct {
	Rate    int           // bits a second, each way; 0: as fast as it goes
	RTT     time.Duration // a round trip
	Resets  float64       // chance that a piece of up to 4 KiB ends its connection instead of arriving
	Deaf    bool          // who has said more than a question hears nothing any more; what he says arrives, and nobody is told
	Mute    bool          // what the phone sends does not arrive; nobody is told
	Portal  bool          // somebody else answers, under our name and with 200
	Nothing bool          // no network
}

// Config is where a line leads.
type Config struct {
	Server   string           // where the server listens
	Identity *tls.Certificate // what a portal shows; nil where server and portal speak in the open
	Speed    int              // how many times as fast as a real one it runs; 0: once
}

// Line listens where PUBLIC_URL says and carries connections on to the server, sealed as they are.
type Line struct {
	Config

	mu     sync.Mutex
	now    Weather
	random *rand.Rand
	open   map[net.Conn]bool // both ends of each connection
	asked  int               // of a portal
	trips  int               // see Trips
}

// New carries on what comes to the listener, until it is closed.
func New(listener net.Listener, c Config) *Line {
	c.Speed = max(c.Speed, 1)
	l := &Line{Config: c, open: map[net.Conn]bool{}, random: rand.New(rand.NewPCG(34, 34))} // repeatable
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

// Become changes the weather. Connections of the old one end: nobody knows what they have lost.
func (l *Line) Become(w Weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now, l.trips, l.asked = w, 0, 0
	l.hangUp()
}

func (l *Line) hangUp() {
	for conn := range l.open {
		conn.Close()
	}
	clear(l.open)
}

// Lead carries on to another server. Connections to the one before end.
func (l *Line) Lead(server string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Server = server
	l.hangUp()
}

// Trips tells the round trips since the weather changed: one for each connection (SYN), and one for each time that the phone has something to say
// after it has heard something, the greetings of TLS among them. Two connections at once count both.
func (l *Line) Trips() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trips
}

// Answered tells how often a portal has answered since the weather changed.
func (l *Line) Answered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked
}

func (l *Line) weather() Weather {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *Line) trip() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trips++
}

// strikes decides whether a piece ends its connection.
func (l *Line) strikes(w Weather) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.Float64() < w.Resets
}

func (l *Line) hold(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		l.open[c] = true
	}
}

func (l *Line) drop(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.open, c)
		c.Close()
	}
}
