package office_test

import (
	"strings"
	"testing"

	"tachiai/sync/record"
)

// L33, for the office: texts that no record, table or header can hold are refused in plain words, and nothing is appended for them.
func TestL33Texts(t *testing.T) {
	s := newSite(t)
	r := s.rep()
	caseID := s.theCase(r)
	visit, photo, _ := r.visit(s, caseID, 2000)
	d := s.desk(record.RoleReviewer, record.RoleAdmin)
	var before int
	s.must(s.row(`select count(*) from records`, &before))
	at := "cases/" + caseID.String()
	for name, text := range map[string]string{
		"a NUL": "a\u0000b", "100 KiB": strings.Repeat("長", 34<<10), "a noncharacter": "a\uffff", "nothing": "", "blanks": " \u3000\t",
	} {
		for path, body := range map[string]any{
			"members":                                 map[string]any{"name": text, "roles": []any{"rep"}},
			"members/" + r.id.String():                map[string]any{"name": text},
			"members/" + r.id.String() + "/code":      map[string]any{"for": "x" + text},
			"devices/" + r.Kid().String() + "/revoke": map[string]any{"reason": text},
			"cases":        map[string]any{"facts": map[string]any{"number": text, "worker_name": text, "client": text, "item": text}, "members": []any{}},
			at + "/change": map[string]any{"facts": map[string]any{"number": text}},
			at + "/void":   map[string]any{"reason": text},
			at + "/answer": map[string]any{"record": photo.Record.Hash, "flag": "late", "answer": text},
			at + "/visits/" + visit.String() + "/review":        map[string]any{"decision": "returned", "reason": text, "records": []any{}},
			at + "/disclosures":                                 map[string]any{"documents": []any{photo.Record.Hash}, "recipient": map[string]any{"name": text, "organisation": text}},
			"disclosures/" + caseID.String() + "/revoke":        map[string]any{"reason": text},
			"quarantine/" + strings.Repeat("0", 64) + "/reject": map[string]any{"reason": text},
		} {
			if got := d.post(path, body); got.status/100 != 4 || got.code() == "" {
				t.Errorf("%s at %s: %.200s", name, path, got)
			}
		}
		for _, query := range []string{"cases?q=", "cases?state=", "cases?cursor=", "inbox?cursor=", "inbox?limit="} {
			escaped := strings.NewReplacer("\u0000", "%00", "\uffff", "%EF%BF%BF", " ", "%20", "\t", "%09", "\u3000", "%E3%80%80", "長", "%E9").Replace(text)
			if got := d.get(query + escaped); got.status >= 500 {
				t.Errorf("%s at GET %s: %.200s", name, query, got)
			}
		}
	}
	var after int
	s.must(s.row(`select count(*) from records`, &after))
	if after != before {
		t.Errorf("%d records were appended", after-before)
	}
}
