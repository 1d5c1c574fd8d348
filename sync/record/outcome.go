package record

// Outcome is how a visit ended (訪問結果).
type Outcome string

const (
	OutcomeReturned         Outcome = "returned"
	OutcomeDiscardedClaimed Outcome = "discarded_claimed"
	OutcomeLostClaimed      Outcome = "lost_claimed"
	OutcomeMetOnly          Outcome = "met_only"
	OutcomeAbsent           Outcome = "absent"
	OutcomeRefused          Outcome = "refused"
	OutcomeAskedToLeave     Outcome = "asked_to_leave"
	OutcomeMoved            Outcome = "moved"
	OutcomeDisputed         Outcome = "disputed"
	OutcomeUnsafeUnknown    Outcome = "unsafe_unknown"
)

// Outcomes lists every Outcome.
var Outcomes = []Code{
	{"returned", Label{"返却", "returned"}},
	{"discarded_claimed", Label{"廃棄申告", "said to be discarded"}},
	{"lost_claimed", Label{"紛失申告", "said to be lost"}},
	{"met_only", Label{"面会のみ", "met only"}},
	{"absent", Label{"不在", "absent"}},
	{"refused", Label{"応答拒否", "would not respond"}},
	{"asked_to_leave", Label{"退去要求", "asked to leave"}},
	{"moved", Label{"転居", "moved away"}},
	{"disputed", Label{"係争主張", "disputed"}},
	{"unsafe_unknown", Label{"安否不明", "welfare unknown"}},
}

// Label returns what people read.
func (o Outcome) Label() Label { return labelOf(Outcomes, string(o)) }

// State is where a visit that ended so takes its case: back to contacting for
// every outcome that settles nothing.
func (o Outcome) State() State {
	switch o {
	case OutcomeReturned:
		return StateRecovered
	case OutcomeDiscardedClaimed, OutcomeLostClaimed:
		return StateStated
	case OutcomeRefused, OutcomeAskedToLeave:
		return StateRefused
	case OutcomeDisputed:
		return StateDisputed
	case OutcomeUnsafeUnknown:
		return StateWelfare
	}
	return StateContacting
}
