package office_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
)

// row asks the database as its owner would in psql.
func (s *site) row(sql string, into ...any) error {
	conn, err := pgx.Connect(s.t.Context(), s.ownerURL)
	if err != nil {
		return err
	}
	defer conn.Close(s.t.Context())
	return conn.QueryRow(s.t.Context(), sql).Scan(into...)
}

// Who may, as the table of docs/protocol.md section 10 says it.
const (
	onlyRep  = "rep"
	reviewer = "reviewer"
	approver = "approver"
	auditor  = "auditor"
	admin    = "admin"
	all      = "reviewer approver auditor admin"
	reads    = "reviewer approver auditor"
)

// routes are all that Mount adds. A route that is not here fails the test.
var routes = []struct{ method, path, who string }{
	{"POST", "session", "nobody"}, {"GET", "session", all}, {"DELETE", "session", "anybody"},
	{"GET", "members", all}, {"POST", "members", admin}, {"POST", "members/:member", admin}, {"POST", "members/:member/code", "admin reviewer"},
	{"GET", "devices", all}, {"POST", "devices/:kid/revoke", admin},
	{"GET", "inbox", reads},
	{"GET", "cases", reads}, {"POST", "cases", reviewer}, {"GET", "cases/:case", reads},
	{"POST", "cases/:case/assign", reviewer}, {"POST", "cases/:case/change", reviewer}, {"POST", "cases/:case/void", reviewer}, {"POST", "cases/:case/answer", reviewer},
	{"GET", "cases/:case/visits/:visit", reads}, {"POST", "cases/:case/visits/:visit/review", reviewer},
	{"GET", "records/:hash", reads}, {"GET", "records/:hash/blobs/:sha256", reads}, {"GET", "records/:hash/document", reads},
	{"GET", "templates/:template/:version", reads},
	{"GET", "quarantine", reads}, {"GET", "quarantine/:sha256", reads}, {"POST", "quarantine/:sha256/release", reviewer}, {"POST", "quarantine/:sha256/reject", reviewer},
	{"POST", "cases/:case/disclosures", reviewer}, {"GET", "disclosures", reads}, {"GET", "disclosures/:disclosure", reads},
	{"GET", "disclosures/:disclosure/document", reads}, {"POST", "disclosures/approve", approver}, {"POST", "disclosures/:disclosure/link", reviewer},
	{"POST", "disclosures/:disclosure/unlock", "reviewer approver"}, {"POST", "disclosures/:disclosure/revoke", "reviewer approver"},
}

// L27: every route, with every role and with none. Who may not is told so before anything is looked up; who may gets past that.
func TestL27EveryRouteAndRole(t *testing.T) {
	s := newSite(t)
	r := s.rep()
	caseID := s.theCase(r)
	visit, photo, _ := r.visit(s, caseID, 2000)
	real := map[string]string{
		":member": r.id.String(), ":kid": r.Kid().String(), ":case": caseID.String(), ":visit": visit.String(), ":hash": photo.Record.Hash.String(),
		":sha256": photo.Record.BlobFields()[0].SHA256, ":disclosure": caseID.String(),
	}
	desks := map[string]*desk{
		"": {s: s}, onlyRep: {s: s}, reviewer: s.desk(record.RoleReviewer), approver: s.desk(record.RoleApprover), auditor: s.desk(record.RoleAuditor), admin: s.desk(record.RoleAdmin),
	}
	// A rep has no session. One who was of the office and is no more still has a cookie.
	desks[onlyRep] = s.desk(record.RoleReviewer)
	s.member(desks[onlyRep].member, "異動 者", record.RoleRep)

	listed := map[string]bool{}
	for _, route := range routes {
		listed[route.method+" "+api+route.path] = true
		path := route.path
		for name, value := range real {
			path = strings.ReplaceAll(path, name, value)
		}
		for role, d := range desks {
			if route.path == "session" && route.method != "GET" {
				continue // TestSessionOutOfACode
			}
			var body any
			if route.method == "POST" {
				body = map[string]any{"unknown_member": 1} // nothing is changed: who may gets 400 for it
			}
			got := d.do(route.method, path, body)
			switch {
			case d.cookie == "" || role == onlyRep:
				if got.status != 401 || got.code() != "session_required" {
					t.Errorf("%s %s by %q: %s", route.method, route.path, role, got)
				}
			case !strings.Contains(route.who, role):
				if got.status != 403 || got.code() != "forbidden" {
					t.Errorf("%s %s by %q: %s", route.method, route.path, role, got)
				}
			case got.status == 401 || got.status == 403 || got.status == 405 || got.status >= 500:
				t.Errorf("%s %s by %q: %s", route.method, route.path, role, got)
			case route.method == "POST" && got.status/100 == 2:
				t.Errorf("%s %s by %q took a member that it does not know: %s", route.method, route.path, role, got)
			}
		}
	}
	for _, route := range s.handler.Routes() {
		if key := route.Method + " " + route.Path; strings.HasPrefix(route.Path, api[:len(api)-1]+"/") && !listed[key] && !strings.Contains(route.Path, "*") && route.Method != "echo_route_not_found" {
			t.Errorf("%s stands in no table of who may", key)
		}
	}
}

// Guessed ids: what is not there is not found, and nothing tells one guess from another.
func TestL27GuessedIDs(t *testing.T) {
	s := newSite(t)
	r := s.rep()
	caseID := s.theCase(r)
	visit, photo, _ := r.visit(s, caseID, 2000)
	other := s.theCase(r)
	_, otherPhoto, _ := r.visit(s, other, 2000)
	d := s.desk(record.RoleReviewer, record.RoleAdmin)
	hash, sum := photo.Record.Hash.String(), photo.Record.BlobFields()[0].SHA256
	for _, path := range []string{
		"cases/" + visit.String(), "cases/" + caseID.String() + "/visits/" + caseID.String(), "cases/" + other.String() + "/visits/" + visit.String(),
		"cases/x", "cases/00000000-0000-0000-0000-000000000000", "cases/" + strings.ToUpper(caseID.String()),
		"records/" + strings.Repeat("A", 43), "records/" + hash + "A", "records/" + sum, "records/..%2f..%2fkeys",
		"records/" + otherPhoto.Record.Hash.String() + "/blobs/" + sum, // another case's
		"records/" + hash + "/blobs/" + strings.Repeat("0", 64), "records/" + hash + "/blobs/" + strings.ToUpper(sum), "records/" + hash + "/blobs/x",
		"quarantine/" + sum, "quarantine/x", "nothing", "cases/" + caseID.String() + "/visits",
	} {
		if got := d.get(path); got.status != http.StatusNotFound {
			t.Errorf("GET %s: %s", path, got)
		}
	}
	for path, body := range map[string]any{
		"members/" + caseID.String() + "/code":                              nil,
		"members/" + caseID.String():                                        map[string]any{"name": "x"},
		"devices/" + strings.Repeat("A", 43) + "/revoke":                    map[string]any{"reason": "x"},
		"cases/" + visit.String() + "/assign":                               map[string]any{"members": []any{r.id}},
		"cases/" + visit.String() + "/change":                               map[string]any{"facts": map[string]any{"title": "x"}},
		"cases/" + visit.String() + "/void":                                 map[string]any{"reason": "x"},
		"cases/" + caseID.String() + "/void":                                map[string]any{"reason": "x", "merged_into": visit},
		"cases/" + other.String() + "/answer":                               map[string]any{"record": hash, "flag": "late", "answer": "x"},
		"cases/" + caseID.String() + "/answer":                              map[string]any{"record": hash, "flag": "late", "answer": "x"},
		"cases/" + other.String() + "/visits/" + visit.String() + "/review": map[string]any{"decision": "held", "reason": "x", "records": []any{}},
		"quarantine/" + sum + "/release":                                    nil,
		"quarantine/" + sum + "/reject":                                     map[string]any{"reason": "x"},
	} {
		if got := d.post(path, body); got.status != http.StatusNotFound {
			t.Errorf("POST %s: %s", path, got)
		}
	}
	var n int
	s.must(s.row(fmt.Sprintf(`select count(*) from records where case_id = '%s' and kind like 'review%%'`, visit), &n))
	if n != 0 {
		t.Error("a review of nothing was appended")
	}
}
