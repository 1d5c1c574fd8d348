package ijson

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func parse(t testing.TB, text string) Value {
	t.Helper()
	v, err := Parse([]byte(text), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTypedReading(t *testing.T) {
	var f Faults
	o := parse(t, `{"kind":"visit.ended","seq":41,"late":true,"clock":{"offset_ms":-5},"blobs":[{"id":"a"},{"id":"b"}],
		"tags":["x","y\u0041"],"points":[[1,2],[3,-4]],"prev":null}`).Obj(&f)
	if o.String("kind") != "visit.ended" || o.Int("seq") != 41 || !o.Bool("late") || !o.Null("prev") || o.Has("amends") {
		t.Error("wrong values")
	}
	if o.Obj("clock").Int("offset_ms") != -5 {
		t.Error("wrong nested value")
	}
	ids := ""
	for i, b := range o.Arr("blobs").Objs() {
		ids += fmt.Sprint(i, b.String("id"))
	}
	if ids != "0a1b" {
		t.Error(ids)
	}
	if got := o.Arr("tags").Strings(); !slices.Equal(got, []string{"x", "yA"}) {
		t.Error(got)
	}
	sum := int64(0)
	for _, p := range o.Arr("points").Arrs() {
		for _, n := range p.Ints() {
			sum += n
		}
	}
	if sum != 2 {
		t.Error(sum)
	}
	if s, ok := o.OptString("kind"); !ok || s != "visit.ended" {
		t.Error("optional string")
	}
	if n, ok := o.OptInt("seq"); !ok || n != 41 {
		t.Error("optional integer")
	}
	if b, ok := o.OptBool("late"); !ok || !b {
		t.Error("optional boolean")
	}
	if c, ok := o.OptObj("clock"); !ok || c.Int("offset_ms") != -5 {
		t.Error("optional object")
	}
	if a, ok := o.OptArr("tags"); !ok || a.Len() != 2 {
		t.Error("optional array")
	}
	if o.Any("prev").Kind() != Null || o.Any("points").Raw() != "[[1,2],[3,-4]]" {
		t.Error("any")
	}
	for _, absent := range []string{"nope", "Kind", "KIND"} {
		_, a := o.OptString(absent)
		_, b := o.OptInt(absent)
		_, c := o.OptBool(absent)
		_, d := o.OptObj(absent)
		_, e := o.OptArr(absent)
		if a || b || c || d || e {
			t.Error("found", absent)
		}
	}
	o.Only("kind", "seq", "late", "clock", "blobs", "tags", "points", "prev")
	if err := f.Err(); err != nil || !f.OK() {
		t.Error(err)
	}
}

func TestFaultsAreCollected(t *testing.T) {
	var f Faults
	o := parse(t, `{"a/b":1,"n":null,"s":5,"list":[{"id":"x"},7,{}],"strings":["a",1],"ints":[1,"b"],"extra":1,"o":"no"}`).Obj(&f)
	_ = o.String("missing")
	_ = o.String("a/b")
	_, _ = o.OptString("n")
	_ = o.Int("Seq")
	for _, e := range o.Arr("list").Objs() {
		_ = e.String("id")
	}
	o.Arr("strings").Strings()
	o.Arr("ints").Ints()
	sub := o.Obj("o")
	_ = sub.Obj("deep").Int("x") // already reported at /o
	sub.Only()
	_ = o.Arr("none").Ints()
	_ = o.Any("gone")
	mine := errors.New("mine")
	o.Fault("s", mine, "too late")
	o.Arr("list").Fault(1, ErrValue, "")
	o.Only("a/b", "n", "s", "list", "strings", "ints", "o")
	want := []string{
		"missing /missing", "type /a~1b", "type /n", "missing /Seq", "type /list/1", "missing /list/2/id", "type /strings/1",
		"type /ints/1", "type /o", "missing /none", "missing /gone", "value /s", "value /list/1", "unknown /extra",
	}
	var got []string
	err := fmt.Errorf("record: %w", f.Err())
	for _, e := range List(err) {
		got = append(got, e.Code()+" "+e.Pointer)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if f.OK() || !errors.Is(err, mine) || !errors.Is(err, ErrMissing) || errors.Is(err, ErrSyntax) {
		t.Error("sentinels are not seen through the collection")
	}
	if !strings.Contains(err.Error(), `"/s": mine: too late`) {
		t.Error(err)
	}
}

func TestRootOfWrongKind(t *testing.T) {
	for _, text := range []string{`[]`, `"x"`, `null`} {
		var f Faults
		o := parse(t, text).Obj(&f)
		_ = o.String("a")
		o.Only()
		if got := List(f.Err()); len(got) != 1 || got[0].Code() != "type" || got[0].Pointer != "" {
			t.Error(text, f.Err())
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `,"%d":0`, i)
	}
	var f Faults
	parse(t, "{"+b.String()[1:]+"}").Obj(&f).Only()
	if n := len(List(f.Err())); n != maxFaults {
		t.Error(n)
	}
	if !strings.HasSuffix(f.Error(), "and 936 more") {
		t.Error("the rest is not counted")
	}
}

func TestListOfParseError(t *testing.T) {
	_, err := Parse([]byte(`{"a":01}`), Limits{})
	if got := List(fmt.Errorf("x: %w", err)); len(got) != 1 || got[0].Offset != 5 || !errors.Is(err, ErrNumber) {
		t.Error(got)
	}
	if List(nil) != nil || List(errors.New("other")) != nil {
		t.Error("faults out of nothing")
	}
	_, err = Parse([]byte(`{"`+strings.Repeat("x", 5000)+`":?}`), Limits{})
	if len(err.Error()) > 300 {
		t.Error("a hostile name fills the log")
	}
}

func TestPointers(t *testing.T) {
	v := parse(t, `{"a":[0,{"":[["x"]]}],"b":{"c~/":true}}`)
	var got []string
	var walk func(Value)
	walk = func(v Value) {
		got = append(got, v.Pointer())
		for _, m := range v.Members() {
			walk(m)
		}
		for _, e := range v.Elements() {
			walk(e)
		}
	}
	walk(v)
	want := []string{"", "/a", "/a/0", "/a/1", "/a/1/", "/a/1//0", "/a/1//0/0", "/b", "/b/c~0~1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAbsentValue(t *testing.T) {
	var v Value
	_, s := v.Text()
	_, n := v.Int()
	_, b := v.Bool()
	if s || n || b || v.Len() != 0 || v.Raw() != "" || v.Pointer() != "" || v.Kind() != Absent || v.Get("x").Kind() != Absent {
		t.Error("the zero Value holds something")
	}
	for range v.Elements() {
		t.Error("an element")
	}
	if len(maps.Collect(v.Members())) != 0 {
		t.Error("a member")
	}
}

// A parse must not keep a view of the caller's buffer.
func TestParseCopies(t *testing.T) {
	data := []byte(`["abc"]`)
	v, err := Parse(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	copy(data, `["xyz"]`)
	if v.Raw() != `["abc"]` {
		t.Error("the value changed with the buffer")
	}
}
