// Package wire holds the forms in which phone and server speak to each other
// (docs/protocol.md §4.2, §5–§9): what they look like, how large they may be,
// and the codes on which a phone acts. Each form is written by one side and
// read by the other, so each has both directions here, and the twin in the PWA
// has the same.
//
// Texts are read with sync/ijson: one text has one meaning or none. Members
// that a reader does not know are passed over, because an old phone meets a new
// server and the reverse; what is signed (records, receipts) travels inside as
// opaque strings and is judged by sync/seal, strictly.
package wire

import (
	"errors"
	"strings"

	"tachiai/sync/ijson"
)

// Limits of requests and answers.
const (
	MaxRecords = 200     // records in one push
	MaxBody    = 1 << 20 // decoded bytes of one push
	MaxEnrol   = 16 << 10
	MaxAnswer  = 8 << 20 // bytes that a phone reads of any answer
	MaxMissing = 500     // missing blobs named in one answer
	MaxChanges = 500     // changes in one page of the feed
	MaxHashes  = 128     // hashes in one proof; a tree of 2^63 leaves needs 64
	MaxLabel   = 64      // characters of a device's label
	MaxHeader  = 4 << 10 // bytes of one Upload-Metadata header
)

// Faults of forms; with a pointer inside an *ijson.Error where there is a text.
var (
	ErrTooMany = errors.New("more records than one push may hold")
	ErrCursor  = errors.New("not a cursor")
	ErrQuery   = errors.New("not a valid query")
	ErrCode    = errors.New("not an enrolment code")
	ErrHeader  = errors.New("not a valid header")
)

// Standing is what every answer says about the server's ledger. A phone may
// delete its copy of a record only below SafeIndex, and holds every receipt for
// void as soon as Origin changes (docs/protocol.md §2).
type Standing struct {
	Origin     string // of the ledger
	SafeIndex  int64  // last ledger index inside a finished backup, −1 for none
	ServerTime int64  // ms
}

func (s Standing) members() ijson.Members {
	return ijson.Members{ijson.M("origin", s.Origin), ijson.M("safe_index", s.SafeIndex), ijson.M("server_time", s.ServerTime)}
}

func readStanding(o ijson.Obj) Standing {
	s := Standing{Origin: o.String("origin"), SafeIndex: o.Int("safe_index"), ServerTime: o.Int("server_time")}
	if o.Has("safe_index") && s.SafeIndex < -1 {
		o.Fault("safe_index", ijson.ErrValue, "below -1")
	}
	return s
}

// readAnswer opens an answer as a phone does. A captive portal's HTML fails here.
func readAnswer(body []byte, f *ijson.Faults) (ijson.Obj, error) {
	v, err := ijson.Parse(body, ijson.Limits{Bytes: MaxAnswer, Members: 1 << 18})
	if err != nil {
		return ijson.Obj{}, err
	}
	return v.Obj(f), nil
}

// isHex256 reports whether s is a SHA-256 in lower-case hexadecimal.
func isHex256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
