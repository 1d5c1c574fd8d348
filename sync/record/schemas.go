package record

import "tachiai/sync/ijson"

// Lengths of texts, in characters.
const (
	line = 200  // a name, a number, a label
	para = 4000 // a note
	long = 20000
)

// Shapes that several kinds share.
var (
	geo = object(
		must("lat", number(-900000000, 900000000)), // 1e-7 degree
		must("lng", number(-1800000000, 1800000000)),
		must("accuracy_m", number(0, 1000000)),
		must("age_ms", number(0, ijson.MaxInt)),
	)
	point = object(
		must("lat", number(-900000000, 900000000)),
		must("lng", number(-1800000000, 1800000000)),
	)
	placeMatch = object(
		must("verdict", codes("match", "no_match", "undetermined")),
		must("distance_band", codes("le_50", "le_100", "le_500", "le_2000", "gt_2000", "unknown")), // metres
		must("accuracy_m", orNull(number(0, 1000000))),
	)
	place      = codes("doorstep", "common_area", "restaurant", "office", "other")
	companions = array(0, 20, object(must("name", text(line)), may("affiliation", text(line))))
	template   = object(must("id", text(line)), must("version", number(1, 9999)), may("sha256", plain(ShapeSHA256)))
	hashes     = array(0, 2000, plain(ShapeHash))
	id         = plain(ShapeID)
	moment     = plain(ShapeTime)
	yesNo      = plain(ShapeBool)
	open       = Shape{Type: ShapeObject}
)

// where is what an act that happens at a place may say of it: one fix, or why
// there is none.
var where = []Slot{
	may("geo", geo),
	may("geo_missing", codes("denied", "timeout", "unavailable", "stale", "off")),
	may("place_match", placeMatch),
}

// shown is how a paper was presented (package form judges the presentation),
// how it was signed, and who was there.
var shown = []Slot{
	may("presentation", open),
	may("text_sha256", plain(ShapeSHA256)),        // of the text; apart from the presentation, so that it can be withheld
	may("client_text_sha256", plain(ShapeSHA256)), // of what a client edition shows of it: nothing withheld passes for not filled in
	may("strokes", open),
	may("signature_outline", open),
	may("paper_kept", text(line)),
	may("copy_sha256", plain(ShapeSHA256)),      // of the random secret in the signer's QR code
	may("copy_code_sha256", plain(ShapeSHA256)), // of the code that he chose
	may("witness", object(must("name", text(line)), may("affiliation", text(line)))),
	may("companions", companions),
	may("note", text(para)),
}

// hashed: what was presented was a certain text.
var hashed = Rule{"presentation", "", "", []string{"text_sha256", "client_text_sha256"}}

// signing: on the screen the hand is data; on paper it is known where the
// paper is.
var signing = []Rule{
	{"presentation", "method", "H", []string{"strokes", "signature_outline"}},
	{"presentation", "method", "P", []string{"paper_kept"}},
}

// lent is what the office knows of a case; case.changed changes any of it.
var lent = []Slot{
	may("number", text(line)),
	may("title", text(line)),
	may("worker_name", text(line)),
	may("worker_kana", text(line)),
	may("worker_phone", text(line)),
	may("worker_mail", text(line)),
	may("worker_staff_no", text(line)),
	may("worker_language", text(35)), // BCP 47
	may("client", text(line)),
	may("client_contact", text(line)),
	may("assignment", text(line)),
	may("contract_end", plain(ShapeDate)),
	may("item", text(line)),
	may("item_kind", text(line)),
	may("item_number", text(line)),
	may("item_printed_no", text(line)),
	may("item_count", number(1, 999)),
	may("item_lent_on", plain(ShapeDate)),
	may("item_accessories", text(line)),
	may("item_state", codes("on_loan", "returned", "lost_claimed", "discarded_claimed", "unknown")),
	may("deactivation_asked_at", moment),
	may("deactivation_confirmed_at", moment),
	may("due_on", plain(ShapeDate)),
	may("address", text(500)),
	may("address_point", point), // typed by the office; nothing geocodes
	may("practice", yesNo),
	may("note", text(para)),
}

// needs returns slots with the named ones made required.
func needs(slots []Slot, names ...string) []Slot {
	list := append([]Slot(nil), slots...)
	for _, name := range names {
		find(list, name).Required = true
	}
	return list
}

func and(slots []Slot, more ...Slot) []Slot { return append(append([]Slot(nil), slots...), more...) }

// photoRoles is the whitelist of what may be photographed.
var photoRoles = []string{
	"badge_front", "badge_back", "badge_pieces", "paper_page_n", "absence_note", "exterior", "police_slip", "other", "preview",
}

// explained: a photo of something else says of what.
var explained = []Rule{{"blobs", "role", "other", []string{"note"}}}

// schemas is the table: every kind there is.
var schemas = map[Kind]Schema{
	KindContactLogged: {Phone: true, Fields: []Slot{
		must("channel", codesOf(Channels)), must("result", codesOf(ContactResults)),
		may("to", text(line)), may("tracking_no", text(line)), may("occurred_at", moment), may("note", text(para)),
	}, Roles: []string{"screenshot", "postal_slip", "letter", "preview"}},
	KindVisitStarted: {Phone: true, Visit: true, Fields: and(where,
		must("place", place), may("place_name", text(line)), may("agreed_hours", text(para)), may("planned_end", moment),
		may("companions", companions), may("note", text(para)),
	)},
	KindPlaceChanged: {Phone: true, Visit: true, Fields: and(where,
		must("place", place), may("place_name", text(line)), may("planned_end", moment), may("note", text(para)),
	)},
	KindIdentityChecked: {Phone: true, Visit: true, Fields: []Slot{
		must("method", codes("known_by_sight", "staff_card_shown", "licence_shown", "other")),
		may("companions", companions), may("note", text(para)),
	}, Rules: []Rule{{"method", "", "other", []string{"note"}}}},
	KindPhotoCaptured: {Phone: true, Fields: []Slot{
		must("source", codes("camera", "live", "library")), may("taken_at", moment), may("note", text(para)),
	}, Roles: photoRoles, Blobs: 1, Rules: explained},
	KindPhotoRedacted: {Phone: true, Office: true, Case: true, Fields: []Slot{
		must("record", plain(ShapeHash)), must("original", text(64)), may("reason", text(para)),
	}, Roles: []string{"redacted"}, Blobs: 1},
	KindNoteWritten: {Phone: true, Fields: []Slot{must("note", text(long))}},
	KindHearingReadBack: {Phone: true, Visit: true, Fields: []Slot{
		must("text", text(long)), must("confirmed", yesNo), may("reservations", text(para)), may("language", text(35)),
		may("companions", companions), may("note", text(para)),
	}},
	KindPolicyExplained: {Phone: true, Fields: []Slot{must("rule", text(line)), must("explanation", text(para))}},
	KindDeclarationSigned: {Phone: true, Visit: true, Form: true, Fields: needs(and(where, shown...), "presentation", "text_sha256", "client_text_sha256"),
		Roles: []string{"paper_page_n", "preview"}, Rules: signing},
	KindDeclarationDeclined: {Phone: true, Visit: true, Form: true,
		Fields: and(and(where, shown...), must("reason", text(para)), may("template", template)), Rules: []Rule{hashed}},
	KindItemReceived: {Phone: true, Form: true, Fields: and(and(where, shown...),
		must("item", text(line)), must("condition", codes("good", "damaged", "pieces")),
		may("item_number", text(line)), may("how", codes("hand", "post", "letterbox")), may("tracking_no", text(line)),
		may("returned_by", text(line)), may("proxy", object(must("name", text(line)), must("relation", text(line)), may("checked", text(line)))),
		may("missing", text(para)), may("bag_no", text(line)), may("kept_where", text(line)), may("kept_by", text(line)),
	), Roles: []string{"badge_front", "badge_back", "badge_pieces", "paper_page_n", "other", "preview"}, Rules: append([]Rule{hashed}, signing...)},
	KindFileAttached: {Phone: true, Office: true, Case: true, Fields: []Slot{
		must("title", text(line)), may("source", codes("mail", "post", "police", "worker", "client", "other")),
		may("received_at", moment), may("note", text(para)),
	}, Roles: []string{"letter", "mail", "original_n", "police_slip", "document", "other", "preview"}, Blobs: 1},
	KindVisitEnded: {Phone: true, Visit: true, Fields: and(where,
		must("outcome", codesOf(Outcomes)), must("records", hashes), may("next", text(para)), may("note", text(para)),
	)},
	KindRecordAmended: {Phone: true, Amends: true, Form: true, Any: 1, Fields: []Slot{
		may("note", text(long)), may("reason", text(para)), may("text", text(long)),
		may("channel", codesOf(Channels)), may("result", codesOf(ContactResults)), may("occurred_at", moment), may("tracking_no", text(line)),
		may("place", place), may("place_name", text(line)), may("outcome", codesOf(Outcomes)), may("item", text(line)),
		may("condition", codes("good", "damaged", "pieces")), may("companions", companions),
	}},

	KindCaseOpened:   {Office: true, Case: true, Fields: needs(lent, "number", "worker_name", "client", "item")},
	KindCaseAssigned: {Office: true, Case: true, Fields: []Slot{must("members", array(0, 20, id)), may("reason", text(para))}}, // in place of all before
	KindCaseChanged: {Office: true, Case: true, Any: 1,
		Fields: and(lent, may("to", codesOf(States)), may("reason", text(para)))},
	KindCaseVoided: {Office: true, Case: true, Fields: []Slot{must("reason", text(para)), may("merged_into", id)}},
	KindReviewDecided: {Office: true, Case: true, Fields: []Slot{
		must("decision", codes("approved", "returned", "held")), may("reason", text(para)), may("records", hashes),
	}, Rules: []Rule{{"decision", "", "returned", []string{"reason"}}, {"decision", "", "held", []string{"reason"}}}},
	KindFlagAnswered: {Office: true, Case: true, Fields: []Slot{
		must("record", plain(ShapeHash)), must("flag", text(64)), must("answer", text(para)),
	}},
	KindReportIssued: {Office: true, Case: true, Form: true, Fields: []Slot{
		must("report", codes("first_notice", "interim_report", "final_report")), must("number", text(line)), must("records", hashes),
		may("template", template), may("note", text(para)),
	}, Roles: []string{"document", "preview"}},
	KindDisclosurePrepared: {Office: true, Case: true, Fields: []Slot{
		must("disclosure", id), must("documents", array(1, 100, plain(ShapeHash))),
		must("recipient", object(must("name", text(line)), must("organisation", text(line)), may("department", text(line)), may("mail", text(line)))),
		may("photos", array(0, 64, object(must("record", plain(ShapeHash)), must("id", text(64))))), // derivatives, by record and blob
		may("purpose", text(para)), may("expires_at", moment), may("sessions", number(1, 1000)), may("note", text(para)),
	}, Roles: []string{"document"}},
	KindDisclosureApproved: {Office: true, Case: true, Fields: []Slot{
		must("disclosures", array(1, 20, id)), must("decision", codes("approved", "refused")), may("reason", text(para)),
	}, Rules: []Rule{{"decision", "", "refused", []string{"reason"}}}},
	KindDisclosureOpened:     {Office: true, Case: true, Fields: []Slot{must("disclosure", id), must("session", text(64))}},
	KindDisclosureDownloaded: {Office: true, Case: true, Fields: []Slot{must("disclosure", id), must("session", text(64)), must("sha256", plain(ShapeSHA256))}},
	KindDisclosureAcknowledged: {Office: true, Case: true, Fields: []Slot{
		must("disclosure", id), may("session", text(64)), may("name", text(line)), may("department", text(line)), may("note", text(para)),
	}},
	KindDisclosureAsked:   {Office: true, Case: true, Fields: []Slot{must("disclosure", id), may("session", text(64)), must("question", text(para))}},
	KindDisclosureRevoked: {Office: true, Case: true, Fields: []Slot{must("disclosure", id), must("reason", text(para))}},
	KindConsentWithdrawn: {Office: true, Case: true, Fields: []Slot{
		must("scope", array(1, 10, codes("disclosure", "geo", "photos", "all"))), may("reason", text(para)), may("channel", codesOf(Channels)),
	}},
	KindObjectionMade: {Office: true, Case: true, Fields: []Slot{must("text", text(long)), may("channel", codesOf(Channels))}},

	KindDeviceEnrolled: {Office: true, Fields: []Slot{
		must("kid", plain(ShapeKey)), must("member", id), must("jwk", open), must("label", text(line)), may("authorised_by", plain(ShapeKey)),
	}},
	KindDeviceRevoked: {Office: true, Fields: []Slot{must("kid", plain(ShapeKey)), must("reason", text(para))}},
	KindMemberChanged: {Office: true, Fields: []Slot{
		must("member", id), must("name", text(line)), must("roles", array(0, 5, codesOf(Roles))), must("active", yesNo),
		may("kana", text(line)), may("affiliation", text(line)), may("phone", text(line)), may("deputy", id),
	}},
	KindTemplatePublished: {Office: true, Fields: []Slot{must("template", text(line)), must("version", number(1, 9999)), must("body", open)}},
	KindPolicyPublished:   {Office: true, Fields: []Slot{must("version", text(64)), must("body", open)}},
	KindErasureRequested: {Office: true, Fields: []Slot{
		must("erasure", id), must("records", array(1, 2000, plain(ShapeHash))), must("reason", text(para)), may("fields", array(1, 256, text(128))),
	}},
	KindErasureDone: {Office: true, Fields: []Slot{
		must("erasure", id), may("digests", array(0, 2000, plain(ShapeHash))), may("blob_digests", array(0, 2000, plain(ShapeSHA256))),
	}},
	KindClockAnchored: {Office: true, Fields: []Slot{
		must("size", number(0, ijson.MaxInt)), must("root", plain(ShapeHash)), must("authority", text(line)), must("token", text(long)),
	}},
	KindQuarantineReleased: {Office: true, Fields: []Slot{must("sha256", plain(ShapeSHA256)), must("hash", plain(ShapeHash)), may("reason", text(para))}},
	KindQuarantineRejected: {Office: true, Fields: []Slot{must("sha256", plain(ShapeSHA256)), must("reason", text(para))}},
	KindOriginOpened: {Office: true, Fields: []Slot{
		must("old", text(255)), must("new", text(255)), must("size", number(0, ijson.MaxInt)), must("root", plain(ShapeHash)), may("reason", text(para)),
	}},
}
