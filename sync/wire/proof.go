package wire

import (
	"encoding/base64"
	"fmt"

	"tachiai/sync/ijson"
)

// Inclusion is the answer of GET /ledger/v1/inclusion: that the leaf at Index
// is in the tree of the first Size leaves (RFC 6962 §2.1.1).
type Inclusion struct {
	Index, Size int64
	Hashes      [][32]byte // from the leaf towards the root
}

// Consistency is the answer of GET /ledger/v1/consistency: that the first From
// leaves of the tree of To leaves are what they were (RFC 6962 §2.1.2).
type Consistency struct {
	From, To int64
	Hashes   [][32]byte
}

// ParseInclusionQuery reads the parameters; 0 ≤ index < size. Error: ErrQuery.
func ParseInclusionQuery(index, size string) (i, n int64, err error) {
	if i, n, err = parsePair(index, size); err != nil || i >= n {
		return 0, 0, fmt.Errorf("%w: want 0 <= index < size", ErrQuery)
	}
	return i, n, nil
}

// ParseConsistencyQuery reads the parameters; 1 ≤ from ≤ to. Error: ErrQuery.
func ParseConsistencyQuery(from, to string) (m, n int64, err error) {
	if m, n, err = parsePair(from, to); err != nil || m < 1 || m > n {
		return 0, 0, fmt.Errorf("%w: want 1 <= from <= to", ErrQuery)
	}
	return m, n, nil
}

func parsePair(a, b string) (x, y int64, err error) {
	if x, err = parseCount(a); err != nil {
		return 0, 0, err
	}
	y, err = parseCount(b)
	return x, y, err
}

// Marshal writes the answer.
func (p Inclusion) Marshal() ([]byte, error) {
	return ijson.Marshal(ijson.Members{ijson.M("index", p.Index), ijson.M("size", p.Size), ijson.M("hashes", encodeHashes(p.Hashes))})
}

// Marshal writes the answer.
func (p Consistency) Marshal() ([]byte, error) {
	return ijson.Marshal(ijson.Members{ijson.M("from", p.From), ijson.M("to", p.To), ijson.M("hashes", encodeHashes(p.Hashes))})
}

// ParseInclusion reads the answer. Whether it proves anything is for sync/ledger.
func ParseInclusion(body []byte) (Inclusion, error) {
	x, y, hashes, err := parseProof(body, "index", "size", 0)
	if err == nil && x >= y {
		err = &ijson.Error{Pointer: "/index", Err: ijson.ErrValue, Detail: "not below size"}
	}
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{x, y, hashes}, nil
}

// ParseConsistency reads the answer. Whether it proves anything is for sync/ledger.
func ParseConsistency(body []byte) (Consistency, error) {
	x, y, hashes, err := parseProof(body, "from", "to", 1)
	if err == nil && x > y {
		err = &ijson.Error{Pointer: "/from", Err: ijson.ErrValue, Detail: "above to"}
	}
	if err != nil {
		return Consistency{}, err
	}
	return Consistency{x, y, hashes}, nil
}

func parseProof(body []byte, first, second string, least int64) (x, y int64, hashes [][32]byte, err error) {
	var f ijson.Faults
	o, err := readAnswer(body, &f)
	if err != nil {
		return 0, 0, nil, err
	}
	x, y = o.Int(first), o.Int(second)
	if o.Has(first) && x < least {
		o.Fault(first, ijson.ErrValue, "too small")
	}
	list := o.Arr("hashes")
	if list.Len() > MaxHashes {
		o.Fault("hashes", ijson.ErrValue, "too many")
		return 0, 0, nil, f.Err()
	}
	hashes = make([][32]byte, 0, list.Len())
	for i, text := range list.Strings() {
		var h [32]byte
		if n, err := base64.StdEncoding.Strict().Decode(h[:], []byte(pad(text))); err != nil || n != len(h) {
			list.Fault(i, ijson.ErrValue, "not 32 bytes in base64")
		}
		hashes = append(hashes, h)
	}
	return x, y, hashes, f.Err()
}

// pad refuses everything that is not exactly the text of 32 bytes, so that the
// decoder cannot write beyond them.
func pad(text string) string {
	if len(text) != 44 || text[43] != '=' {
		return "!"
	}
	return text
}

func encodeHashes(hashes [][32]byte) []string {
	list := make([]string, len(hashes))
	for i, h := range hashes {
		list[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return list
}
