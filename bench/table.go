package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// row is one figure. Goals that are 0 are none.
type row struct {
	figure   string
	measured float64
	unit     string

	peer     string // what it stands beside, "" = nothing
	limit    float64
	peerUnit string // "" = unit

	least, most           float64 // for the measured figure
	leastRatio, mostRatio float64 // for measured / limit
}

// table is what a run prints at its end.
type table struct{ rows []row }

func (t *table) add(r row) {
	t.rows = append(t.rows, r)
	say("%s: %s", r.figure, quantity(r.measured, r.unit))
}

func (t *table) print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	line := func(cells ...string) { _, _ = fmt.Fprintln(out, strings.Join(cells, "\t")) }
	line("figure", "measured", "beside, in the same run", "", "ratio", "goal", "met")
	line("------", "--------", "-----------------------", "", "-----", "----", "---")
	for _, r := range t.rows {
		beside, ratio := "", ""
		if r.peer != "" {
			unit := r.unit
			if r.peerUnit != "" {
				unit = r.peerUnit
			}
			beside, ratio = quantity(r.limit, unit), number(r.measured/r.limit)
		}
		line(r.figure, quantity(r.measured, r.unit), r.peer, beside, ratio, r.goal(), r.met())
	}
	return out.Flush()
}

func (r row) goal() string {
	var goals []string
	for _, g := range []struct {
		sign  string
		value float64
		unit  string
	}{{"≥", r.least, r.unit}, {"≤", r.most, r.unit}, {"≥", r.leastRatio, "×"}, {"≤", r.mostRatio, "×"}} {
		if g.value != 0 {
			goals = append(goals, g.sign+" "+quantity(g.value, g.unit))
		}
	}
	return strings.Join(goals, ", ")
}

func (r row) met() string {
	ratio := r.measured / r.limit
	switch {
	case r.goal() == "":
		return ""
	case r.least != 0 && r.measured < r.least, r.most != 0 && r.measured > r.most,
		r.leastRatio != 0 && !(ratio >= r.leastRatio), r.mostRatio != 0 && !(ratio <= r.mostRatio):
		return "NO"
	}
	return "yes"
}

func quantity(v float64, unit string) string { return strings.TrimSpace(number(v) + " " + unit) }

// number has three digits that mean something.
func number(v float64) string {
	switch magnitude := math.Abs(v); {
	case magnitude >= 100:
		return fmt.Sprintf("%.0f", v)
	case magnitude >= 10:
		return fmt.Sprintf("%.1f", v)
	case magnitude >= 0.095:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
