// Package ijson reads and writes I-JSON (RFC 7493) strictly, as every signed or
// hashed text of the protocol demands.
//
// encoding/json is too lenient for evidence: it matches member names without
// regard to case, lets the last of two equal names win, turns a lone surrogate
// into U+FFFD and rounds large numbers. Two programs could then read two
// statements out of one signed text. Here one text has one meaning or none.
//
// Beyond RFC 7493 the protocol takes integers only: -?(0|[1-9][0-9]*) within
// ±(2^53−1), never -0, a fraction or an exponent. U+0000 is allowed in strings,
// written \u0000, as the RFC allows it; whoever stores text where it may not
// stand (PostgreSQL's text and jsonb) has to look for it.
//
// Faults are judged in reading order, so that every twin of this package names
// the same first one: the size in bytes, then UTF-8 over the whole text, then
// the grammar from left to right.
package ijson

// Default limits, used for each zero field of Limits.
const (
	DefaultBytes   = 64 << 10
	DefaultDepth   = 16
	DefaultMembers = 16384
)

// MaxInt is the largest integer that survives every JSON reader, 2^53−1
// (RFC 7493 §2.2); the smallest is −MaxInt.
const MaxInt = 1<<53 - 1

// maxText keeps offsets within 32 bits, whatever Limits says.
const maxText = 1 << 30

// Limits bounds the work and the memory that one text may cost. A zero field
// means its default.
type Limits struct {
	Bytes   int // length of the text in bytes
	Depth   int // objects and arrays open at one time
	Members int // object members plus array elements, counted over the whole text
}

func (l Limits) orDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = DefaultBytes
	}
	if l.Depth == 0 {
		l.Depth = DefaultDepth
	}
	if l.Members == 0 {
		l.Members = DefaultMembers
	}
	l.Bytes = min(l.Bytes, maxText)
	return l
}

// Kind is the JSON type of a Value.
type Kind uint8

// Absent is the kind of the zero Value: no such member.
const (
	Absent Kind = iota
	Null
	Bool
	Int
	String
	Array
	Object
)

var kindNames = [...]string{"absent", "null", "boolean", "integer", "string", "array", "object"}

func (k Kind) String() string { return kindNames[k] }

// A document is a parsed text, laid out flat: each container is followed by its
// children (in objects a name, then its value) and knows where it ends. Nodes
// hold no pointers, so a parse costs three allocations and the collector
// nothing.
type document struct {
	text      string
	nodes     []node
	unescaped []string // the strings that the text holds in escaped form
}

type node struct {
	off, end uint32 // the source, text[off:end]
	next     uint32 // the node after this one and all its children
	kind     Kind
	num      int64 // integer; boolean; number of children; index into unescaped, or -1
}

func (d *document) str(i uint32) string {
	n := &d.nodes[i]
	if n.num >= 0 {
		return d.unescaped[n.num]
	}
	return d.text[n.off+1 : n.end-1]
}
