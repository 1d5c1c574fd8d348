package record

// A Label is what people read in place of a code.
type Label struct{ JA, EN string }

// In returns the label in the language "en", and in Japanese for any other.
func (l Label) In(lang string) string {
	if lang == "en" {
		return l.EN
	}
	return l.JA
}

// A Code is one value of a closed list, with its label.
type Code struct {
	Code string
	Label
}

// Label returns the label of code in list, and the code itself for both
// languages when it is not in there.
func labelOf(list []Code, code string) Label {
	for _, c := range list {
		if c.Code == code {
			return c.Label
		}
	}
	return Label{code, code}
}

// Role is what a member may do; a member may hold several.
type Role string

const (
	RoleRep      Role = "rep"
	RoleReviewer Role = "reviewer"
	RoleApprover Role = "approver"
	RoleAuditor  Role = "auditor"
	RoleAdmin    Role = "admin"
)

// Roles lists every Role.
var Roles = []Code{
	{"rep", Label{"営業担当", "rep"}},
	{"reviewer", Label{"内勤・審査", "reviewer"}},
	{"approver", Label{"承認者", "approver"}},
	{"auditor", Label{"監査者", "auditor"}},
	{"admin", Label{"管理者", "admin"}},
}

// State is where a case stands.
type State string

const (
	StateReceived     State = "received"
	StateContacting   State = "contacting"
	StateVisiting     State = "visiting"
	StateRecovered    State = "recovered"
	StateStated       State = "stated"
	StateRefused      State = "refused"
	StateDisputed     State = "disputed"
	StateReview       State = "review"
	StateDisclosed    State = "disclosed"
	StateAcknowledged State = "acknowledged"
	StateClosed       State = "closed"
	StateWelfare      State = "welfare"
)

// States lists every State in the order of a case's life; welfare is a branch
// of its own.
var States = []Code{
	{"received", Label{"受付", "received"}},
	{"contacting", Label{"連絡中", "contacting"}},
	{"visiting", Label{"訪問中", "visiting"}},
	{"recovered", Label{"回収済", "recovered"}},
	{"stated", Label{"申告取得", "statement obtained"}},
	{"refused", Label{"拒否", "refused"}},
	{"disputed", Label{"係争", "disputed"}},
	{"review", Label{"審査", "in review"}},
	{"disclosed", Label{"提供", "disclosed"}},
	{"acknowledged", Label{"受領確認", "receipt acknowledged"}},
	{"closed", Label{"完了", "closed"}},
	{"welfare", Label{"安否確認", "welfare check"}},
}

// Label returns what people read.
func (s State) Label() Label { return labelOf(States, string(s)) }
