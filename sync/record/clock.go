package record

import (
	"time"

	"tachiai/sync/ijson"
)

// A Clock is what the phone knew about its clock: the server's time minus its
// own, and how long ago that was measured, both in ms.
type Clock struct{ OffsetMS, AgeMS int64 }

func (c *Clock) tree() any {
	if c == nil {
		return nil
	}
	return ijson.Members{ijson.M("offset_ms", c.OffsetMS), ijson.M("age_ms", c.AgeMS)}
}

// Tolerances of section 2.
const (
	ClockTolerance = 5 * time.Minute
	LateAfter      = 24 * time.Hour
)

// Corrected is At by the server's clock as far as the phone knew it, in ms:
// At plus the measured offset, or At when none was measured.
func (s *Structure) Corrected() int64 {
	if s.Clock == nil {
		return s.At
	}
	return s.At + s.Clock.OffsetMS
}

// SkewMS is the corrected device time minus the server's at receipt, in ms,
// held within ±(2^53−1) whatever the phone wrote.
func (s *Structure) SkewMS(received time.Time) int64 {
	return min(max(s.Corrected()-received.UnixMilli(), -ijson.MaxInt), ijson.MaxInt)
}

// ClockFlags judges the clock of a phone's record: FlagClock when the corrected
// time is more than 5 minutes ahead of the server's, when wall or page time ran
// backwards since prev within one page load, or when the measured offset moved
// by more than 5 minutes since prev; FlagLate when it was received more than
// 24 h after its corrected time. prev is the record before it in its journal,
// or the zero Structure.
func ClockFlags(prev, cur Structure, received time.Time) []Flag {
	var flags []Flag
	tolerance := ClockTolerance.Milliseconds()
	ahead := cur.Corrected()-received.UnixMilli() > tolerance
	sameBoot := prev.Boot != "" && prev.Boot == cur.Boot
	back := sameBoot && (cur.At < prev.At || cur.Mono < prev.Mono)
	jumped := prev.Clock != nil && cur.Clock != nil && distance(prev.Clock.OffsetMS, cur.Clock.OffsetMS) > tolerance
	if ahead || back || jumped {
		flags = append(flags, FlagClock)
	}
	if received.UnixMilli()-cur.Corrected() > LateAfter.Milliseconds() {
		flags = append(flags, FlagLate)
	}
	return flags
}

func distance(a, b int64) int64 { return max(a-b, b-a) }
