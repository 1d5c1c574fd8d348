package ijson

import (
	"iter"
	"strconv"
)

// A Value is a place in a parsed text: immutable, safe to copy and to share
// between goroutines, comparable only with itself. It keeps the whole text
// alive. The zero Value is a member that is not there.
type Value struct {
	doc *document
	at  uint32
}

// Kind returns the JSON type, Absent for the zero Value.
func (v Value) Kind() Kind {
	if v.doc == nil {
		return Absent
	}
	return v.node().kind
}

func (v Value) node() *node { return &v.doc.nodes[v.at] }

// Text returns a string's characters: valid UTF-8, perhaps with U+0000.
func (v Value) Text() (s string, ok bool) {
	if v.Kind() != String {
		return "", false
	}
	return v.doc.str(v.at), true
}

// Int returns an integer, within ±MaxInt.
func (v Value) Int() (n int64, ok bool) {
	if v.Kind() != Int {
		return 0, false
	}
	return v.node().num, true
}

// Bool returns true or false.
func (v Value) Bool() (b, ok bool) {
	if v.Kind() != Bool {
		return false, false
	}
	return v.node().num == 1, true
}

// Raw returns the value as it stands in the text, white space inside included.
func (v Value) Raw() string {
	if v.doc == nil {
		return ""
	}
	n := v.node()
	return v.doc.text[n.off:n.end]
}

// Len returns the number of members or elements, 0 for everything else.
func (v Value) Len() int {
	if k := v.Kind(); k != Object && k != Array {
		return 0
	}
	return int(v.node().num)
}

// Get returns the member of that exact name, or the zero Value. It looks at one
// member after the other.
func (v Value) Get(name string) Value {
	for n, member := range v.Members() {
		if n == name {
			return member
		}
	}
	return Value{}
}

// Members yields an object's names and values in the order of the text, and
// nothing for other kinds.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		i := v.at + 1
		for range v.Len() {
			if !yield(v.doc.str(i), Value{v.doc, i + 1}) {
				return
			}
			i = v.doc.nodes[i+1].next
		}
	}
}

// Elements yields an array's elements with their indexes, and nothing for other
// kinds.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != Array {
			return
		}
		i := v.at + 1
		for n := range v.Len() {
			if !yield(n, Value{v.doc, i}) {
				return
			}
			i = v.doc.nodes[i].next
		}
	}
}

// Pointer returns where v stands in its text (RFC 6901). It searches from the
// root, which is meant for faults and not for every value.
func (v Value) Pointer() string {
	if v.doc == nil {
		return ""
	}
	path := ""
	for at := (Value{v.doc, 0}); at.at != v.at; {
		step, child := at.toward(v.at)
		path += "/" + escapeStep(step)
		at = child
	}
	return path
}

// toward returns the child of v that is or contains the node target.
func (v Value) toward(target uint32) (string, Value) {
	for name, child := range v.Members() {
		if target < child.node().next {
			return name, child
		}
	}
	for i, child := range v.Elements() {
		if target < child.node().next {
			return strconv.Itoa(i), child
		}
	}
	panic("ijson: value outside its document")
}
