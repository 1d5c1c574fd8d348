package office_test

import (
	"strings"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

type codeAnswer struct {
	Code, Link string
	ExpiresAt  int64 `json:"expires_at"`
}

func TestMembersAndCodes(t *testing.T) {
	s := newSite(t)
	boss, d := s.deskOf(s.admin), s.desk(record.RoleReviewer)
	add := func(name string, roles ...any) record.ID {
		return read[struct{ ID record.ID }](t, boss.post("members", map[string]any{"name": name, "roles": roles})).ID
	}
	rep, both, auditor := add("営業 一郎", "rep"), add("兼任 次郎", "rep", "admin"), add("監査 三郎", "auditor")
	for name, body := range map[string]string{
		"no name": `{"name":" ","roles":["rep"]}`, "no role": `{"name":"x","roles":[]}`, "an unknown role": `{"name":"x","roles":["root"]}`,
		"a role twice": `{"name":"x","roles":["rep","rep"]}`, "a long name": `{"name":"` + strings.Repeat("長", 201) + `","roles":["rep"]}`, "more": `{"name":"x","roles":["rep"],"active":true}`,
	} {
		if got := boss.post("members", body); got.status != 400 {
			t.Errorf("%s: %s", name, got)
		}
	}

	// A code for a session is as good as the member: only an administrator makes one.
	for id, want := range map[record.ID]int{rep: 200, both: 403, auditor: 403, s.admin: 403, d.member: 403} {
		if got := d.post("members/"+id.String()+"/code", nil); got.status != want {
			t.Errorf("a reviewer makes a code: %s", got)
		}
	}
	if got := d.post("members/"+rep.String()+"/code", map[string]any{"for": "office"}); got.status != 409 {
		t.Errorf("%s", got)
	}
	code := read[codeAnswer](t, boss.post("members/"+rep.String()+"/code", nil))
	if !strings.HasPrefix(code.Link, publicURL+"/field/enrol#") || !strings.HasSuffix(code.Link, "."+s.keys.RootID().String()) || code.ExpiresAt <= s.now().UnixMilli() {
		t.Errorf("%+v", code)
	}
	if _, err := s.phone().Enrol(t.Context(), code.Link); err != nil {
		t.Error(err)
	}
	for purpose, want := range map[string]string{"": "/field/enrol#", "phone": "/field/enrol#", "office": "/office/enrol#"} {
		if got := read[codeAnswer](t, boss.post("members/"+both.String()+"/code", map[string]any{"for": purpose})); !strings.HasPrefix(got.Link, publicURL+want) {
			t.Errorf("for %q: %+v", purpose, got)
		}
	}
	code = read[codeAnswer](t, boss.post("members/"+auditor.String()+"/code", nil))
	if got := (&desk{s: s}).post("session", map[string]any{"code": code.Code}); got.status != 200 || !strings.Contains(code.Link, "/office/enrol#") {
		t.Errorf("%s", got)
	}

	change := func(id record.ID, body map[string]any) answer { return boss.post("members/"+id.String(), body) }
	if got := change(both, map[string]any{"roles": []any{"rep"}}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := change(s.admin, map[string]any{"active": false}); got.status != 409 || got.code() != "last_admin" {
		t.Errorf("nobody is left to let others in: %s", got)
	}
	if got := change(s.admin, map[string]any{"roles": []any{"auditor"}}); got.status != 409 {
		t.Errorf("%s", got)
	}
	if got := change(auditor, map[string]any{"active": false}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := boss.post("members/"+auditor.String()+"/code", nil); got.status != 403 {
		t.Errorf("a code for who was removed: %s", got)
	}
	listed := read[struct {
		Members []struct {
			ID     record.ID
			Name   string
			Roles  []record.Role
			Active bool
		}
	}](t, d.get("members"))
	if len(listed.Members) != 5 || listed.Members[3].Active == listed.Members[4].Active {
		t.Errorf("%+v", listed)
	}
	if log := s.log.String(); strings.Contains(log, "営業") || strings.Contains(log, code.Code) || strings.Contains(log, strings.ReplaceAll(code.Code, "-", "")) {
		t.Error("the log holds names or codes")
	}
}

type devicesAnswer struct {
	Devices []struct {
		KeyID        record.KeyID `json:"kid"`
		Member       record.ID
		Label        string
		Certificate  string
		EnrolledAt   int64 `json:"enrolled_at"`
		RevokedAt    int64 `json:"revoked_at"`
		ReportedAt   int64 `json:"reported_at"`
		Status       *struct{ Outbox int64 }
		Head, Made   int64
		MissingBlobs int64 `json:"missing_blobs"`
	}
}

// Record 3 was made and has not arrived: the office sees it, whether the phone says so or a later one has come.
func TestWhatAPhoneHasMade(t *testing.T) {
	s := newSite(t)
	r, silent, boss := s.rep(), s.rep(), s.desk(record.RoleAdmin)
	caseID := s.theCase(r)
	var texts []string
	for range 5 {
		texts = append(texts, r.seal(s, fieldtest.Draft{Kind: record.KindNoteWritten, Case: caseID, Fields: []seal.Content{{Name: "note", Value: "x"}}}).Compact)
	}
	r.seal(s, fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Case: caseID, Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "exterior", Type: "image/jpeg", Bytes: picture(100)}},
	})
	push := func(records ...string) {
		s.pass(20e9)
		_, err := r.Push(t.Context(), records...)
		s.must(err)
	}
	push(texts[:2]...)
	list := read[devicesAnswer](t, boss.get("devices")).Devices
	if len(list) != 2 || list[0].KeyID != r.Kid() || list[0].Member != r.id || list[0].Certificate == "" || list[0].ReportedAt == 0 {
		t.Fatalf("%+v", list)
	}
	if d := list[0]; d.Head != 2 || d.Made != 6 || d.Status.Outbox != 4 {
		t.Errorf("two of six are here: %+v", d)
	}
	if d := list[1]; d.KeyID != silent.Kid() || d.Status != nil || d.Head != 0 || d.Made != 0 {
		t.Errorf("%+v", d)
	}
	push(texts[3])
	if d := read[devicesAnswer](t, boss.get("devices")).Devices[0]; d.Head != 2 || d.Made < 4 {
		t.Errorf("record 4 has come before record 3: %+v", d)
	}
	push(texts...)
	s.pass(20e9)
	push(r.Outbox()[len(r.Outbox())-1].Compact)
	if d := read[devicesAnswer](t, boss.get("devices")).Devices[0]; d.Head != 6 || d.MissingBlobs != 1 {
		t.Errorf("%+v", d)
	}
	r.sync(s)
	s.pass(20e9)
	push()
	if d := read[devicesAnswer](t, boss.get("devices")).Devices[0]; d.Head != 6 || d.Made != 6 || d.MissingBlobs != 0 {
		t.Errorf("%+v", d)
	}

	if got := boss.post("devices/"+r.Kid().String()+"/revoke", map[string]any{"reason": ""}); got.status != 400 {
		t.Errorf("%s", got)
	}
	for range 2 { // again is no fault
		if got := boss.post("devices/"+r.Kid().String()+"/revoke", map[string]any{"reason": "紛失"}); got.status != 204 {
			t.Errorf("%s", got)
		}
	}
	if d := read[devicesAnswer](t, boss.get("devices")).Devices[0]; d.RevokedAt == 0 {
		t.Errorf("%+v", d)
	}
	if _, err := r.Feed(t.Context(), beginning, 10); err == nil {
		t.Error("a revoked phone reads on")
	}
}

type quarantineAnswer struct {
	Items []struct {
		SHA256, Code, Decision string
		Size                   int64
		Pusher                 record.KeyID
		Member                 record.ID
	}
}

// What is no record waits for the office, and the outcome reaches the phone that brought it.
func TestQuarantine(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	caseID := s.theCase(r)
	good := r.seal(s, fieldtest.Draft{Kind: record.KindNoteWritten, Case: caseID, Fields: []seal.Content{{Name: "note", Value: "x"}}})
	core, signature, _ := strings.Cut(good.Compact, "~")
	forged := core[:len(core)-6] + "AAAAAA~" + signature // of the form, under a signature that is none
	answer, err := r.Push(t.Context(), "これは記録ではない", forged)
	s.must(err)
	if got := d.inbox(); got.Quarantine != 2 {
		t.Fatalf("%+v", answer)
	}
	items := read[quarantineAnswer](t, d.get("quarantine")).Items
	if len(items) != 2 || items[0].Member != r.id || items[0].Pusher != r.Kid() || items[0].Decision != "" {
		t.Fatalf("%+v", items)
	}
	junk, forgery := answer.Results[0].Hash, answer.Results[1].Hash
	item := read[struct{ Text, Code string }](t, d.get("quarantine/"+junk))
	if !strings.HasPrefix(item.Text, "これは記録ではない") || item.Code != "form" {
		t.Errorf("%+v", item)
	}
	post := func(sum, deed string, body map[string]any) reply { return d.post("quarantine/"+sum+"/"+deed, body) }
	if got := post(junk, "release", map[string]any{}); got.status != 409 || got.code() != "not_releasable" {
		t.Errorf("%s", got)
	}
	if got := post(junk, "reject", map[string]any{"reason": ""}); got.status != 400 {
		t.Errorf("%s", got)
	}
	if got := post(junk, "reject", map[string]any{"reason": "読み取れない"}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := post(junk, "reject", map[string]any{"reason": "もう一度"}); got.status != 409 || got.code() != "decided" {
		t.Errorf("%s", got)
	}
	released := read[struct {
		Hash  record.Hash
		Index int64
	}](t, post(forgery, "release", map[string]any{"reason": "本人に確認済み"}))
	if held := read[heldAnswer](t, d.get("records/"+released.Hash.String())); held.Index != released.Index || len(held.Flags) == 0 {
		t.Errorf("%+v", held)
	}
	items = read[quarantineAnswer](t, d.get("quarantine")).Items
	if len(items) != 2 || items[0].Decision == "" || items[1].Decision == "" || d.inbox().Quarantine != 0 {
		t.Errorf("%+v", items)
	}
	changes, _, err := r.FeedAll(t.Context(), beginning)
	s.must(err)
	told := map[string]string{}
	for _, c := range changes {
		if c.Type == "quarantine" {
			told[c.ID] = string(c.Body)
		}
	}
	if !strings.Contains(told[junk], "読み取れない") || !strings.Contains(told[junk], `"rejected"`) || !strings.Contains(told[forgery], `"released"`) || !strings.Contains(told[forgery], "本人に確認済み") {
		t.Errorf("the phone hears %v", told)
	}
}

type reply = answer
