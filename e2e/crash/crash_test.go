// Package crash kills the whole program at the worst moments and looks at what is left: L31, a crash between object store and database.
//
// The program is built with the tag "failpoints" and runs as a child with everything embedded, one data directory for each test. Phones
// (fieldtest) sync with it over HTTP. It dies at a named place, or by kill -9 of any of its processes in mid-traffic; it is started again, the
// phones go on, and then everything is held against what the phones were told before the crash (verify).
package crash

import (
	"errors"
	"syscall"
	"testing"

	"tachiai/e2e/house"
	"tachiai/server/field/fieldtest"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
)

func TestMain(m *testing.M) { house.Main(m) }

// photoSize and chunkSize give four chunks, the last one short.
const photoSize, chunkSize = 100_000, 32_000

// scene is one crash at a failpoint: a phone that acts when the server dies, and what must be there after the restart, before the phone has
// said anything more.
type scene struct {
	failpoint string
	act       func(s *stage) error
	found     func(t *testing.T, s *stage)
}

// stage is a scene that is being played: a phone with one photo to bring.
type stage struct {
	*home
	phone *phone
	link  string // a code that waits for a phone
}

var scenes = []scene{
	{"enrol.committed", enrols, func(t *testing.T, s *stage) {
		if _, err := s.DB.Device(t.Context(), s.phone.Kid()); err != nil {
			t.Errorf("the device: %v", err)
		}
	}},
	{"push.judged", puts, func(t *testing.T, s *stage) {
		for _, e := range s.phone.Journal() {
			if _, err := s.DB.Held(t.Context(), e.Hash); !errors.Is(err, postgres.ErrRecordUnknown) {
				t.Errorf("record %d: %v", e.Seq, err)
			}
		}
	}},
	{"push.committed", puts, func(t *testing.T, s *stage) {
		for _, e := range s.phone.Journal() {
			answer, err := s.phone.Push(t.Context(), e.Compact)
			if err != nil || answer.Results[0].Status != "duplicate" {
				t.Errorf("record %d again: %+v, %v", e.Seq, answer.Results, err)
			}
		}
	}},
	{"blob.stored", puts, isOrphan},
	{"blob.noted", puts, isStored},
	{"whole.placed", sendsWhole, isOrphan},
	{"whole.noted", sendsWhole, isStored},
	{"tus.staged:2", sends, offsetIs(chunkSize)},
	{"tus.counted:2", sends, offsetIs(2 * chunkSize)},
	{"tus.placed", sends, func(t *testing.T, s *stage) {
		isOrphan(t, s)
		s.phone.standsAt(t, 3*chunkSize) // the last chunk is never counted by itself: the phone sends it again
	}},
	{"tus.noted", sends, func(t *testing.T, s *stage) {
		isStored(t, s)
		s.phone.finishes(t)
	}},
	{"tus.removed", sends, func(t *testing.T, s *stage) {
		isStored(t, s)
		s.phone.finishes(t)
		if left := s.keys("u/"); len(left) > 0 {
			t.Errorf("chunks are left: %v", left)
		}
	}},
	{"checkpoint.mirrored:1", puts, isGreen},
	{"checkpoint.mirrored:2", puts, isGreen},
}

// L31: crash between object store and database, at named failpoints of enrolment, push, upload, finish and checkpoint.
func TestL31CrashAtFailpoint(t *testing.T) {
	for _, c := range scenes {
		t.Run(c.failpoint, func(t *testing.T) {
			t.Parallel()
			s := &stage{home: newHome(t)}
			s.start(c.failpoint)
			s.phone, s.link = s.newPhone(1)
			s.phone.capture()
			err := c.act(s)
			if died := s.await(); died != syscall.SIGKILL {
				t.Fatalf("the program did not die there: %v; the phone: %v", died, err)
			}
			s.start("")
			c.found(t, s)
			s.phone.join(s.link)
			s.phone.drain()
			s.phone.capture()
			s.phone.drain()
			s.verify(s.phone)
		})
	}
}

// enrols is a phone that joins while the server dies.
func enrols(s *stage) error {
	_, err := s.phone.Enrol(s.t.Context(), s.link)
	return err
}

// puts is a phone that pushes and puts its photo.
func puts(s *stage) error {
	if err := enrols(s); err != nil {
		return err
	}
	return s.phone.sync()
}

// sends is a phone that sends its photo by tus.
func sends(s *stage) error {
	s.phone.chunk = chunkSize
	return puts(s)
}

// sendsWhole is a phone that sends its photo by tus in one piece.
func sendsWhole(s *stage) error {
	s.phone.chunk = photoSize
	return puts(s)
}

// isOrphan: the bytes are in the object store, and nobody is told so. The server still asks for them.
func isOrphan(t *testing.T, s *stage) {
	hash, sum := s.phone.photo()
	if stored := s.keys("c/"); len(stored) != 1 {
		t.Errorf("objects %v: want the photo", stored)
	}
	if receipt, err := s.phone.BlobReceipt(t.Context(), hash, sum); fieldtest.Code(err) != "not_found" {
		t.Errorf("a receipt for an orphan: %q, %v", receipt, err)
	}
	answer, err := s.phone.Push(t.Context())
	if err != nil || len(answer.MissingBlobs) != 1 || answer.MissingBlobs[0].SHA256 != sum {
		t.Errorf("missing: %+v, %v", answer.MissingBlobs, err)
	}
}

// isStored: the photo is safe, although its phone was never told.
func isStored(t *testing.T, s *stage) {
	hash, sum := s.phone.photo()
	receipt, err := s.phone.BlobReceipt(t.Context(), hash, sum)
	if err != nil {
		t.Fatalf("receipt: %v", err)
	}
	s.phone.note(hash+"/"+sum, receipt)
	answer, err := s.phone.Push(t.Context())
	if err != nil || len(answer.MissingBlobs) != 0 {
		t.Errorf("missing: %+v, %v", answer.MissingBlobs, err)
	}
}

// offsetIs: the upload stands exactly there, and nothing of it is a blob.
func offsetIs(want int64) func(*testing.T, *stage) {
	return func(t *testing.T, s *stage) {
		s.phone.standsAt(t, want)
		if staged, stored := s.keys("u/"), s.keys("c/"); len(staged) != 2 || len(stored) != 0 {
			t.Errorf("staged %v, stored %v", staged, stored)
		}
	}
}

// isGreen: a mirrored checkpoint that was never published is no contradiction.
func isGreen(t *testing.T, s *stage) {
	if out := s.run("ledger", "verify"); out == "" {
		t.Error("the ledger says nothing")
	}
}

// standsAt asks for an upload that is not done.
func (p *phone) standsAt(t *testing.T, want int64) {
	_, sum := p.photo()
	u := p.uploads[sum]
	if err := p.Ask(t.Context(), u); err != nil || u.Offset != want || u.Done() {
		t.Errorf("upload %+v, %v: want offset %d", u, err, want)
	}
}

// finishes: an upload whose last byte is in ends with the blob's receipt, without another byte.
func (p *phone) finishes(t *testing.T) {
	hash, sum := p.photo()
	u := p.uploads[sum]
	if err := p.Ask(t.Context(), u); err != nil || !u.Done() {
		t.Fatalf("upload %+v, %v: want a receipt", u, err)
	}
	p.note(hash+"/"+sum, u.Receipt)
	data, _ := p.Blob(sum)
	if blob.Of(data).String() != sum {
		t.Error("the phone lost its photo")
	}
}
