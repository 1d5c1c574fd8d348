package client_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tachiai/server/client/clienttest"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// L26, for links: a mail scanner that fetches a link fifty times, from everywhere at once, changes nothing and counts as no reader. What it gets is
// the same for every link, real or not.
func TestL26Prefetch(t *testing.T) {
	s, id, issued, _ := ready(t)
	ctx := t.Context()
	before, size := s.state(id), s.size()
	pages := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			link := issued.Token()
			if n%5 == 4 {
				link = "nobody.made.this"
			}
			method := []string{http.MethodGet, http.MethodHead}[n%2]
			request, err := http.NewRequestWithContext(ctx, method, s.url+"/d/"+link, http.NoBody)
			if err != nil {
				t.Error(err)
				return
			}
			response, err := s.http.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			if response.Header.Get("Referrer-Policy") != "no-referrer" || response.Header.Get("Set-Cookie") != "" {
				t.Errorf("headers %v", response.Header)
			}
			mu.Lock()
			defer mu.Unlock()
			pages[method+response.Status+response.Header.Get("Content-Length")+string(body)]++
		})
	}
	all.Wait()
	if len(pages) != 2 {
		t.Errorf("%d different pages for GET and HEAD", len(pages))
	}
	if after := s.state(id); after != before || s.size() != size {
		t.Errorf("changed: %+v, was %+v; ledger %d, was %d", after, before, s.size(), size)
	}
	r, err := s.open(issued)
	s.must(err)
	if r.Letter.Disclosure.ID != id {
		t.Error("another disclosure")
	}
}

// counted is what could count a reader.
type counted struct {
	opened, downloaded int
	views, wrong       int
}

func (s *site) state(id record.ID) counted {
	s.t.Helper()
	d, err := s.db.Disclosure(s.t.Context(), id)
	s.must(err)
	links, err := s.db.Links(s.t.Context(), []record.ID{id}, s.now())
	s.must(err)
	return counted{d.Opened.Count, d.Downloaded.Count, links[id].ViewsLeft, links[id].Wrong}
}

// wrong is a passcode that is not the one.
func wrong(issued clienttest.Issued) clienttest.Issued {
	digit := "0"
	if issued.Passcode[0] == '0' {
		digit = "1"
	}
	issued.Passcode = digit + issued.Passcode[1:]
	return issued
}

// Unknown, revoked, replaced and expired links answer a wrong passcode alike: status, body, headers. With the right one they say what they are.
func TestLinksLookAlike(t *testing.T) {
	s := newSite(t)
	s.visited()
	s.review()
	ctx := t.Context()
	live, liveLink := s.linked()
	revoked, revokedLink := s.linked()
	replaced, replacedLink := s.linked()
	_, expiredLink := s.linked()
	s.must(s.maker.Do(ctx, "disclosures/"+revoked.String()+"/revoke", m{"reason": "宛先の誤り"}, nil))
	s.issue(replaced)
	unknown, err := seal.SignLink(seal.Link{Origin: "tachiai.example/test", Disclosure: live, JTI: strings.Repeat("A", 22), Expires: 4e9}, s.keys.Link)
	s.must(err)
	links := map[string]clienttest.Issued{
		"live": liveLink, "revoked": revokedLink, "replaced": replacedLink, "expired": expiredLink, "unknown": {Link: unknown, Passcode: "11111111"},
		"nobody's": {Link: "nobody.made.this", Passcode: "11111111"}, "empty": {Passcode: "1"},
	}
	size := s.size()
	faces := map[string][]string{}
	for name, issued := range links {
		_, err := s.open(wrong(issued))
		var p *clienttest.Problem
		if !errors.As(err, &p) {
			t.Fatalf("%s: %v", name, err)
		}
		headers := p.Header.Clone()
		headers.Del("Date")
		headers.Del("X-Request-Id")
		face := string(p.Body)
		for _, h := range slices.Sorted(maps.Keys(headers)) {
			face += "\n" + h + ": " + strings.Join(headers[h], ",")
		}
		faces[face] = append(faces[face], name)
		wants(t, name, err, "link_passcode")
	}
	if len(faces) != 1 {
		t.Errorf("they differ: %v", faces)
	}
	_, err = s.open(links["revoked"])
	wants(t, "revoked, right", err, "link_revoked")
	_, err = s.open(links["replaced"])
	wants(t, "replaced, right", err, "link_revoked")
	s.ahead.Store(int64(15 * 24 * time.Hour))
	_, err = s.open(links["expired"])
	wants(t, "expired, right", err, "link_expired")
	if s.size() != size {
		t.Error("something was appended")
	}
}

// A wrong passcode takes as long as it takes, whether the link is one or not: nobody measures which are real.
func TestPasscodeTiming(t *testing.T) {
	s := newSlowSite(t, 0)
	s.visited()
	s.review()
	_, issued := s.linked()
	median := func(i clienttest.Issued) time.Duration {
		var took []time.Duration
		for range 3 {
			began := time.Now()
			_, err := s.open(i)
			wants(t, "wrong", err, "link_passcode")
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took[1]
	}
	known, nobody := median(wrong(issued)), median(clienttest.Issued{Link: "nobody.made.this", Passcode: "11111111"})
	if nobody < known/3 || known < nobody/3 {
		t.Errorf("a link takes %v, none %v", known, nobody)
	}
}

// Guesses at once, over HTTP: the bound holds, and says how long to wait; the office sees it and unlocks.
func TestGuesses(t *testing.T) {
	s := newSite(t)
	s.visited()
	s.review()
	ctx := t.Context()
	id, issued := s.linked()
	var judged, paused atomic.Int64
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			_, err := s.open(wrong(issued))
			var p *clienttest.Problem
			switch {
			case code(err) == "link_passcode":
				judged.Add(1)
			case errors.As(err, &p) && p.Code == "link_paused" && p.Status == http.StatusTooManyRequests && p.RetryAfterMS > 14*60_000 && p.RetryAfterMS <= 15*60_000:
				paused.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if judged.Load() != 4 || paused.Load() != 8 {
		t.Errorf("%d judged, %d paused", judged.Load(), paused.Load())
	}
	_, err := s.open(issued)
	wants(t, "right, while paused", err, "link_paused")
	for range 2 {
		s.ahead.Add(int64(15 * time.Minute))
		for range 5 {
			_, err = s.open(wrong(issued))
		}
	}
	wants(t, "three rounds", err, "link_locked")
	var seen struct{ Link struct{ Locked bool } }
	s.must(s.maker.Get(ctx, "disclosures/"+id.String(), &seen))
	if !seen.Link.Locked {
		t.Error("the office does not see the lock")
	}
	s.ahead.Add(int64(time.Hour)) // the address may ask again too
	_, err = s.open(issued)
	wants(t, "locked for good", err, "link_locked")
	s.must(s.second.Do(ctx, "disclosures/"+id.String()+"/unlock", nil, nil))
	typed := issued // as people type it
	typed.Passcode = "０" + issued.Passcode[1:4] + " - " + issued.Passcode[4:]
	if issued.Passcode[0] != '0' {
		typed.Passcode = issued.Passcode[:4] + "　" + issued.Passcode[4:]
	}
	_, err = s.open(typed)
	wants(t, "unlocked", err, "")
}

// One address gets no more than its share of the server's time.
func TestOneAddress(t *testing.T) {
	s := newSite(t)
	s.stopped.Store(time.Now().UnixNano()) // a slow machine must not be given new tokens meanwhile
	var last error
	for range 30 {
		if _, last = clienttest.Open(t.Context(), s.url, s.http, "", ""); code(last) == "rate_limited" {
			break
		}
	}
	wants(t, "thirty at once", last, "rate_limited")
}

// L27, for recipients: every route, with every kind of key to it.
func TestL27Routes(t *testing.T) {
	s, _, _, mine := ready(t)
	ctx := t.Context()
	otherID, otherLink := s.linked() // without a photo
	other, err := s.open(otherLink)
	s.must(err)
	mySum := mine.Letter.Photos[0].SHA256
	original := s.photo.BlobFields()[0].SHA256
	stranger := clienttest.Recipient{Line: clienttest.Line{Server: s.url, HTTP: s.http}}
	routes := []struct {
		name string
		call func(r clienttest.Recipient) error
	}{
		{"document", func(r clienttest.Recipient) error { _, err := r.File(ctx, "document"); return err }},
		{"photo", func(r clienttest.Recipient) error { _, err := r.File(ctx, "photos/"+mySum); return err }},
		{"acknowledge", func(r clienttest.Recipient) error {
			return r.Do(ctx, "acknowledge", m{"name": "x", "department": ""}, nil)
		}},
		{"ask", func(r clienttest.Recipient) error { return r.Do(ctx, "ask", m{"question": "x"}, nil) }},
	}
	all := func(who string, r clienttest.Recipient, want map[string]string) {
		t.Helper()
		for _, route := range routes {
			wants(t, who+" "+route.name, route.call(r), want[route.name])
		}
	}
	every := func(code string) map[string]string {
		return map[string]string{"document": code, "photo": code, "acknowledge": code, "ask": code}
	}
	all("nobody", stranger, every("session_required"))
	all("another recipient", other, map[string]string{"photo": "not_found"})
	for what, path := range map[string]string{
		"the original": "photos/" + original, "the document as a photo": "photos/" + mine.Letter.Document.SHA256, "no digest": "photos/x", "a way out": "photos/..%2Fdocument",
	} {
		_, err := mine.File(ctx, path)
		wants(t, what, err, "not_found")
	}
	forged := clienttest.Recipient{Line: mine.Line, Letter: mine.Letter}
	forged.As(strings.Repeat("A", 43))
	all("a guessed token", forged, every("session_required"))
	all("himself", mine, map[string]string{})
	for _, path := range []string{"cases", "disclosures", "records/" + s.declaration.Hash.String() + "/document"} {
		wants(t, "the office's "+path, mine.Call(ctx, http.MethodGet, "/api/office/v1/"+path, nil, nil), "session_required")
	}
	wants(t, "a desk at the recipient's door", s.maker.Call(ctx, http.MethodGet, "/api/client/v1/document", nil, nil), "session_required")

	s.must(s.maker.Do(ctx, "disclosures/"+otherID.String()+"/revoke", m{"reason": "宛先の誤り"}, nil))
	size := s.size()
	all("revoked in mid-view", other, every("link_revoked"))
	if s.size() != size {
		t.Error("a revoked view left records")
	}
	all("beside it", mine, map[string]string{})
	s.withdraw("photos")
	all("photos withdrawn", mine, every("link_revoked"))
	third, thirdLink := s.linked()
	late, err := s.open(thirdLink)
	s.must(err)
	s.withdraw("disclosure")
	all("consent withdrawn", late, every("link_revoked"))
	wants(t, "a new link", s.maker.Do(ctx, "disclosures/"+third.String()+"/link", nil, nil), "consent_missing")
	_, err = s.prepare()
	wants(t, "a new disclosure", err, "consent_missing")
}

// A view ends after a quarter of an hour; a new link ends it at once.
func TestViewEnds(t *testing.T) {
	s, id, issued, r := ready(t)
	s.ahead.Store(int64(15*time.Minute - 5*time.Second))
	_, err := r.File(t.Context(), "document")
	wants(t, "nearly over", err, "")
	s.ahead.Store(int64(15 * time.Minute))
	_, err = r.File(t.Context(), "document")
	wants(t, "over", err, "session_required")
	r, err = s.open(issued)
	s.must(err)
	s.issue(id)
	_, err = r.File(t.Context(), "document")
	wants(t, "a new link was issued", err, "session_required")
	_, err = s.open(issued)
	wants(t, "the old link", err, "link_revoked")
}

// Views are counted down by opening alone, and then the link is used up.
func TestUsedUp(t *testing.T) {
	s, id, issued, r := ready(t)
	for range 3 {
		_, err := r.File(t.Context(), "document")
		s.must(err)
	}
	for left := 3; left >= 0; left-- {
		_, err := s.open(issued)
		s.must(err)
		if got := s.state(id).views; got != left {
			t.Errorf("%d views left, want %d", got, left)
		}
	}
	_, err := s.open(issued)
	wants(t, "used up", err, "link_used_up")
	if c := s.state(id); c.opened != 5 || c.downloaded != 3 {
		t.Errorf("%+v", c)
	}
}

// Who may do what at the office's side, and on what grounds.
func TestOfficeSide(t *testing.T) {
	s := newSite(t)
	s.visited()
	ctx := t.Context()
	_, err := s.prepare()
	wants(t, "not reviewed", err, "not_reviewed")
	s.append(postgres.Draft{Kind: record.KindReviewDecided, Visit: s.visit, Actor: s.approver, Fields: []seal.Content{
		{Name: "decision", Value: "held"}, {Name: "reason", Value: "写真を確認中"},
	}})
	s.review()
	id, err := s.prepare(s.thePhoto())
	s.must(err)
	third := s.desk(s.member("承認 三郎", record.RoleApprover))
	both := s.desk(s.member("兼務", record.RoleReviewer, record.RoleApprover))
	auditor := s.desk(s.member("監査", record.RoleAuditor))
	admin := s.desk(s.admin)
	wants(t, "who reviewed the visit", s.approve(id), "same_person")
	approve := m{"disclosures": []record.ID{id}, "decision": "approved"}
	path := "disclosures/" + id.String()
	for name, c := range map[string]struct {
		d    clienttest.Desk
		path string
		body m
	}{
		"a reviewer approves": {s.maker, "disclosures/approve", approve}, "an auditor approves": {auditor, "disclosures/approve", approve},
		"an admin approves": {admin, "disclosures/approve", approve}, "an approver prepares": {third, "cases/" + s.caseID.String() + "/disclosures", m{}},
		"an auditor links": {auditor, path + "/link", m{}}, "an approver links": {third, path + "/link", m{}}, "an auditor revokes": {auditor, path + "/revoke", m{"reason": "x"}},
	} {
		wants(t, name, c.d.Do(ctx, c.path, c.body, nil), "forbidden")
	}
	wants(t, "an admin reads", admin.Get(ctx, "disclosures", nil), "forbidden")
	wants(t, "an auditor reads", auditor.Get(ctx, "disclosures", nil), "")
	wants(t, "linked before it is approved", s.maker.Do(ctx, path+"/link", nil, nil), "not_approved")
	wants(t, "refused without a reason", third.Do(ctx, "disclosures/approve", m{"disclosures": []record.ID{id}, "decision": "refused"}, nil), "bad_request")
	wants(t, "approved", third.Do(ctx, "disclosures/approve", approve, nil), "")
	wants(t, "approved again", third.Do(ctx, "disclosures/approve", approve, nil), "")
	wants(t, "approved by another again", both.Do(ctx, "disclosures/approve", approve, nil), "decided")
	wants(t, "revoked without a reason", third.Do(ctx, path+"/revoke", m{"reason": " "}, nil), "bad_request")
	for name, body := range map[string]m{
		"no document":  {"documents": []string{}, "recipient": m{"name": "x", "organisation": "y"}},
		"no recipient": {"documents": []record.Hash{s.declaration.Hash}}, "ninety-one days": {"documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": "x", "organisation": "y"}, "days": 91},
		"an empty name": {"documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": " ", "organisation": "y"}},
		"a member more": {"documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": "x", "organisation": "y", "address": "z"}},
	} {
		wants(t, name, s.maker.Do(ctx, "cases/"+s.caseID.String()+"/disclosures", body, nil), "bad_request")
	}
	wants(t, "a photo that is none", s.maker.Do(ctx, "cases/"+s.caseID.String()+"/disclosures", m{
		"documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": "x", "organisation": "y"}, "photos": []m{{"record": s.photo.Hash, "id": "p9"}},
	}, nil), "blob_not_named")
	wants(t, "another case's", s.maker.Do(ctx, "cases/"+s.visit.String()+"/disclosures", m{
		"documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": "x", "organisation": "y"},
	}, nil), "record_unknown")
	wants(t, "a visit's end is no paper", func() error { _, err := s.maker.File(ctx, "records/"+s.photo.Hash.String()+"/document"); return err }(), "paper_unusable")
}

// While the ledger is red, nothing is handed out.
func TestRed(t *testing.T) {
	s, id, issued, r := ready(t)
	ctx := t.Context()
	s.spoil("update fields set fields = fields[1:0] where index = (select index from records where hash = $1)", s.declaration.Hash[:])
	_ = s.jobs.Check(context.WithoutCancel(ctx))
	s.spoil("update records set kind = 'note.written' where hash = $1", s.declaration.Hash[:])
	if err := s.jobs.Verify(ctx); err == nil || len(s.jobs.State().Red) == 0 {
		t.Fatalf("not red: %v", err)
	}
	_, err := s.open(issued)
	wants(t, "open", err, "ledger_red")
	_, err = r.File(ctx, "document")
	wants(t, "document", err, "ledger_red")
	_, err = r.File(ctx, "photos/"+r.Letter.Photos[0].SHA256)
	wants(t, "photo", err, "ledger_red")
	wants(t, "link", s.maker.Do(ctx, "disclosures/"+id.String()+"/link", nil, nil), "ledger_red")
	_, err = s.prepare()
	wants(t, "prepare", err, "ledger_red")
}

// A disclosure is prepared once, however often the page asks because an answer was lost; nobody else can take its id.
func TestPreparedOnce(t *testing.T) {
	s := newSite(t)
	s.visited()
	s.review()
	id, ctx := record.NewID(s.now(), rand.Reader), t.Context()
	ask := func(d clienttest.Desk, recipient string) error {
		var answer struct{ ID record.ID }
		err := d.Do(ctx, "cases/"+s.caseID.String()+"/disclosures", m{
			"id": id, "documents": []record.Hash{s.declaration.Hash}, "recipient": m{"name": recipient, "organisation": "株式会社東都ホールディングス"},
		}, &answer)
		if err == nil && answer.ID != id {
			t.Errorf("id %s", answer.ID)
		}
		return err
	}
	size := s.size()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() { wants(t, "at once", ask(s.maker, "大野 部長"), "") })
	}
	all.Wait()
	wants(t, "again", ask(s.maker, "大野 部長"), "")
	wants(t, "for another recipient", ask(s.maker, "別 人"), "conflict")
	wants(t, "by another member", ask(s.desk(s.reviewer), "大野 部長"), "conflict")
	if grown := s.size() - size; grown != 1 {
		t.Errorf("the ledger grew by %d", grown)
	}
}

// The list of disclosures comes in parts, the newest first; what waits for approval stands in the first, however old it is.
func TestDisclosureList(t *testing.T) {
	s := newSite(t)
	s.visited()
	s.review()
	var ids []record.ID
	for n := range 4 {
		id, err := s.prepare()
		s.must(err)
		if ids = append(ids, id); n != 1 {
			s.must(s.approve(id))
		}
		time.Sleep(2 * time.Millisecond) // ids are ordered by the millisecond
	}
	list := func(query string) (found []record.ID, cursor string) {
		var page struct {
			Disclosures []struct {
				ID         record.ID
				State      string
				Number     string
				WorkerName string `json:"worker_name"`
			}
			Cursor string
		}
		s.must(s.maker.Get(t.Context(), "disclosures?"+query, &page))
		for _, d := range page.Disclosures {
			found = append(found, d.ID)
			if d.Number != "2026-0147" || d.WorkerName != "髙橋 健" || (d.State == "prepared") != (d.ID == ids[1]) {
				t.Errorf("%+v", d)
			}
		}
		return found, page.Cursor
	}
	first, cursor := list("limit=1")
	if !slices.Equal(first, []record.ID{ids[3], ids[1]}) {
		t.Errorf("the first page: %v of %v", first, ids)
	}
	var rest []record.ID
	for cursor != "" {
		var more []record.ID
		more, cursor = list("limit=1&cursor=" + cursor)
		rest = append(rest, more...)
	}
	if !slices.Equal(rest, []record.ID{ids[2], ids[1], ids[0]}) {
		t.Errorf("behind it: %v of %v", rest, ids)
	}
	if all, cursor := list(""); len(all) != 4 || cursor != "" {
		t.Errorf("all: %v, %q", all, cursor)
	}
	wants(t, "no place in the list", s.maker.Get(t.Context(), "disclosures?cursor=x", nil), "bad_request")
}

// Each download is a record for good: one view does not fill the ledger with them.
func TestDownloadsAreBounded(t *testing.T) {
	s, _, _, r := ready(t)
	before := s.size()
	var last error
	for range 40 {
		if _, last = r.File(t.Context(), "document"); code(last) == "rate_limited" {
			break
		}
	}
	wants(t, "forty downloads", last, "rate_limited")
	if grown := s.size() - before; grown > 30 {
		t.Errorf("the ledger grew by %d", grown)
	}
	s.ahead.Add(int64(10 * time.Second))
	_, err := r.File(t.Context(), "document")
	wants(t, "a little later", err, "")
}
