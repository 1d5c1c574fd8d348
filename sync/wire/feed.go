package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tachiai/sync/ijson"
)

// DefaultChanges is the page size of a feed query that names none.
const DefaultChanges = 100

// FeedQuery is the query of GET /api/field/v1/feed.
type FeedQuery struct {
	Cursor Cursor
	Limit  int // 1 to MaxChanges
}

// ParseFeedQuery reads the parameters cursor and limit, "" for one that is
// absent. Errors: ErrCursor, ErrQuery.
func ParseFeedQuery(cursor, limit string) (q FeedQuery, err error) {
	if q.Cursor, err = ParseCursor(cursor); err != nil {
		return FeedQuery{}, err
	}
	q.Limit = DefaultChanges
	if limit != "" {
		n, err := parseCount(limit)
		if err != nil || n < 1 || n > MaxChanges {
			return FeedQuery{}, fmt.Errorf("%w: limit is not 1 to %d", ErrQuery, MaxChanges)
		}
		q.Limit = int(n)
	}
	return q, nil
}

// String writes the query without the question mark.
func (q FeedQuery) String() string {
	return "cursor=" + q.Cursor.String() + "&limit=" + strconv.Itoa(q.Limit)
}

// parseCount reads an integer from 0 to ijson.MaxInt in its shortest form.
func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > ijson.MaxInt || strconv.FormatInt(n, 10) != text {
		return 0, ErrQuery
	}
	return n, nil
}

// What a change does to the reader's copy.
const (
	Put    = "put"
	Remove = "remove"
)

// FeedAnswer is one page of the feed.
type FeedAnswer struct {
	Changes []Change
	Cursor  Cursor // for the next query
	More    bool   // the next query will bring changes at once
	Agency  Agency
	Standing
}

// Change is one row. A page never splits an Index, so a reader that stores
// Changes and Cursor in one transaction misses nothing.
type Change struct {
	Index int64  // of the ledger entry that made it
	N     int    // its place among the changes of that entry, from 0
	Op    string // Put or Remove
	Type  string // case, member, device, template, policy, quarantine
	ID    string
	Body  json.RawMessage // the whole state (sync/history); null for Remove
}

// Marshal writes the page. Bodies are copied as they are: they must be JSON.
func (a FeedAnswer) Marshal() ([]byte, error) {
	size := 256
	for i := range a.Changes {
		size += len(a.Changes[i].Body) + 160
	}
	dst := append(make([]byte, 0, size), `{"changes":[`...)
	for i, c := range a.Changes {
		if i > 0 {
			dst = append(dst, ',')
		}
		head, err := ijson.Append(dst, ijson.Members{
			ijson.M("index", c.Index), ijson.M("n", c.N), ijson.M("op", c.Op), ijson.M("type", c.Type), ijson.M("id", c.ID),
		})
		if err != nil {
			return nil, err
		}
		dst = append(head[:len(head)-1], `,"body":`...)
		if c.Op == Remove || len(c.Body) == 0 {
			dst = append(dst, "null"...)
		} else {
			dst = append(dst, c.Body...)
		}
		dst = append(dst, '}')
	}
	dst = append(dst, ']', ',')
	last := append(ijson.Members{ijson.M("cursor", a.Cursor.String()), ijson.M("more", a.More)}, a.Standing.members()...)
	tail, err := ijson.Marshal(append(last, a.Agency.members()...))
	if err != nil {
		return nil, err
	}
	return append(dst, tail[1:]...), nil
}

// ParseFeedAnswer reads a page, as a phone does. Changes of a type that the
// phone does not know are its own to pass over.
func ParseFeedAnswer(body []byte) (FeedAnswer, error) {
	var f ijson.Faults
	o, err := readAnswer(body, &f)
	if err != nil {
		return FeedAnswer{}, err
	}
	a := FeedAnswer{Standing: readStanding(o), More: o.Bool("more"), Agency: readAgency(o)}
	if a.Cursor, err = ParseCursor(o.String("cursor")); err != nil {
		o.Fault("cursor", ijson.ErrValue, "not a cursor")
	}
	for _, r := range o.Arr("changes").Objs() {
		c := Change{Index: r.Int("index"), N: int(r.Int("n")), Op: r.String("op"), Type: r.String("type"), ID: r.String("id")}
		if c.Index < 0 || c.N < 0 {
			r.Fault("index", ijson.ErrValue, "below 0")
		}
		switch c.Op {
		case Put:
			o := r.Obj("body")
			c.Body = json.RawMessage(strings.Clone(o.Value().Raw()))
		case Remove:
			r.Any("body")
		default:
			r.Fault("op", ijson.ErrValue, "unknown op")
		}
		a.Changes = append(a.Changes, c)
	}
	if err := f.Err(); err != nil {
		return FeedAnswer{}, err
	}
	return a, nil
}
