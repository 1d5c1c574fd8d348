package documents

import (
	"fmt"
	"strings"

	"tachiai/sync/record"
)

// A fact is a line of a table that the document adds to the paper.
type fact struct {
	label  string
	values []string
}

// circumstances draws how the paper was shown and signed, out of the record
// beside its form fields. None of it was part of the text that was signed.
func (s *sheet) circumstances(p *paper) {
	sect := s.doc.Top().Add("Sect")
	s.heading(sect, p.words.circumstances, accent, fullW, 60)
	table := sect.Add("Table")
	facts := p.shared()
	if p.Edition == Full {
		facts = append(facts, p.office()...)
	}
	for _, f := range facts {
		var values []para
		for _, v := range f.values {
			values = append(values, plain(v, false))
		}
		s.pair(table, fullW, smallSize, f.label, ink, values...)
	}
}

func (p *paper) yesNo(b bool) string {
	if b {
		return p.words.yes
	}
	return p.words.no
}

// shared are the facts of both editions.
func (p *paper) shared() []fact {
	w, shown := p.words, p.presentation
	clock := w.clock
	if p.Record.Clock == nil {
		clock = w.clockNever
	}
	facts := []fact{
		{w.method, []string{shown.Method.Name(p.lang)}},
		{w.signedAt, []string{instant(p.Record.Corrected(), p.lang) + " " + clock}},
		{w.shown, []string{fmt.Sprintf(w.shownValue, lasting(shown.ShownMS, p.lang), p.yesNo(shown.ScrolledToEnd), p.yesNo(shown.ReadAloud))}},
	}
	if match := p.placeMatch(); match != "" {
		facts = append(facts, fact{w.place, []string{match}})
	}
	return facts
}

// placeMatch says whether the place of signing is the registered address,
// without saying where it is; "" when nothing was compared.
func (p *paper) placeMatch() string {
	m := object(p.Record, "place_match")
	if m == nil {
		return ""
	}
	verdict := map[string]string{"match": p.words.matches, "no_match": p.words.differs}[str(m, "verdict")]
	if verdict == "" {
		return p.words.unknown
	}
	if accuracy, known := m["accuracy_m"].(int64); known {
		verdict += fmt.Sprintf(p.words.accuracy, accuracy)
	}
	return verdict
}

// office are the facts that stay in the agency.
func (p *paper) office() []fact {
	w, r := p.words, p.Record
	var facts []fact
	add := func(label string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			facts = append(facts, fact{label, values})
		}
	}
	if geo := object(r, "geo"); geo != nil {
		add(w.fix, fmt.Sprintf(w.fixValue, degrees(num(geo, "lat")), degrees(num(geo, "lng")), num(geo, "accuracy_m"), lasting(num(geo, "age_ms"), p.lang)))
	} else if why := r.Text("geo_missing"); why != "" {
		add(w.fix, w.noFix+"("+or(w.reasons[why], why)+")")
	}
	if band := str(object(r, "place_match"), "distance_band"); band != "" {
		add(w.distance, or(w.bands[band], band))
	}
	var answers []string
	for _, c := range p.presentation.Consents {
		i, _ := p.template.Item(c.Key)
		answers = append(answers, fmt.Sprintf(w.consentValue, i.Label.In(p.lang), p.yesNo(c.Given), lasting(c.AfterMS, p.lang)))
	}
	add(w.consents, answers...)
	if p.strokes != nil {
		points, last := 0, int64(0)
		for _, l := range p.strokes.Lines {
			points += len(l) / 4
			last = l[len(l)-2]
		}
		add(w.strokes, fmt.Sprintf(w.strokesValue, len(p.strokes.Lines), points, lasting(last, p.lang)))
	}
	if witness := object(r, "witness"); witness != nil {
		add(w.witnessRecord, person(witness))
	}
	if v, there := r.Field("companions"); there {
		list, _ := record.Tree(v).([]any)
		var names []string
		for _, e := range list {
			if m, ok := e.(map[string]any); ok {
				names = append(names, person(m))
			}
		}
		add(w.companions, names...)
	}
	add(w.kept, r.Text("paper_kept"))
	if note := r.Text("note"); note != "" {
		add(w.note, strings.Split(note, "\n")...)
	}
	return facts
}

func person(m map[string]any) string {
	return strings.TrimSpace(str(m, "name") + "  " + str(m, "affiliation"))
}

func str(m map[string]any, name string) string { s, _ := m[name].(string); return s }

func num(m map[string]any, name string) int64 { n, _ := m[name].(int64); return n }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// degrees prints 1e-7 degrees, exactly.
func degrees(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	return fmt.Sprintf("%s%d.%07d°", sign, n/1e7, n%1e7)
}
