package field_test

import (
	"bytes"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/field/fieldtest"
)

// deafLine is a way to Postgres on which the answer to one commit gets lost: what is asked arrives and is done, and then the line is dead.
type deafLine struct {
	socket string
	mu     sync.Mutex
	word   []byte // in the request whose answer is lost; nil = none
	lost   int
}

// newDeafLine listens in front of the database of a URL and returns the URL that leads through it.
func newDeafLine(t *testing.T, database string) (*deafLine, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	l := &deafLine{socket: filepath.Join(q.Get("host"), ".s.PGSQL."+q.Get("port"))}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go l.relay(near)
		}
	}()
	u.Host, u.RawQuery = listener.Addr().String(), "sslmode=disable"
	return l, u.String()
}

// lose makes the line dead after the next request with word in it was answered.
func (l *deafLine) lose(word string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.word = []byte(word)
}

func (l *deafLine) losses() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// meant says whether the bytes that have just gone up end a request whose answer is to be lost.
func (l *deafLine) meant(sent []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.word == nil || !bytes.Contains(sent, l.word) {
		return false
	}
	l.word = nil
	l.lost++
	return true
}

func (l *deafLine) relay(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("unix", l.socket)
	if err != nil {
		return
	}
	defer far.Close()
	var deaf sync.Mutex // held from the request that is meant until its answer has come
	answered, isDeaf := make(chan struct{}), false
	go func() {
		defer near.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := far.Read(buffer)
			deaf.Lock()
			dead := isDeaf
			deaf.Unlock()
			// ReadyForQuery, idle: the transaction has ended.
			if done := n >= 6 && string(buffer[n-6:n]) == "Z\x00\x00\x00\x05I"; dead && (done || err != nil) {
				close(answered)
				return
			}
			if err != nil {
				return
			}
			if !dead {
				if _, err := near.Write(buffer[:n]); err != nil {
					return
				}
			}
		}
	}()
	var sent []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := near.Read(buffer)
		if err != nil {
			return
		}
		sent = append(sent, buffer[:n]...)
		sent = sent[max(0, len(sent)-256<<10):]
		if l.meant(sent) {
			deaf.Lock()
			isDeaf = true
			deaf.Unlock()
		}
		if _, err := far.Write(buffer[:n]); err != nil {
			return
		}
		deaf.Lock()
		dead := isDeaf
		deaf.Unlock()
		if dead && bytes.HasSuffix(buffer[:n], []byte("S\x00\x00\x00\x04")) { // Sync: the request is whole
			<-answered
			return
		}
	}
}

// L31: Postgres commits and dies before it can say so. The server does not know, so it neither acknowledges nor takes back: the phone asks
// again and finds what was committed, whole.
func TestL31LostCommit(t *testing.T) {
	const size, half, more = 20_000, 10_000, 15_000
	setup := func(t *testing.T) (s *site, l *deafLine, p *rep) {
		s = bareSite(t)
		_, appURL := embeddedtest.Cloned(t, "migrated", migrate)
		l, through := newDeafLine(t, appURL)
		s.use(through)
		s.begin()
		return s, l, s.rep(s.node())
	}
	lost := func(t *testing.T, l *deafLine, err error) {
		t.Helper()
		if fieldtest.Code(err) != "unavailable" || l.losses() != 1 {
			t.Fatalf("%v, and %d answers were lost; want 1, and unavailable", err, l.losses())
		}
	}
	t.Run("push", func(t *testing.T) {
		s, l, p := setup(t)
		e := noted(t, p.Phone, s.theCase(p.id), 1)[0]
		before := s.size()
		l.lose(e.Core[strings.IndexByte(e.Core, '.'):][:80])
		_, err := p.Push(t.Context(), e.Compact)
		lost(t, l, err)
		if answer := push(t, p.Phone, e.Compact); statuses(answer) != "duplicate" || s.size() != before+1 {
			t.Errorf("again: %s, %d entries after %d", statuses(answer), s.size(), before)
		}
	})
	for name, send := range map[string]func(t *testing.T, p *rep, hash string, data []byte) error{
		"put": func(t *testing.T, p *rep, hash string, data []byte) error {
			_, err := p.PutBlob(t.Context(), hash, data)
			return err
		},
		"whole": func(t *testing.T, p *rep, hash string, data []byte) error {
			_, err := p.CreateUpload(t.Context(), hash, data, size)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, l, p := setup(t)
			caseID := s.theCase(p.id)
			e, data := photographed(t, p.Phone, caseID, size)
			push(t, p.Phone, e.Compact)
			l.lose(caseKey(caseID, data))
			lost(t, l, send(t, p, e.Hash.String(), data))
			receipt, err := p.PutBlob(t.Context(), e.Hash.String(), data)
			if err != nil {
				t.Fatal(err)
			}
			s.checkStored(caseKey(caseID, data), data, receipt, e.Hash)
		})
	}
	for name, c := range map[string]struct {
		word func(key, u string) string
		sent int // up to where the phone sends before it hears nothing
	}{
		"chunk":  {func(_, u string) string { return "u" + u[strings.LastIndexByte(u, '/'):] + "/" + pad(half) }, more},
		"finish": {func(key, _ string) string { return key }, size},
	} {
		t.Run(name, func(t *testing.T) {
			s, l, p := setup(t)
			caseID := s.theCase(p.id)
			e, data := photographed(t, p.Phone, caseID, size)
			push(t, p.Phone, e.Compact)
			u, err := p.CreateUpload(t.Context(), e.Hash.String(), data, half)
			if err != nil {
				t.Fatal(err)
			}
			l.lose(c.word(caseKey(caseID, data), u.Path))
			lost(t, l, p.Patch(t.Context(), u, data[half:c.sent], -1))
			if err := p.Ask(t.Context(), u); err != nil || u.Offset != int64(c.sent) || u.Done() != (c.sent == size) {
				t.Fatalf("%+v, %v: want %d bytes, and a receipt if they are all", u, err, c.sent)
			}
			if err := p.Finish(t.Context(), u, data, 0); err != nil {
				t.Fatal(err)
			}
			s.checkStored(caseKey(caseID, data), data, u.Receipt, e.Hash)
		})
	}
}

// L31: a crash after a chunk is staged and before it is counted leaves an object that no row names. It goes with its upload.
func TestL31ExpiryTakesWhatWasNeverCounted(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	e, data := photographed(t, p.Phone, s.theCase(p.id), 20_000)
	push(t, p.Phone, e.Compact)
	u, err := p.CreateUpload(t.Context(), e.Hash.String(), data, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	stray := "u" + u.Path[strings.LastIndexByte(u.Path, '/'):] + "/" + pad(10_000) + "-stray"
	if err := s.objects.Create(t.Context(), stray, data[10_000:]); err != nil {
		t.Fatal(err)
	}
	if err := n.jobs.Expire(t.Context()); err != nil || s.staged() != 2 {
		t.Fatalf("before its time: %d objects, %v", s.staged(), err)
	}
	s.ahead.Store(int64(8 * 24 * time.Hour))
	if err := n.jobs.Expire(t.Context()); err != nil || s.staged() != 0 {
		t.Fatalf("%d objects are left, %v", s.staged(), err)
	}
}
