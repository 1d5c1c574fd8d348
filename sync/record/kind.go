package record

// Kind says what sort of fact a record states.
type Kind string

// Kinds that a phone seals.
const (
	KindContactLogged       Kind = "contact.logged"
	KindVisitStarted        Kind = "visit.started"
	KindPlaceChanged        Kind = "place.changed"
	KindIdentityChecked     Kind = "identity.checked"
	KindPhotoCaptured       Kind = "photo.captured"
	KindPhotoRedacted       Kind = "photo.redacted" // by the office too
	KindNoteWritten         Kind = "note.written"
	KindHearingReadBack     Kind = "hearing.read_back"
	KindPolicyExplained     Kind = "policy.explained"
	KindDeclarationSigned   Kind = "declaration.signed"
	KindDeclarationDeclined Kind = "declaration.declined"
	KindItemReceived        Kind = "item.received"
	KindFileAttached        Kind = "file.attached" // by the office too
	KindVisitEnded          Kind = "visit.ended"
	KindRecordAmended       Kind = "record.amended"
)

// Kinds that the office seals.
const (
	KindCaseOpened             Kind = "case.opened"
	KindCaseAssigned           Kind = "case.assigned"
	KindCaseChanged            Kind = "case.changed"
	KindCaseVoided             Kind = "case.voided"
	KindReviewDecided          Kind = "review.decided"
	KindFlagAnswered           Kind = "flag.answered"
	KindReportIssued           Kind = "report.issued"
	KindDisclosurePrepared     Kind = "disclosure.prepared"
	KindDisclosureApproved     Kind = "disclosure.approved"
	KindDisclosureOpened       Kind = "disclosure.opened"
	KindDisclosureDownloaded   Kind = "disclosure.downloaded"
	KindDisclosureAcknowledged Kind = "disclosure.acknowledged"
	KindDisclosureAsked        Kind = "disclosure.asked"
	KindDisclosureRevoked      Kind = "disclosure.revoked"
	KindConsentWithdrawn       Kind = "consent.withdrawn"
	KindObjectionMade          Kind = "objection.made"
	KindDeviceEnrolled         Kind = "device.enrolled"
	KindDeviceRevoked          Kind = "device.revoked"
	KindMemberChanged          Kind = "member.changed"
	KindTemplatePublished      Kind = "template.published"
	KindPolicyPublished        Kind = "policy.published"
	KindErasureRequested       Kind = "erasure.requested"
	KindErasureDone            Kind = "erasure.done"
	KindClockAnchored          Kind = "clock.anchored"
	KindQuarantineReleased     Kind = "quarantine.released"
	KindQuarantineRejected     Kind = "quarantine.rejected"
	KindOriginOpened           Kind = "origin.opened"
)

// Phone reports whether a phone may seal the kind.
func (k Kind) Phone() bool { s, ok := schemas[k]; return ok && s.Phone }

// Office reports whether the office may seal the kind.
func (k Kind) Office() bool { s, ok := schemas[k]; return ok && s.Office }

// Known reports whether the kind is one of this version's.
func (k Kind) Known() bool { _, ok := schemas[k]; return ok }

// maxKind is the longest kind that is read, known or not.
const maxKind = 64

// formed reports whether k could be a kind of some version: words of
// [a-z0-9_] with dots between them, at most 64 characters.
func (k Kind) formed() bool {
	if len(k) > maxKind {
		return false
	}
	word := 0
	for i := range len(k) {
		switch {
		case isSnake(k[i]):
			word++
		case k[i] == '.' && word > 0:
			word = 0
		default:
			return false
		}
	}
	return word > 0
}
