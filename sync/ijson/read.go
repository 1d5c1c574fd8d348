package ijson

import (
	"fmt"
	"iter"
	"strconv"
)

// An Obj reads the members of one object by name and collects what is missing
// or of the wrong type in its Faults, so that a whole text is judged in one go
// and nothing has to be checked in between:
//
//	var f ijson.Faults
//	o := v.Obj(&f)
//	kind, seq := o.String("kind"), o.Int("seq")
//	note, ok := o.OptString("note")
//	o.Only("kind", "seq", "note")
//	if err := f.Err(); err != nil { … }
//
// Plain methods want the member to be there; Opt methods allow it to be absent,
// but an explicit null is never the same as absent. After a fault they return
// the zero value. An Obj that stands for something faulty stays quiet: one
// fault is reported once.
type Obj struct {
	v      Value
	faults *Faults
}

// An Arr is the same for an array's elements.
type Arr struct {
	v      Value
	faults *Faults
}

// Obj reads v as an object. f must not be nil.
func (v Value) Obj(f *Faults) Obj {
	if !v.expect(Object, f) {
		return Obj{faults: f}
	}
	return Obj{v, f}
}

// Arr reads v as an array. f must not be nil.
func (v Value) Arr(f *Faults) Arr {
	if !v.expect(Array, f) {
		return Arr{faults: f}
	}
	return Arr{v, f}
}

func (v Value) expect(want Kind, f *Faults) bool {
	if v.Kind() == want {
		return true
	}
	f.Add(&Error{Pointer: v.Pointer(), Err: ErrType, Detail: fmt.Sprintf("%v, want %v", v.Kind(), want)})
	return false
}

// Value returns the object itself; the zero Value when it was faulty.
func (o Obj) Value() Value { return o.v }

// Has reports whether the member is there, null included.
func (o Obj) Has(name string) bool { return o.v.Get(name).Kind() != Absent }

// Null reports whether the member is there and null.
func (o Obj) Null(name string) bool { return o.v.Get(name).Kind() == Null }

// Any returns a member that must be there, of any kind.
func (o Obj) Any(name string) Value {
	v := o.v.Get(name)
	if v.Kind() == Absent && o.v.Kind() == Object {
		o.Fault(name, ErrMissing, "")
	}
	return v
}

// Fault notes what the caller finds wrong with a member that may or may not be
// there, with a sentinel of its own or ErrValue. The detail must not repeat
// the value.
func (o Obj) Fault(name string, err error, detail string) {
	o.faults.Add(&Error{Pointer: o.v.Pointer() + "/" + escapeStep(name), Err: err, Detail: detail})
}

// want returns the member if it has the kind, and notes a fault otherwise;
// being absent is a fault only if required.
func (o Obj) want(name string, kind Kind, required bool) (v Value, ok bool) {
	v = o.v.Get(name)
	switch v.Kind() {
	case kind:
		return v, true
	case Absent:
		if required && o.v.Kind() == Object {
			o.Fault(name, ErrMissing, "")
		}
	default:
		o.Fault(name, ErrType, fmt.Sprintf("%v, want %v", v.Kind(), kind))
	}
	return Value{}, false
}

// String returns a string that must be there.
func (o Obj) String(name string) string {
	v, _ := o.want(name, String, true)
	s, _ := v.Text()
	return s
}

// OptString returns a string that may be absent.
func (o Obj) OptString(name string) (string, bool) {
	v, _ := o.want(name, String, false)
	return v.Text()
}

// Int returns an integer that must be there, within ±MaxInt.
func (o Obj) Int(name string) int64 {
	v, _ := o.want(name, Int, true)
	n, _ := v.Int()
	return n
}

// OptInt returns an integer that may be absent.
func (o Obj) OptInt(name string) (int64, bool) {
	v, _ := o.want(name, Int, false)
	return v.Int()
}

// Bool returns a boolean that must be there.
func (o Obj) Bool(name string) bool {
	v, _ := o.want(name, Bool, true)
	b, _ := v.Bool()
	return b
}

// OptBool returns a boolean that may be absent.
func (o Obj) OptBool(name string) (b, ok bool) {
	v, _ := o.want(name, Bool, false)
	return v.Bool()
}

// Obj returns an object that must be there.
func (o Obj) Obj(name string) Obj {
	v, _ := o.want(name, Object, true)
	return Obj{v, o.faults}
}

// OptObj returns an object that may be absent.
func (o Obj) OptObj(name string) (Obj, bool) {
	v, ok := o.want(name, Object, false)
	return Obj{v, o.faults}, ok
}

// Arr returns an array that must be there.
func (o Obj) Arr(name string) Arr {
	v, _ := o.want(name, Array, true)
	return Arr{v, o.faults}
}

// OptArr returns an array that may be absent.
func (o Obj) OptArr(name string) (Arr, bool) {
	v, ok := o.want(name, Array, false)
	return Arr{v, o.faults}, ok
}

// Only notes a fault for each member that is not among names.
func (o Obj) Only(names ...string) {
	for name := range o.v.Members() {
		if !contains(names, name) {
			o.Fault(name, ErrUnknown, "")
		}
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// Value returns the array itself; the zero Value when it was faulty or absent.
func (a Arr) Value() Value { return a.v }

// Len returns the number of elements.
func (a Arr) Len() int { return a.v.Len() }

// Fault notes what the caller finds wrong with the element at index i.
func (a Arr) Fault(i int, err error, detail string) {
	a.faults.Add(&Error{Pointer: a.v.Pointer() + "/" + strconv.Itoa(i), Err: err, Detail: detail})
}

// Objs yields the elements, each of which must be an object.
func (a Arr) Objs() iter.Seq2[int, Obj] {
	return func(yield func(int, Obj) bool) {
		for i, v := range a.v.Elements() {
			if !yield(i, v.Obj(a.faults)) {
				return
			}
		}
	}
}

// Arrs yields the elements, each of which must be an array.
func (a Arr) Arrs() iter.Seq2[int, Arr] {
	return func(yield func(int, Arr) bool) {
		for i, v := range a.v.Elements() {
			if !yield(i, v.Arr(a.faults)) {
				return
			}
		}
	}
}

// Strings returns the elements, each of which must be a string; the zero value
// stands where one is not.
func (a Arr) Strings() []string {
	list := make([]string, 0, a.Len())
	for _, v := range a.v.Elements() {
		v.expect(String, a.faults)
		s, _ := v.Text()
		list = append(list, s)
	}
	return list
}

// Ints returns the elements, each of which must be an integer; zero stands
// where one is not.
func (a Arr) Ints() []int64 {
	list := make([]int64, 0, a.Len())
	for _, v := range a.v.Elements() {
		v.expect(Int, a.faults)
		n, _ := v.Int()
		list = append(list, n)
	}
	return list
}
