package form

import "strconv"

// A Canvas is what was written on. All three are hundredths: of CSS pixels, and
// of the device pixel ratio.
type Canvas struct{ W, H, DPR int64 }

// Strokes are a signature as data, taken down at each pen-up. A stroke is
// [x, y, t, pressure, x, y, t, pressure, …]: x and y in hundredths of CSS
// pixels from the top left, t in ms since the first pen-down, pressure 0 to
// 1000 (0 where the device has none).
type Strokes struct {
	Canvas Canvas
	Lines  [][]int64
}

// An Outline is the same points without time and pressure: [x, y, x, y, …].
// Time and pressure say how a person's hand moves; the client sees only the
// outline.
type Outline struct {
	Canvas Canvas
	Lines  [][]int64
}

// Bounds of a signature. With the outline beside them, 1,000 points take about
// 40 KB of the 64 KiB that a record may have; a phone that caught more thins
// them evenly before sealing.
const (
	MaxStrokes    = 200
	MaxPoints     = 1000
	MaxSignMS     = 10 * 60 * 1000
	maxCanvas     = 10000_00
	maxDPR        = 10_00
	minInk        = 20_00 // two strokes or more
	minInkOneLine = 40_00 // a single one
)

const perPoint, perOutline = 4, 2

// ParseStrokes reads the record's field "strokes" and judges it: bounded,
// inside the canvas, time never running backwards, and not blank.
func ParseStrokes(v map[string]any) (Strokes, []Fault) {
	c, lines, f := parseLines(v, perPoint)
	s := Strokes{c, lines}
	if len(f) > 0 {
		return s, f
	}
	var last, ink int64
	for n, line := range lines {
		for i := 0; i < len(line); i += perPoint {
			t, pressure := line[i+2], line[i+3]
			if t < last || t > MaxSignMS || (n == 0 && i == 0 && t != 0) {
				f.add(CodeOrder, "lines", strconv.Itoa(n), strconv.Itoa(i+2))
				return s, f
			}
			if pressure < 0 || pressure > 1000 {
				f.add(CodeValue, "lines", strconv.Itoa(n), strconv.Itoa(i+3))
				return s, f
			}
			last = t
			if i > 0 {
				ink += abs(line[i]-line[i-perPoint]) + abs(line[i+1]-line[i+1-perPoint])
			}
		}
	}
	if need := int64(minInk); ink < need || (len(lines) == 1 && ink < minInkOneLine) {
		f.add(CodeBlank, "lines")
	}
	return s, f
}

// ParseOutline reads the record's field "signature_outline".
func ParseOutline(v map[string]any) (Outline, []Fault) {
	c, lines, f := parseLines(v, perOutline)
	return Outline{c, lines}, f
}

func parseLines(v map[string]any, per int) (Canvas, [][]int64, faults) {
	r := reader{m: v}
	var c Canvas
	if m, ok := member[map[string]any](&r, "canvas"); ok {
		cr := reader{m: m, at: []string{"canvas"}, f: r.f}
		c = Canvas{cr.num("w", 1, maxCanvas), cr.num("h", 1, maxCanvas), cr.num("dpr", 1, maxDPR)}
		cr.f.unknown(m, cr.at, "w", "h", "dpr")
		r.f = cr.f
	}
	list := r.list("lines")
	r.f.unknown(v, nil, "canvas", "lines")
	if len(r.f) > 0 {
		return c, nil, r.f
	}
	if len(list) > MaxStrokes {
		r.f.add(CodeTooMany, "lines")
		return c, nil, r.f
	}
	lines, points := make([][]int64, 0, len(list)), 0
	for n, e := range list {
		at := []string{"lines", strconv.Itoa(n)}
		flat, ok := e.([]any)
		if !ok || len(flat) == 0 || len(flat)%per != 0 {
			r.f.add(CodeType, at...)
			return c, nil, r.f
		}
		if points += len(flat) / per; points > MaxPoints {
			r.f.add(CodeTooMany, "lines")
			return c, nil, r.f
		}
		line := make([]int64, len(flat))
		for i, a := range flat {
			if line[i], ok = a.(int64); !ok {
				r.f.add(CodeType, under(at, strconv.Itoa(i))...)
				return c, nil, r.f
			}
			edge := []int64{c.W, c.H}
			if k := i % per; k < 2 && (line[i] < 0 || line[i] > edge[k]) {
				r.f.add(CodeValue, under(at, strconv.Itoa(i))...)
				return c, nil, r.f
			}
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		r.f.add(CodeBlank, "lines")
	}
	return c, lines, r.f
}

// Outline drops time and pressure and changes nothing else.
func (s Strokes) Outline() Outline {
	o := Outline{s.Canvas, make([][]int64, 0, len(s.Lines))}
	for _, line := range s.Lines {
		flat := make([]int64, 0, len(line)/perPoint*perOutline)
		for i := 0; i+perPoint <= len(line); i += perPoint {
			flat = append(flat, line[i], line[i+1])
		}
		o.Lines = append(o.Lines, flat)
	}
	return o
}

// OutlineMatches reports whether o is exactly the outline of s.
func OutlineMatches(s Strokes, o Outline) bool {
	want := s.Outline()
	if want.Canvas != o.Canvas || len(want.Lines) != len(o.Lines) {
		return false
	}
	for n, line := range want.Lines {
		if len(line) != len(o.Lines[n]) {
			return false
		}
		for i := range line {
			if line[i] != o.Lines[n][i] {
				return false
			}
		}
	}
	return true
}

// Value returns the strokes as the plain value that is sealed.
func (s Strokes) Value() map[string]any { return drawing(s.Canvas, s.Lines) }

// Value returns the outline as the plain value that is sealed.
func (o Outline) Value() map[string]any { return drawing(o.Canvas, o.Lines) }

func drawing(c Canvas, lines [][]int64) map[string]any {
	list := make([]any, 0, len(lines))
	for _, line := range lines {
		flat := make([]any, 0, len(line))
		for _, n := range line {
			flat = append(flat, n)
		}
		list = append(list, flat)
	}
	return map[string]any{
		"canvas": map[string]any{"w": c.W, "h": c.H, "dpr": c.DPR},
		"lines":  list,
	}
}

func abs(n int64) int64 { return max(n, -n) }
