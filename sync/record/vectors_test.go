package record

import "testing"

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// TestRecordVectors writes the cases of the other tests down for the twin.
func TestRecordVectors(t *testing.T) {
	valid, invalid := payloadCases(t)
	for i, c := range valid {
		s, _, err := ParseStructure([]byte(c.Payload), c.Office)
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		valid[i].Again = string(text)
	}
	type outcome struct {
		Code  Outcome `json:"code"`
		State State   `json:"state"`
	}
	var outcomes []outcome
	for _, c := range Outcomes {
		outcomes = append(outcomes, outcome{Outcome(c.Code), Outcome(c.Code).State()})
	}
	type code struct {
		List string `json:"list"`
		Code string `json:"code"`
		JA   string `json:"ja"`
		EN   string `json:"en"`
	}
	var codes []code
	for _, l := range codeLists {
		seen := map[string]bool{}
		for _, c := range l.codes {
			if seen[c.Code] || c.JA == "" || c.EN == "" {
				t.Errorf("%s %s: twice, or without a label", l.name, c.Code)
			}
			seen[c.Code] = true
			codes = append(codes, code{l.name, c.Code, c.JA, c.EN})
		}
	}
	golden(t, "../testdata/vectors/record.json", vectorFile(t,
		"Ids, hashes, names and the payload of a record (docs/protocol.md, 1.2). ids, hashes: valid when there is no why. valid payloads: again is the "+
			"payload written anew, flags what is odd about it. invalid payloads: faults are the JSON Pointers of all faults, sorted, each place once; \"\" is the "+
			"whole text. clock: flags of the record cur, prev being the one before it in its journal; clock is [offset_ms, age_ms] or null. "+
			"outcomes: the state that a visit's outcome takes its case to.",
		section{"ids", anys(idTexts)}, section{"hashes", anys(hashTexts)}, section{"names", anys(fieldNames)},
		section{"valid", anys(valid)}, section{"invalid", anys(invalid)}, section{"clock", anys(clockCases)},
		section{"codes", anys(codes)}, section{"outcomes", anys(outcomes)}))
}

// TestSchemaVectors writes the table itself, so that no twin has to repeat it.
func TestSchemaVectors(t *testing.T) {
	var kinds []any
	for _, k := range sortedKinds() {
		kinds = append(kinds, kindTable(k, schemas[k]))
	}
	golden(t, "../testdata/vectors/schema.json", vectorFile(t,
		"What each kind asks of its records (docs/records.md). kinds: the table. A shape has type and, where they apply, min and max (text: code points; "+
			"int: value; array: elements), codes, of, members (absent: any object), null. any: at least so many optional fields; form: field.<key> may be "+
			"there; a role that ends in _n stands for _1 to _99; rules: when the field if (or its member; or any blob's role) is the text is, or is there when there is no is, the fields then "+
			"must be there. blob: the shape of every blob.<id>. cases: a record and all its faults [pointer, code], sorted; withheld is the number of "+
			"digests without a field, and with one or more nothing counts as missing. case, visit, amends: whether the structure names one.",
		section{"blob", []any{shapeTable(blobShape)}}, section{"kinds", kinds}, section{"cases", anys(schemaCases())}))
}

type slotJSON struct {
	Name     string    `json:"name"`
	Required bool      `json:"required,omitempty"`
	Shape    shapeJSON `json:"shape"`
}

type shapeJSON struct {
	Type    string     `json:"type"`
	Min     *int64     `json:"min,omitempty"`
	Max     *int64     `json:"max,omitempty"`
	Codes   []string   `json:"codes,omitempty"`
	Of      *shapeJSON `json:"of,omitempty"`
	Members []slotJSON `json:"members,omitempty"`
	Null    bool       `json:"null,omitempty"`
}

func shapeTable(s Shape) shapeJSON {
	j := shapeJSON{Type: s.Type, Codes: s.Codes, Members: slotTable(s.Members), Null: s.Null}
	if s.Type == ShapeText || s.Type == ShapeInt || s.Type == ShapeArray {
		j.Min, j.Max = &s.Min, &s.Max
	}
	if s.Of != nil {
		of := shapeTable(*s.Of)
		j.Of = &of
	}
	return j
}

func slotTable(slots []Slot) (list []slotJSON) {
	for _, s := range slots {
		list = append(list, slotJSON{s.Name, s.Required, shapeTable(s.Shape)})
	}
	return list
}

func kindTable(k Kind, s Schema) any {
	type rule struct {
		If     string   `json:"if"`
		Member string   `json:"member,omitempty"`
		Is     string   `json:"is,omitempty"`
		Then   []string `json:"then"`
	}
	table := struct {
		Kind   Kind       `json:"kind"`
		Phone  bool       `json:"phone,omitempty"`
		Office bool       `json:"office,omitempty"`
		Case   bool       `json:"case,omitempty"`
		Visit  bool       `json:"visit,omitempty"`
		Amends bool       `json:"amends,omitempty"`
		Any    int        `json:"any,omitempty"`
		Form   bool       `json:"form,omitempty"`
		Fields []slotJSON `json:"fields"`
		Roles  []string   `json:"roles,omitempty"`
		Blobs  int        `json:"blobs,omitempty"`
		Rules  []rule     `json:"rules,omitempty"`
	}{k, s.Phone, s.Office, s.Case, s.Visit, s.Amends, s.Any, s.Form, slotTable(s.Fields), s.Roles, s.Blobs, nil}
	for _, r := range s.Rules {
		table.Rules = append(table.Rules, rule(r))
	}
	return table
}
