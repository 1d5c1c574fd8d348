package office_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/form"
	"tachiai/sync/history"
	"tachiai/sync/record"
)

type casePage struct {
	Cases  []postgres.CaseRow
	Cursor string
}

func (d *desk) cases(query string) casePage {
	d.s.t.Helper()
	return read[casePage](d.s.t, d.get("cases?"+query))
}

func numbers(page casePage) string {
	var all []string
	for _, c := range page.Cases {
		all = append(all, c.Number)
	}
	return strings.Join(all, " ")
}

func TestCaseFromOpenToVoid(t *testing.T) {
	s := newSite(t)
	d, r := s.desk(record.RoleReviewer), s.rep()
	id := read[struct{ ID record.ID }](t, d.post("cases", map[string]any{"facts": facts("1"), "members": []any{}})).ID
	type file struct {
		Case        *history.Case
		Disclosures []*history.Disclosure
	}
	if got := read[file](t, d.get("cases/"+id.String())); got.Case.ID != id || got.Case.Opened.Actor != d.member || got.Disclosures == nil {
		t.Errorf("%+v", got)
	}
	path := "cases/" + id.String()
	if got := d.post(path+"/assign", map[string]any{"members": []any{r.id}, "reason": "担当者の交代"}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.post(path+"/change", map[string]any{"facts": map[string]any{"due_on": "2026-12-01", "to": "review", "reason": "書類待ち"}}); got.status != 204 {
		t.Errorf("%s", got)
	}
	row := d.cases("").Cases[0]
	if row.State != record.StateReview || row.DueOn != "2026-12-01" || len(row.Assignees) != 1 || row.WorkerName != "𠮷田 辻󠄀子" || !row.Known {
		t.Errorf("%+v", row)
	}
	changes, _, err := r.FeedAll(t.Context(), beginning)
	s.must(err)
	if !slices.ContainsFunc(changes, func(c change) bool { return c.Type == "case" && c.ID == id.String() && c.Op == "put" }) {
		t.Error("the phone does not hear of its case")
	}
	for _, c := range []struct{ name, path, body, pointer string }{
		{"no number", "cases", `{"facts":{"worker_name":"a","client":"b","item":"c"},"members":[]}`, "/facts/number"},
		{"unknown fact", "cases", `{"facts":{"number":"1","worker_name":"a","client":"b","item":"c","ssn":"x"},"members":[]}`, "/facts/ssn"},
		{"a wrong date", path + "/change", `{"facts":{"due_on":"tomorrow"}}`, "/facts/due_on"},
		{"U+0000", path + "/change", `{"facts":{"title":"a\u0000b"}}`, "/facts/title"},
		{"practice becomes real", path + "/change", `{"facts":{"practice":false}}`, "/facts/practice"},
		{"nothing", path + "/change", `{"facts":{}}`, ""},
		{"an unknown state", path + "/change", `{"facts":{"to":"heaven"}}`, "/facts/to"},
		{"a member who is no rep", path + "/assign", `{"members":["` + d.member.String() + `"]}`, "/members/0"},
		{"a member who is none", path + "/assign", `{"members":["` + id.String() + `"]}`, "/members/0"},
		{"no id", path + "/assign", `{"members":["x"]}`, "/members/0"},
		{"not a list", path + "/assign", `{"members":"x"}`, "/members"},
		{"no reason", path + "/void", `{"reason":" "}`, "/reason"},
		{"into itself", path + "/void", `{"reason":"x","merged_into":"` + id.String() + `"}`, "/merged_into"},
		{"facts twice", "cases", `{"facts":{},"facts":{}}`, ""},
		{"not JSON", "cases", `{`, ""},
		{"an array", "cases", `[]`, ""},
		{"a fraction", path + "/change", `{"facts":{"item_count":1.5}}`, ""},
	} {
		got := d.post(c.path, c.body)
		if got.status != http.StatusBadRequest || !strings.Contains(string(got.body), `"pointer":"`+c.pointer) && c.pointer != "" {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if got := d.post("cases", `{"facts":{"number":"`+strings.Repeat("x", 300<<10)+`"}}`); got.status != 413 {
		t.Errorf("a large body: %s", got)
	}
	other := read[struct{ ID record.ID }](t, d.post("cases", map[string]any{"facts": facts("2"), "members": []any{r.id}})).ID
	if got := d.post(path+"/void", map[string]any{"reason": "二重登録", "merged_into": other}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.post(path+"/void", map[string]any{"reason": "もう一度"}); got.status != 409 {
		t.Errorf("void twice: %s", got)
	}
	if got := d.post("cases/"+other.String()+"/void", map[string]any{"reason": "輪になる", "merged_into": id}); got.status != 404 {
		t.Errorf("merged into a void case: %s", got)
	}
	if got := numbers(d.cases("state=voided")); got != "1" {
		t.Errorf("voided: %q", got)
	}
	practice := facts("3")
	practice["practice"] = true
	read[struct{ ID record.ID }](t, d.post("cases", map[string]any{"facts": practice, "members": []any{r.id}}))
	if got := numbers(d.cases("")); strings.Contains(got, "3") {
		t.Errorf("practice among real cases: %q", got)
	}
	if got := numbers(d.cases("state=practice")); got != "3 練習" { // the second is the one that the rep has anyway
		t.Errorf("practice: %q", got)
	}
}

func TestSearch(t *testing.T) {
	s := newSite(t)
	d := s.desk(record.RoleReviewer)
	for i, worker := range []struct{ name, kana, client string }{
		{"髙橋 一郎", "タカハシ イチロウ", "株式会社Ｔ社"},
		{"山﨑 花子", "ヤマザキ ハナコ", "100%果汁_株式会社"},
		{"𠮷田 辻󠄀子", "ヨシダ ツジコ", "株式会社Ｔ社"},
		{"Nguyễn Văn An", "グエン バン アン", "港湾\\倉庫"},
	} {
		f := facts(fmt.Sprintf("2026-%04d", i+1))
		f["worker_name"], f["worker_kana"], f["client"] = worker.name, worker.kana, worker.client
		if got := d.post("cases", map[string]any{"facts": f, "members": []any{}}); got.status != 201 {
			t.Fatal(got)
		}
		s.pass(time.Second)
	}
	for q, want := range map[string]string{
		"高橋": "2026-0001", "髙橋": "2026-0001", "たかはし": "2026-0001", "ﾀｶﾊｼ": "2026-0001", "タカハシイチ": "2026-0001", "髙橋一郎": "2026-0001",
		"崎": "2026-0002", "吉田": "2026-0003", "辻": "2026-0003", "辻󠄀": "2026-0003", "nguyễn": "2026-0004", "ＮＧＵＹ": "2026-0004",
		"0003": "2026-0003", "２０２６-０００２": "2026-0002", "t社": "2026-0003 2026-0001", "T社 たか": "2026-0001", "たか t社　一郎": "2026-0001",
		"%": "2026-0002", "_": "2026-0002", `\`: "2026-0004", "100%": "2026-0002", "誰もいない": "", "": "2026-0004 2026-0003 2026-0002 2026-0001",
		"入館証": "2026-0004 2026-0003 2026-0002 2026-0001",
	} {
		if got := numbers(d.cases("q=" + url.QueryEscape(q))); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	for _, query := range []string{
		"q=" + strings.Repeat("a", 101), "q=%ff", "q=%00", "state=nowhere", "limit=0", "limit=501", "limit=x", "cursor=x", "cursor=AAAA", "cursor=" + strings.Repeat("A", 300),
	} {
		if got := d.get("cases?" + query); got.status != 400 {
			t.Errorf("%s: %s", query, got)
		}
	}
	var seen []string
	for query := "limit=1"; ; {
		page := d.cases(query)
		seen = append(seen, numbers(page))
		if page.Cursor == "" {
			break
		}
		query = "limit=1&cursor=" + page.Cursor
	}
	if got := strings.Join(seen, " "); got != "2026-0004 2026-0003 2026-0002 2026-0001" {
		t.Errorf("pages: %s", got)
	}
	if got := numbers(d.cases("state=received&limit=2")); got != "2026-0004 2026-0003" {
		t.Errorf("by state: %s", got)
	}
}

// A form that the agency has published is given as it was published, so that the page can judge papers of it.
func TestPublishedForm(t *testing.T) {
	s := newSite(t)
	d := s.desk(record.RoleAuditor)
	body, err := os.ReadFile("../../sync/form/templates/disposal_declaration.1.json")
	s.must(err)
	body = bytes.Replace(body, []byte(`"version": 1`), []byte(`"version": 7`), 1)
	s.must(s.db.PublishTemplate(t.Context(), body, s.admin, s.now()))
	got := d.get("templates/disposal_declaration/7")
	published, err := form.Parse(got.body)
	s.must(err)
	own, err := form.Parse(body)
	s.must(err)
	published.SHA256, own.SHA256 = "", "" // the database has an order of its own for members
	if !reflect.DeepEqual(published, own) || published.Version != 7 || got.header.Get("Content-Type") != "application/json" {
		t.Error(got)
	}
	for _, path := range []string{"disposal_declaration/8", "disposal_declaration/x", "disposal_declaration/-1", "disposal_declaration@7/7", "..%2f/1", "disposal_declaration/99999999999999999999"} {
		if got := d.get("templates/" + path); got.status != http.StatusNotFound {
			t.Errorf("%s: %s", path, got)
		}
	}
}
