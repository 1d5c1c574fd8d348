package record

// A Flag says what is odd about an accepted record. It never takes the record
// away: evidence is flagged, not refused (docs/protocol.md, section 2).
type Flag string

const (
	FlagGap                Flag = "gap"             // an earlier seq was missing when it arrived
	FlagFork               Flag = "fork"            // another record has this key and seq
	FlagChain              Flag = "chain"           // prev is not the held record at seq−1
	FlagClock              Flag = "clock"           // the device's clock ran ahead, back or jumped
	FlagLate               Flag = "late"            // received more than 24 h after it was made
	FlagRevokedKey         Flag = "revoked_key"     // the key was revoked before
	FlagActor              Flag = "actor"           // the actor is not the key's member
	FlagReassigned         Flag = "reassigned"      // the case is not assigned to the actor
	FlagUnknownCase        Flag = "unknown_case"    // no such case
	FlagCaseClosed         Flag = "case_closed"     // the case was closed or voided
	FlagIDReuse            Flag = "id_reuse"        // another record has this id
	FlagUnknownVersion     Flag = "unknown_version" // v is not 1
	FlagUnknownKind        Flag = "unknown_kind"    // no such kind, or not one of this side's
	FlagSchema             Flag = "schema"          // fails its kind's schema
	FlagUnknownTemplate    Flag = "unknown_template"
	FlagPolicy             Flag = "policy"      // against the conduct policy
	FlagStrayField         Flag = "stray_field" // fields came along that it does not name
	FlagQuarantineReleased Flag = "quarantine_released"
)
