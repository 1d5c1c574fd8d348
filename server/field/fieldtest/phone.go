// Package fieldtest is a phone without a screen: a device key, a journal, an outbox and the requests of docs/protocol.md. Tests, the demo and
// the benchmark capture and sync with it, over real HTTP, against a real server.
//
// A Phone seals what happens (Seal), offline and for as long as it likes; Sync later pushes the journal, checks every receipt against the
// pinned root key and uploads what the server misses. Each of the steps can also be taken alone, or wrongly, which is what tests are for.
package fieldtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Options say what kind of phone it is. Only Server is needed.
type Options struct {
	Server string           // base URL that requests go to
	Public string           // PUBLIC_URL of the server, which proofs name; "" = Server
	HTTP   *http.Client     // nil = a client of its own
	Now    func() time.Time // the phone's clock, as wrong as a test likes; nil = time.Now
	Random io.Reader        // nil = crypto/rand
	Dir    string           // where key, journal and photos are kept; "" = in memory
	App    string           // the app's version in its records; "" = "fieldtest"
	TZ     string           // zone of the phone; "" = Asia/Tokyo
	Like   *Phone           // begin as a copy of this phone: the same key and journal, as after a restored backup or in a second tab
}

// Phone is one installation with one device key. Its methods may be called from several goroutines.
type Phone struct {
	options Options
	key     *ecdsa.PrivateKey
	kid     record.KeyID
	boot    string
	started time.Time

	mu       sync.Mutex
	server   string
	nonce    string
	joined   Joined
	clock    *record.Clock
	measured time.Time
	journal  []*Entry
	byHash   map[string]*Entry
	photos   map[string][]byte // by hex SHA-256
}

// New makes a phone with a fresh key, or takes up the one that lies in o.Dir.
func New(o Options) (*Phone, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	}
	if o.App == "" {
		o.App = "fieldtest"
	}
	if o.TZ == "" {
		o.TZ = "Asia/Tokyo"
	}
	o.Server = strings.TrimSuffix(o.Server, "/")
	p := &Phone{options: o, server: o.Server, byHash: map[string]*Entry{}, photos: map[string][]byte{}, started: o.Now()}
	var boot [16]byte
	if _, err := io.ReadFull(o.Random, boot[:]); err != nil {
		return nil, err
	}
	p.boot = base64.RawURLEncoding.EncodeToString(boot[:])
	if err := p.load(); err != nil {
		return nil, fmt.Errorf("fieldtest: %s: %w", o.Dir, err)
	}
	if o.Like != nil {
		p.copy(o.Like)
	}
	if p.key == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), o.Random)
		if err != nil {
			return nil, err
		}
		p.key = key
		if err := p.keepKey(); err != nil {
			return nil, fmt.Errorf("fieldtest: %w", err)
		}
	}
	kid, err := seal.Thumbprint(&p.key.PublicKey)
	if err != nil {
		return nil, err
	}
	p.kid = kid
	return p, nil
}

// copy takes over key, journal and photos of another phone. Receipts are left behind.
func (p *Phone) copy(other *Phone) {
	other.mu.Lock()
	defer other.mu.Unlock()
	p.key, p.joined = other.key, other.joined
	for _, e := range other.journal {
		p.adopt(e.Record, e.Compact)
	}
	maps.Copy(p.photos, other.photos)
}

// Act makes a phone that is not enrolled seal in the name of a member.
func (p *Phone) Act(member record.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.joined.Member = member
}

// Key is the device key; a test signs with it what Seal would not.
func (p *Phone) Key() *ecdsa.PrivateKey { return p.key }

// Kid names the device key.
func (p *Phone) Kid() record.KeyID { return p.kid }

// Use sends the next requests to another server of the same deployment.
func (p *Phone) Use(server string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = strings.TrimSuffix(server, "/")
}

// addresses are where to send, and what a proof names.
func (p *Phone) addresses() (server, public string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.options.Public == "" {
		return p.server, p.options.Server
	}
	return p.server, strings.TrimSuffix(p.options.Public, "/")
}

func (p *Phone) lastNonce() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nonce
}

func (p *Phone) keepNonce(nonce string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.nonce = nonce
}

// ForgetNonce makes the next request go without a nonce.
func (p *Phone) ForgetNonce() { p.keepNonce("") }
