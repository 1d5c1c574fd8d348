package ijson

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads exactly one value, surrounded by nothing but JSON white space.
// The error is an *Error with the first fault in reading order. Its pointer
// leads to the value at fault: for a repeated name to that member, for a broken
// name, for punctuation and for too many members to the container.
func Parse(data []byte, limits Limits) (Value, error) {
	limits = limits.orDefaults()
	if len(data) > limits.Bytes {
		return Value{}, &Error{Err: ErrSize, Offset: limits.Bytes, Detail: "limit " + strconv.Itoa(limits.Bytes) + " bytes"}
	}
	if !utf8.Valid(data) {
		return Value{}, &Error{Err: ErrUTF8, Offset: validPrefix(data)}
	}
	text := string(data)
	p := parser{text: text, depth: limits.Depth, members: limits.Members}
	p.doc = &document{text: text, nodes: make([]node, 0, estimate(text))}
	if strings.HasPrefix(text, "\ufeff") {
		return Value{}, p.fail(ErrSyntax, "byte order mark")
	}
	p.space()
	if e := p.value(); e != nil {
		return Value{}, e
	}
	p.space()
	if p.pos < len(text) {
		return Value{}, p.fail(ErrSyntax, "more text after the value")
	}
	return Value{doc: p.doc}, nil
}

// estimate says how many nodes to make room for: enough for an ordinary record
// in one allocation, without letting a string full of commas reserve memory.
func estimate(text string) int {
	n := 2 + strings.Count(text, ",") + strings.Count(text, ":") + strings.Count(text, "[") + strings.Count(text, "{")
	return min(n, 4096)
}

func validPrefix(data []byte) int {
	n := 0
	for n < len(data) {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

type parser struct {
	text    string
	pos     int
	depth   int // containers that may still be opened
	members int // members and elements that may still come
	doc     *document
	buf     []byte // scratch for unescaping
}

func (p *parser) fail(err error, detail string) *Error {
	return &Error{Offset: p.pos, Err: err, Detail: detail}
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// peek returns the next byte, or 0 at the end; a byte 0 in the text itself is
// no token either.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) value() *Error {
	switch c := p.peek(); c {
	case '"':
		return p.str()
	case '{':
		return p.object()
	case '[':
		return p.array()
	case 't':
		return p.literal("true", Bool, 1)
	case 'f':
		return p.literal("false", Bool, 0)
	case 'n':
		return p.literal("null", Null, 0)
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return p.number()
		}
		return p.fail(ErrSyntax, "value expected")
	}
}

// leaf adds a childless node for text[off:end] and moves behind it.
func (p *parser) leaf(kind Kind, off, end int, num int64) {
	next := uint32(len(p.doc.nodes) + 1)
	p.doc.nodes = append(p.doc.nodes, node{off: uint32(off), end: uint32(end), next: next, kind: kind, num: num})
	p.pos = end
}

func (p *parser) literal(word string, kind Kind, num int64) *Error {
	if !strings.HasPrefix(p.text[p.pos:], word) {
		return p.fail(ErrSyntax, "value expected")
	}
	p.leaf(kind, p.pos, p.pos+len(word), num)
	return nil
}

// number takes the whole run of characters that could belong to a JSON number,
// so that 01, 1.5, 1e3 and -0 are one fault and not half a number with rubbish
// behind it.
func (p *parser) number() *Error {
	start, end := p.pos, p.pos
	for end < len(p.text) && isNumberByte(p.text[end]) {
		end++
	}
	digits := p.text[start:end]
	negative := digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	// 16 digits cannot overflow an int64, and 2^53−1 has no more.
	if digits == "" || len(digits) > 16 || digits[0] == '0' && (negative || len(digits) > 1) {
		return p.fail(ErrNumber, "")
	}
	n := int64(0)
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 {
			return p.fail(ErrNumber, "")
		}
		n = n*10 + int64(d)
	}
	if n > MaxInt {
		return p.fail(ErrNumber, "")
	}
	if negative {
		n = -n
	}
	p.leaf(Int, start, end, n)
	return nil
}

func isNumberByte(c byte) bool {
	return '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// open starts a container and returns its node's index.
func (p *parser) open(kind Kind) (at int, e *Error) {
	if p.depth == 0 {
		return 0, p.fail(ErrDepth, "")
	}
	p.depth--
	at = len(p.doc.nodes)
	p.doc.nodes = append(p.doc.nodes, node{off: uint32(p.pos), kind: kind})
	p.pos++
	p.space()
	return at, nil
}

// close ends the container at its bracket.
func (p *parser) close(at, children int) {
	p.pos++
	p.depth++
	n := &p.doc.nodes[at]
	n.end, n.next, n.num = uint32(p.pos), uint32(len(p.doc.nodes)), int64(children)
}

// more is called after a child: it reads the comma, or reports the end.
func (p *parser) more(bracket byte) (bool, *Error) {
	p.space()
	switch p.peek() {
	case ',':
		p.pos++
		p.space()
		return true, nil
	case bracket:
		return false, nil
	}
	return false, p.fail(ErrSyntax, "comma or end expected")
}

func (p *parser) count() *Error {
	if p.members == 0 {
		return p.fail(ErrMembers, "")
	}
	p.members--
	return nil
}

func (p *parser) array() *Error {
	at, e := p.open(Array)
	if e != nil {
		return e
	}
	n, more := 0, p.peek() != ']'
	for more {
		if e := p.count(); e != nil {
			return e
		}
		if e := p.value(); e != nil {
			return e.under(strconv.Itoa(n))
		}
		n++
		if more, e = p.more(']'); e != nil {
			return e
		}
	}
	p.close(at, n)
	return nil
}

func (p *parser) object() *Error {
	at, e := p.open(Object)
	if e != nil {
		return e
	}
	var names nameSet
	n, more := 0, p.peek() != '}'
	for more {
		if e := p.count(); e != nil {
			return e
		}
		if p.peek() != '"' {
			return p.fail(ErrSyntax, "name expected")
		}
		nameAt := uint32(len(p.doc.nodes))
		if e := p.str(); e != nil {
			return e
		}
		name := p.doc.str(nameAt)
		if !names.add(p.doc, uint32(at), n, name) {
			return p.fail(ErrDuplicate, "").under(name)
		}
		p.space()
		if p.peek() != ':' {
			return p.fail(ErrSyntax, "colon expected")
		}
		p.pos++
		p.space()
		if e := p.value(); e != nil {
			return e.under(name)
		}
		n++
		if more, e = p.more('}'); e != nil {
			return e
		}
	}
	p.close(at, n)
	return nil
}

// fewNames is up to where comparing with every earlier name beats a map.
const fewNames = 32

// A nameSet finds repeated names, compared after unescaping and by bytes. It
// stays empty in small objects; in large ones the map keeps the cost linear.
type nameSet struct{ seen map[string]struct{} }

// add reports whether name is new among the n members that the object at holds
// so far.
func (s *nameSet) add(d *document, at uint32, n int, name string) bool {
	if n < fewNames {
		i := at + 1
		for range n {
			if d.str(i) == name {
				return false
			}
			i = d.nodes[i+1].next
		}
		return true
	}
	if s.seen == nil {
		s.seen = make(map[string]struct{}, 2*fewNames)
		i := at + 1
		for range n {
			s.seen[d.str(i)] = struct{}{}
			i = d.nodes[i+1].next
		}
	}
	if _, twice := s.seen[name]; twice {
		return false
	}
	s.seen[name] = struct{}{}
	return true
}
