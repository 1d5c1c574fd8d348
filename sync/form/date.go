package form

import (
	"fmt"
	"strconv"
)

// Dates are what a person says: the calendar and the clock of Japan (UTC+9, no
// summer time), without seconds and without a zone. The instant at which
// something was done is the record's own `at`.

// A moment is a date, with a time of day when timed.
type moment struct {
	year, month, day, hour, minute int
	timed                          bool
}

// parseMoment reads "2006-01-02" or "2006-01-02T15:04", years 1900 to 2199.
// Nothing else is taken, and the day must exist.
func parseMoment(s string) (m moment, ok bool) {
	const date, full = "dddd-dd-dd", "dddd-dd-ddTdd:dd"
	shape := date
	if len(s) == len(full) {
		shape = full
	}
	if len(s) != len(shape) {
		return m, false
	}
	for i := range len(s) {
		if digit := s[i] >= '0' && s[i] <= '9'; shape[i] == 'd' != digit || (!digit && s[i] != shape[i]) {
			return m, false
		}
	}
	num := func(from, to int) int { n, _ := strconv.Atoi(s[from:to]); return n }
	m = moment{year: num(0, 4), month: num(5, 7), day: num(8, 10)}
	if shape == full {
		m.timed, m.hour, m.minute = true, num(11, 13), num(14, 16)
	}
	ok = m.year >= 1900 && m.year <= 2199 && m.month >= 1 && m.month <= 12 &&
		m.day >= 1 && m.day <= daysIn(m.year, m.month) && m.hour <= 23 && m.minute <= 59
	return m, ok
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// eras are the Japanese eras that a paper may name, newest first, by the first
// day of each as yyyymmdd.
var eras = []struct {
	from  int
	name  string
	first int
}{
	{20190501, "令和", 2019},
	{19890108, "平成", 1989},
	{19261225, "昭和", 1926},
}

func (m moment) era() string {
	day := m.year*10000 + m.month*100 + m.day
	for _, e := range eras {
		if day < e.from {
			continue
		}
		if m.year == e.first {
			return "(" + e.name + "元年)"
		}
		return fmt.Sprintf("(%s%d年)", e.name, m.year-e.first+1)
	}
	return ""
}

var months = [...]string{"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"}

// in writes the moment as the paper shows it.
func (m moment) in(lang string) string {
	if lang == EN {
		s := fmt.Sprintf("%d %s %d", m.day, months[m.month-1], m.year)
		if m.timed {
			s += fmt.Sprintf(", %02d:%02d", m.hour, m.minute)
		}
		return s
	}
	s := fmt.Sprintf("%d年%s%d月%d日", m.year, m.era(), m.month, m.day)
	if m.timed {
		s += fmt.Sprintf(" %d時%02d分", m.hour, m.minute)
	}
	return s
}
