package record

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/ijson"
)

type schemaCase struct {
	Name     string                     `json:"name"`
	Kind     Kind                       `json:"kind"`
	Office   bool                       `json:"office"`
	V        int                        `json:"v,omitempty"` // 1 when absent
	Case     bool                       `json:"case"`
	Visit    bool                       `json:"visit"`
	Amends   bool                       `json:"amends"`
	Blobs    [][2]string                `json:"blobs,omitempty"` // id, role
	Fields   map[string]json.RawMessage `json:"fields"`
	Withheld int                        `json:"withheld,omitempty"`
	Faults   [][2]string                `json:"faults"` // pointer, code; sorted
}

func (c schemaCase) record(t testing.TB) *Record {
	r := &Record{Structure: Structure{V: max(c.V, 1), Kind: c.Kind}}
	if !c.Office {
		r.Seq = 1
	}
	if c.Case {
		r.Case = ID{1}
	}
	if c.Visit {
		r.Visit = ID{2}
	}
	if c.Amends {
		r.Amends = Hash{3}
	}
	for _, b := range c.Blobs {
		r.Blobs = append(r.Blobs, BlobSlot{b[0], b[1]})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		r.Fields = append(r.Fields, Field{Name: name, Value: value(t, string(c.Fields[name]))})
	}
	r.SD = make([]Hash, len(r.Fields)+c.Withheld)
	return r
}

// sample gives a value that a shape takes.
func sample(s Shape) string {
	switch s.Type {
	case ShapeText:
		return `"髙橋"`
	case ShapeCode:
		return `"` + s.Codes[len(s.Codes)-1] + `"`
	case ShapeInt:
		return string(must2(ijson.AppendInt(nil, s.Max)))
	case ShapeBool:
		return "false"
	case ShapeTime:
		return "1763640000000"
	case ShapeDate:
		return `"2026-11-20"`
	case ShapeID:
		return `"` + testCase + `"`
	case ShapeHash, ShapeKey:
		return `"` + testHash + `"`
	case ShapeSHA256:
		return `"` + strings.Repeat("0a", 32) + `"`
	case ShapeArray:
		return "[" + sample(*s.Of) + "]"
	case ShapeObject:
		var list []string
		for _, m := range s.Members {
			list = append(list, `"`+m.Name+`":`+sample(m.Shape))
		}
		return "{" + strings.Join(list, ",") + "}"
	}
	return "null"
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const blobValue = `{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":307200,"type":"image/jpeg","of":null}`

// least is a record of a kind with nothing that could be left out.
func least(k Kind) schemaCase {
	s := schemas[k]
	c := schemaCase{
		Name: string(k) + ", the least", Kind: k, Office: !s.Phone, Case: s.Phone || s.Case, Visit: s.Visit, Amends: s.Amends,
		Fields: map[string]json.RawMessage{}, Faults: [][2]string{},
	}
	for _, slot := range s.Fields {
		if slot.Required {
			c.Fields[slot.Name] = json.RawMessage(sample(slot.Shape))
		}
	}
	if s.Any > 0 {
		c.Fields["note"] = json.RawMessage(`"x"`)
	}
	for range s.Blobs {
		c.Blobs = append(c.Blobs, [2]string{"b1", strings.ReplaceAll(s.Roles[0], "_n", "_1")})
		c.Fields["blob.b1"] = json.RawMessage(blobValue)
	}
	for _, r := range s.Rules {
		if v, ok := c.Fields[r.If]; ok && string(v) == `"`+r.Is+`"` {
			for _, name := range r.Then {
				c.Fields[name] = json.RawMessage(sample(find(s.Fields, name).Shape))
			}
		}
	}
	return c
}

func (c schemaCase) but(name string, change func(*schemaCase), faults ...[2]string) schemaCase {
	c.Name, c.Fields, c.Blobs = string(c.Kind)+", "+name, maps.Clone(c.Fields), slices.Clone(c.Blobs)
	change(&c)
	if c.Faults = faults; faults == nil {
		c.Faults = [][2]string{}
	}
	return c
}

func (c schemaCase) set(name, value string, faults ...[2]string) schemaCase {
	return c.but(name+" = "+value, func(c *schemaCase) { c.Fields[name] = json.RawMessage(value) }, faults...)
}

func schemaCases() (list []schemaCase) {
	add := func(c ...schemaCase) { list = append(list, c...) }
	for _, k := range sortedKinds() {
		s, base := schemas[k], least(k)
		add(base, base.but("everything", func(c *schemaCase) {
			for _, slot := range s.Fields {
				c.Fields[slot.Name] = json.RawMessage(sample(slot.Shape))
			}
		}))
		add(base.set("mood", `"grim"`, [2]string{"/field/mood", FaultUnknown}))
		form := base.set("field.reason", `"x"`)
		if !s.Form {
			form.Faults = [][2]string{{"/field/field.reason", FaultUnknown}}
		}
		add(form)
		for _, slot := range s.Fields {
			if slot.Required {
				add(base.but("without "+slot.Name, func(c *schemaCase) { delete(c.Fields, slot.Name) }, [2]string{"/field/" + slot.Name, FaultMissing}))
			}
		}
		if s.Visit {
			add(base.but("no visit", func(c *schemaCase) { c.Visit = false }, [2]string{"/visit", FaultMissing}))
		}
		if s.Case && s.Office {
			add(base.but("no case", func(c *schemaCase) { c.Case, c.Office = false, true }, [2]string{"/case", FaultMissing}))
		}
		if s.Phone != s.Office {
			add(base.but("of the other side", func(c *schemaCase) { c.Office = !c.Office }, [2]string{"/kind", FaultValue}))
		}
	}
	note, photo, started := least(KindNoteWritten), least(KindPhotoCaptured), least(KindVisitStarted)
	at := func(name, code string) [2]string { return [2]string{"/field/" + name, code} }
	add(
		note.set("note", `""`, at("note", FaultValue)), note.set("note", `null`, at("note", FaultType)), note.set("note", `7`, at("note", FaultType)),
		note.set("note", `"a\u0000b"`, at("note", FaultValue)),
		least(KindCaseOpened).but("200 characters outside the BMP", func(c *schemaCase) {
			c.Fields["title"] = json.RawMessage(`"` + strings.Repeat("𠮷", 200) + `"`)
		}),
		least(KindCaseOpened).but("201 characters", func(c *schemaCase) {
			c.Fields["title"] = json.RawMessage(`"` + strings.Repeat("a", 201) + `"`)
		}, at("title", FaultValue)),
		note.but("withheld", func(c *schemaCase) { c.Fields, c.Withheld = map[string]json.RawMessage{}, 1 }),
		note.but("unknown kind", func(c *schemaCase) { c.Kind = "tea.served" }),
		note.but("unknown version", func(c *schemaCase) { c.V = 2; c.Fields["mood"] = json.RawMessage(`1`) }),
		note.but("a blob", func(c *schemaCase) {
			c.Blobs = [][2]string{{"p1", "other"}}
			c.Fields["blob.p1"] = json.RawMessage(blobValue)
		}, [2]string{"/blobs/p1", FaultValue}),
		started.set("geo", `{"lat":356812360,"lng":1397671250,"accuracy_m":12,"age_ms":800}`),
		started.set("geo", `{"lat":900000001,"lng":0,"accuracy_m":1,"age_ms":0}`, at("geo", FaultValue)),
		started.set("geo", `{"lat":0,"lng":0,"accuracy_m":1}`, at("geo", FaultMissing)),
		started.set("geo", `{"lat":0,"lng":0,"accuracy_m":1,"age_ms":0,"alt":3}`, at("geo", FaultUnknown)),
		started.set("geo_missing", `"denied"`), started.set("geo_missing", `"lazy"`, at("geo_missing", FaultValue)),
		started.set("companions", `[{"name":"辻󠄀"},{"name":"山﨑","affiliation":"本社"}]`), started.set("companions", `[{}]`, at("companions", FaultMissing)),
		started.set("companions", `{}`, at("companions", FaultType)),
		least(KindContactLogged).set("geo", `{"lat":0,"lng":0,"accuracy_m":1,"age_ms":0}`, at("geo", FaultUnknown)),
		least(KindIdentityChecked).but("other without a note", func(c *schemaCase) { delete(c.Fields, "note") }, at("note", FaultRequired)),
		least(KindDeclarationSigned).set("presentation", `{"method":"H"}`, at("signature_outline", FaultRequired), at("strokes", FaultRequired)),
		least(KindDeclarationSigned).set("presentation", `{"method":"P"}`, at("paper_kept", FaultRequired)),
		least(KindDeclarationSigned).set("presentation", `{"method":"O"}`), least(KindDeclarationSigned).set("presentation", `"H"`, at("presentation", FaultType)),
		least(KindDeclarationDeclined).set("presentation", `{"method":"H"}`, at("client_text_sha256", FaultRequired), at("text_sha256", FaultRequired)),
		least(KindDeclarationDeclined).set("presentation", `{"method":"H"}`).set("text_sha256", `"`+strings.Repeat("0a", 32)+`"`, at("client_text_sha256", FaultRequired)),
		least(KindItemReceived).set("presentation", `{"method":"O"}`, at("client_text_sha256", FaultRequired), at("text_sha256", FaultRequired)),
		least(KindDeclarationSigned).set("text_sha256", `"`+strings.Repeat("0A", 32)+`"`, at("text_sha256", FaultValue)),
		least(KindVisitEnded).set("records", `[]`), least(KindVisitEnded).set("records", `["x"]`, at("records", FaultValue)),
		least(KindVisitEnded).set("records", `[1]`, at("records", FaultType)), least(KindVisitEnded).set("outcome", `"返却"`, at("outcome", FaultValue)),
		least(KindCaseAssigned).set("members", `["019AA143-4e7b-7fff-bfff-ffffffffffff"]`, at("members", FaultValue)),
		least(KindCaseOpened).set("due_on", `"2026-02-29"`, at("due_on", FaultValue)), least(KindCaseOpened).set("due_on", `"2028-02-29"`),
		least(KindCaseOpened).set("due_on", `"2026-2-9"`, at("due_on", FaultValue)), least(KindCaseOpened).set("due_on", `"+2026-02-09"`, at("due_on", FaultValue)),
		least(KindCaseChanged).but("nothing", func(c *schemaCase) { c.Fields = map[string]json.RawMessage{} }, [2]string{"/fields", FaultMissing}),
		least(KindRecordAmended).but("amends nothing", func(c *schemaCase) { c.Amends = false }, [2]string{"/amends", FaultMissing}),
		least(KindRecordAmended).but("a form field alone", func(c *schemaCase) {
			c.Fields = map[string]json.RawMessage{"field.reason": json.RawMessage(`{"x":[1]}`)}
		}),
		least(KindMemberChanged).set("roles", `["rep","reviewer"]`), least(KindMemberChanged).set("roles", `["king"]`, at("roles", FaultValue)),
		least(KindQuarantineRejected).set("sha256", `"`+strings.Repeat("0A", 32)+`"`, at("sha256", FaultValue)),
		least(KindReviewDecided).set("decision", `"approved"`),
		photo.but("no blob", func(c *schemaCase) { c.Blobs = nil; delete(c.Fields, "blob.b1") }, [2]string{"/blobs", FaultMissing}),
		photo.but("blob without its field", func(c *schemaCase) { delete(c.Fields, "blob.b1") }, at("blob.b1", FaultMissing)),
		photo.but("field without its blob", func(c *schemaCase) { c.Fields["blob.b2"] = json.RawMessage(blobValue) }, at("blob.b2", FaultUnknown)),
		photo.but("a derivative", func(c *schemaCase) {
			c.Blobs = append(c.Blobs, [2]string{"b2", "preview"})
			c.Fields["blob.b2"] = json.RawMessage(strings.Replace(blobValue, "null", `"b1"`, 1))
		}),
		photo.but("role other without a note", func(c *schemaCase) { c.Blobs[0][1] = "other" }, at("note", FaultRequired)),
		photo.set("blob.b1", strings.Replace(blobValue, "307200", "0", 1), at("blob.b1", FaultValue)),
		photo.set("blob.b1", strings.Replace(blobValue, "null", `"b9"`, 1), at("blob.b1", FaultValue)),
		photo.set("blob.b1", strings.Replace(blobValue, "null", `"b1"`, 1), at("blob.b1", FaultValue)),
		photo.set("blob.b1", `{}`, at("blob.b1", FaultMissing)),
	)
	for role, code := range map[string]string{"badge_back": "", "paper_page_1": "", "paper_page_99": "", "paper_page_0": FaultValue, "paper_page_100": FaultValue,
		"paper_page_01": FaultValue, "paper_page_": FaultValue, "paper_page_n": FaultValue, "paper_page_1x": FaultValue, "face": FaultValue} {
		c := photo.but("role "+role, func(c *schemaCase) { c.Blobs[0][1] = role })
		if code != "" {
			c.Faults = [][2]string{{"/blobs/b1", code}}
		}
		add(c)
	}
	slices.SortFunc(list, func(a, b schemaCase) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func TestCheckSchema(t *testing.T) {
	for _, c := range schemaCases() {
		t.Run(c.Name, func(t *testing.T) {
			got := [][2]string{}
			for _, f := range CheckSchema(c.record(t)) {
				got = append(got, [2]string{f.Pointer, f.Code})
			}
			slices.SortFunc(got, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
			if !slices.Equal(got, c.Faults) {
				t.Errorf("got %v, want %v", got, c.Faults)
			}
		})
	}
}

// TestTable finds slips in the table itself.
func TestTable(t *testing.T) {
	for k, s := range schemas {
		if !k.formed() || s.Phone == false && s.Office == false {
			t.Errorf("%s: not a kind, or nobody's", k)
		}
		seen := map[string]bool{}
		for _, slot := range s.Fields {
			if seen[slot.Name] || !CheckFieldName(slot.Name) || strings.Contains(slot.Name, ".") {
				t.Errorf("%s: field %s", k, slot.Name)
			}
			seen[slot.Name] = true
			checkTableShape(t, string(k)+" "+slot.Name, slot.Shape)
		}
		if s.Blobs > 0 && len(s.Roles) == 0 {
			t.Errorf("%s: wants blobs and takes none", k)
		}
		for _, r := range s.Rules {
			for _, name := range append(r.Then, r.If) {
				if name != "blobs" && find(s.Fields, name) == nil {
					t.Errorf("%s: a rule for %s, which is no field", k, name)
				}
			}
		}
	}
}

func checkTableShape(t *testing.T, at string, s Shape) {
	if bounded := s.Type == ShapeText || s.Type == ShapeArray; bounded && s.Max <= 0 {
		t.Errorf("%s: no bound", at)
	}
	if (s.Type == ShapeCode) != (len(s.Codes) > 0) || (s.Type == ShapeArray) != (s.Of != nil) {
		t.Errorf("%s: %s with the parts of another", at, s.Type)
	}
	for _, m := range s.Members {
		checkTableShape(t, at+"."+m.Name, m.Shape)
	}
	if s.Of != nil {
		checkTableShape(t, at+"[]", *s.Of)
	}
}
