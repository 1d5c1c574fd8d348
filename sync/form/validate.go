package form

import (
	"slices"
	"strconv"
)

// Validate judges what was filled in: values by key, as record.Tree gives them. It
// returns no fault exactly when Text has a text for them. Faults come in the
// template's order, unknown keys last; at most 100 are returned.
func Validate(t Template, values map[string]any) []Fault {
	return validate(t, values, false)
}

// validate is Validate; for a client, who lacks the values of client-hidden
// items, none of those is missed.
func validate(t Template, values map[string]any, client bool) []Fault {
	var f faults
	keys := make([]string, 0, len(t.Items))
	for _, i := range t.Items {
		if !i.Valued() {
			continue
		}
		keys = append(keys, i.Key)
		v, ok := values[i.Key]
		if !ok {
			if (i.Required || holds(i.RequiredIf, values)) && !(client && i.ClientHidden) {
				f.add(CodeRequired, i.Key)
			}
			continue
		}
		f.value(i, v, []string{i.Key})
	}
	f.unknown(values, nil, keys...)
	return f
}

func holds(c *Condition, values map[string]any) bool {
	if c == nil {
		return false
	}
	s, ok := values[c.Field].(string)
	return ok && slices.Contains(c.In, s)
}

// value notes at most one fault for a plain value, and one for each wrong
// member of a structured one.
func (f *faults) value(i Item, v any, at []string) {
	switch i.Type {
	case TypeText:
		f.str(v, i.Max, false, at)
	case TypeParagraph:
		f.str(v, i.Max, true, at)
	case TypeDate, TypeDateTime:
		s, ok := v.(string)
		m, real := parseMoment(s)
		if !ok {
			f.add(CodeType, at...)
		} else if !real || m.timed != (i.Type == TypeDateTime) {
			f.add(CodeDate, at...)
		}
	case TypeRange:
		f.span(v, at)
	case TypeChoice:
		s, ok := v.(string)
		if _, known := i.Option(s); !ok {
			f.add(CodeType, at...)
		} else if !known {
			f.add(CodeOption, at...)
		}
	case TypeCheck, TypeConsent:
		b, ok := v.(bool)
		if !ok {
			f.add(CodeType, at...)
		} else if i.Type == TypeCheck && i.Required && !b {
			f.add(CodeRequired, at...)
		}
	case TypePerson:
		f.person(i, v, at)
	case TypeTable:
		f.table(i, v, at)
	}
}

func (f *faults) str(v any, most int64, lf bool, at []string) {
	s, ok := v.(string)
	switch {
	case !ok:
		f.add(CodeType, at...)
	case !clean(s, lf):
		f.add(CodeCharacter, at...)
	case blank(s):
		f.add(CodeEmpty, at...)
	case tooLong(s, most):
		f.add(CodeTooLong, at...)
	}
}

// span judges a range: from alone is one point in time; about says that the
// person is not sure.
func (f *faults) span(v any, at []string) {
	m, ok := v.(map[string]any)
	if !ok {
		f.add(CodeType, at...)
		return
	}
	before := len(*f)
	var ends [2]moment
	for n, name := range []string{"from", "to"} {
		e, there := m[name]
		if !there {
			if name == "from" {
				f.add(CodeRequired, under(at, name)...)
			}
			continue
		}
		s, isText := e.(string)
		var real bool
		if ends[n], real = parseMoment(s); !isText {
			f.add(CodeType, under(at, name)...)
		} else if !real {
			f.add(CodeDate, under(at, name)...)
		}
	}
	if about, there := m["about"]; there {
		if _, ok := about.(bool); !ok {
			f.add(CodeType, under(at, "about")...)
		}
	}
	if from, isText := m["from"].(string); isText && len(*f) == before {
		if to, there := m["to"].(string); there {
			if ends[0].timed != ends[1].timed {
				f.add(CodeDate, under(at, "to")...)
			} else if to < from {
				f.add(CodeOrder, under(at, "to")...)
			}
		}
	}
	f.unknown(m, at, "from", "to", "about")
}

func (f *faults) person(i Item, v any, at []string) {
	m, ok := v.(map[string]any)
	if !ok {
		f.add(CodeType, at...)
		return
	}
	if name, there := m["name"]; !there {
		f.add(CodeRequired, under(at, "name")...)
	} else {
		f.str(name, maxName, false, under(at, "name"))
	}
	if !i.Kana {
		f.unknown(m, at, "name")
		return
	}
	if reading, there := m["kana"]; !there {
		f.add(CodeRequired, under(at, "kana")...)
	} else {
		before := len(*f)
		f.str(reading, maxName, false, under(at, "kana"))
		if s, _ := reading.(string); len(*f) == before && !kana(s) {
			f.add(CodeKana, under(at, "kana")...)
		}
	}
	f.unknown(m, at, "name", "kana")
}

func (f *faults) table(i Item, v any, at []string) {
	rows, ok := v.([]any)
	switch {
	case !ok:
		f.add(CodeType, at...)
		return
	case len(rows) == 0:
		f.add(CodeEmpty, at...)
		return
	case int64(len(rows)) > i.MaxRows:
		f.add(CodeTooMany, at...)
		return
	}
	names := make([]string, 0, len(i.Columns))
	for _, c := range i.Columns {
		names = append(names, c.Key)
	}
	for n, row := range rows {
		here := under(at, strconv.Itoa(n))
		m, ok := row.(map[string]any)
		if !ok {
			f.add(CodeType, here...)
			continue
		}
		if len(m) == 0 {
			f.add(CodeEmpty, here...)
			continue
		}
		for _, c := range i.Columns {
			if cell, there := m[c.Key]; there {
				f.value(c, cell, under(here, c.Key))
			} else if c.Required {
				f.add(CodeRequired, under(here, c.Key)...)
			}
		}
		f.unknown(m, here, names...)
	}
}
