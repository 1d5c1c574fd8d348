package wire

import (
	"cmp"
	"slices"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// What became of one pushed text (docs/protocol.md §2).
const (
	Accepted    = "accepted"
	Duplicate   = "duplicate"
	Quarantined = "quarantined"
)

// PushAnswer is the answer to a Push.
type PushAnswer struct {
	Results []Result // in the order and length of the pushed records
	// Heads holds the highest gap-free seq of the caller's journal and of each
	// journal in the batch. A journal without records has Seq 0 and the kid itself as Hash.
	Heads        map[record.KeyID]record.Head
	MissingBlobs []MissingBlob // of those journals, oldest first, at most MaxMissing
	Standing
}

// Result is the word on one pushed text.
type Result struct {
	Hash    string // of the record; of a quarantined text its SHA-256 in hex
	Status  string // Accepted, Duplicate or Quarantined
	Receipt string // receipt+jwt, or quarantine-receipt+jwt
	Flags   []record.Flag
	Problem string // why it was quarantined
}

// MissingBlob names a blob that a held record speaks of and the server has not.
type MissingBlob struct {
	Record record.Hash
	ID     string // of the blob in its record
	SHA256 string // hex
}

// Marshal writes the answer, as the server does. Heads are in the order of
// their keys, so that equal answers are equal bytes.
func (a PushAnswer) Marshal() ([]byte, error) {
	results := make([]ijson.Members, len(a.Results))
	for i, r := range a.Results {
		m := ijson.Members{ijson.M("hash", r.Hash), ijson.M("status", r.Status), ijson.M("receipt", r.Receipt)}
		if len(r.Flags) > 0 {
			m = append(m, ijson.M("flags", r.Flags))
		}
		if r.Problem != "" {
			m = append(m, ijson.M("problem", r.Problem))
		}
		results[i] = m
	}
	heads := make(ijson.Members, 0, len(a.Heads))
	for kid, head := range a.Heads {
		heads = append(heads, ijson.M(kid.String(), ijson.Members{ijson.M("seq", head.Seq), ijson.M("hash", head.Hash)}))
	}
	slices.SortFunc(heads, func(a, b ijson.Member) int { return cmp.Compare(a.Name, b.Name) })
	missing := make([]ijson.Members, len(a.MissingBlobs))
	for i, b := range a.MissingBlobs {
		missing[i] = ijson.Members{ijson.M("record", b.Record), ijson.M("id", b.ID), ijson.M("sha256", b.SHA256)}
	}
	return ijson.Marshal(append(ijson.Members{
		ijson.M("results", results), ijson.M("heads", heads), ijson.M("missing_blobs", missing),
	}, a.Standing.members()...))
}

// ParsePushAnswer reads the answer, as a phone does. The receipts are still to
// be checked: by itself an answer acknowledges nothing.
func ParsePushAnswer(body []byte) (PushAnswer, error) {
	var f ijson.Faults
	o, err := readAnswer(body, &f)
	if err != nil {
		return PushAnswer{}, err
	}
	a := PushAnswer{Standing: readStanding(o), Heads: map[record.KeyID]record.Head{}}
	for _, r := range o.Arr("results").Objs() {
		a.Results = append(a.Results, readResult(r))
	}
	heads := o.Obj("heads")
	for name := range heads.Value().Members() {
		kid, err := record.ParseKeyID(name)
		if err != nil {
			heads.Fault(name, ijson.ErrValue, "not a key id")
		}
		h := heads.Obj(name)
		head := record.Head{Seq: h.Int("seq"), Hash: readHash(h, "hash")}
		if head.Seq < 0 {
			h.Fault("seq", ijson.ErrValue, "below 0")
		}
		a.Heads[kid] = head
	}
	for _, b := range o.Arr("missing_blobs").Objs() {
		m := MissingBlob{Record: readHash(b, "record"), ID: b.String("id"), SHA256: b.String("sha256")}
		if b.Has("sha256") && !isHex256(m.SHA256) {
			b.Fault("sha256", ijson.ErrValue, "not a SHA-256 in hex")
		}
		a.MissingBlobs = append(a.MissingBlobs, m)
	}
	if err := f.Err(); err != nil {
		return PushAnswer{}, err
	}
	return a, nil
}

func readResult(o ijson.Obj) Result {
	r := Result{Status: o.String("status"), Receipt: o.String("receipt")}
	switch r.Status {
	case Accepted, Duplicate:
		r.Hash = readHash(o, "hash").String()
	case Quarantined:
		if r.Hash = o.String("hash"); o.Has("hash") && !isHex256(r.Hash) {
			o.Fault("hash", ijson.ErrValue, "not a SHA-256 in hex")
		}
	default:
		if o.Has("status") {
			o.Fault("status", ijson.ErrValue, "unknown status")
		}
	}
	if flags, ok := o.OptArr("flags"); ok {
		for _, flag := range flags.Strings() {
			r.Flags = append(r.Flags, record.Flag(flag))
		}
	}
	r.Problem, _ = o.OptString("problem")
	return r
}

// readHash reads a member that must be the hash of a record.
func readHash(o ijson.Obj, name string) record.Hash {
	text := o.String(name)
	h, err := record.ParseHash(text)
	if err != nil && text != "" {
		o.Fault(name, ijson.ErrValue, "not a hash")
	} else if err != nil && o.Has(name) && o.Value().Get(name).Kind() == ijson.String {
		o.Fault(name, ijson.ErrValue, "empty")
	}
	return h
}
