// Package field is the phone's API (docs/protocol.md sections 4, 5, 7 and 8): enrolment, push, feed, blobs and uploads. Handlers are thin: they
// read a request, call the store, and answer; what a record means is decided in sync/, what is kept in server/postgres.
//
// Every route but enrolment and OPTIONS needs a proof of an enrolled device key. A revoked key, and one whose member was removed, keeps push
// and uploads, at a bounded rate: evidence is never refused.
package field

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/throttle"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// The headers of the protocol.
const (
	headerProof       = "Device-Proof"
	headerNonce       = "Device-Nonce"
	headerBlobReceipt = "Blob-Receipt"
	headerDigest      = "Content-Digest"
)

// Rates that one name may use up. An enrolment code has 60 bits; the bound keeps guesses out of the log and the database idle.
const (
	enrolEvery, enrolBurst     = 2 * time.Second, 20 // for one address
	revokedEvery, revokedBurst = 2 * time.Second, 60 // for one revoked key
	throttledNames             = 4096
)

// Counts is told what was taken; server counts it for the metrics.
type Counts interface {
	Record(status string) // "accepted", "duplicate" or "quarantined"
	Blob(way string)      // "put" or "tus"
}

// Config is what the API is made of. All members but Agency are required.
type Config struct {
	DB        *postgres.DB
	Objects   *objects.Store
	Keys      *keys.Set
	PublicURL string // what every proof's htu begins with, without a slash at the end
	SpoolDir  string
	Now       func() time.Time
	Log       *slog.Logger
	Counts    Counts
	Committed func()                                // called after each commit that appended to the ledger
	KeySet    func(context.Context) (string, error) // the keys+jwt of now
	Agency    wire.Agency                           // what phones put into papers; may be zero
}

// API answers phones. Make it with New.
type API struct {
	Config
	enrolments *throttle.Throttle
	revoked    *throttle.Throttle
	devices    knownDevices
	noted      notedDevices
	verifying  chan struct{} // one token for each signature that is being verified
	yielding   chan struct{} // one fewer, for those that leave a core to the database
	storing    chan struct{} // one token for each spooled chunk on its way to the object store
}

// storingAtOnce bounds the chunks on their way to the object store, each of which holds a connection and its buffers.
const storingAtOnce = 16

// New makes the API.
func New(c Config) *API {
	return &API{
		Config:     c,
		enrolments: throttle.New(enrolEvery, enrolBurst, throttledNames),
		revoked:    throttle.New(revokedEvery, revokedBurst, throttledNames),
		devices:    knownDevices{known: map[record.KeyID]knownDevice{}},
		noted:      notedDevices{last: map[record.KeyID]notedStatus{}},
		verifying:  make(chan struct{}, runtime.GOMAXPROCS(0)),
		yielding:   make(chan struct{}, max(runtime.GOMAXPROCS(0)-1, 1)),
		storing:    make(chan struct{}, storingAtOnce),
	}
}

// Mount adds the routes to g, whose prefix is /api/field/v1.
func (a *API) Mount(g *echo.Group) {
	g.Use(a.nonces)
	g.POST("/enrol", a.enrol)

	g.POST("/records", a.push, a.proven(always))
	g.GET("/feed", a.feed, a.proven(whileTrusted))
	g.POST("/rescue", a.takeRescue, a.proven(always))
	g.PUT("/records/:hash/blobs/:sha256", a.putBlob, a.proven(always))
	g.GET("/records/:hash/blobs/:sha256/receipt", a.blobReceipt, a.proven(always))

	g.OPTIONS("/uploads", a.uploadOptions, a.tus)
	g.OPTIONS("/uploads/:upload", a.uploadOptions, a.tus)
	g.POST("/uploads", a.createUpload, a.tus, a.proven(always))
	g.HEAD("/uploads/:upload", a.headUpload, a.tus, a.proven(always))
	g.PATCH("/uploads/:upload", a.patchUpload, a.tus, a.proven(always))
	g.DELETE("/uploads/:upload", a.deleteUpload, a.tus, a.proven(always))
}

// randomName is an unguessable name of 22 characters.
func randomName() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (Go 1.24)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
