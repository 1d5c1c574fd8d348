package field_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/wire"
)

// L18: phones of other versions than the server. What the first app ever sent is taken, and so is what an app to come may send beside it; what
// this phone makes of other servers is pwa/src/engine/versions.test.ts.
func TestL18PhonesOfOtherVersions(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	for name, body := range map[string]map[string]any{
		"the first app":     {"device": map[string]any{"outbox": 1, "pending_blobs": 0, "storage": map[string]any{"usage": 1, "quota": 2, "persisted": true}, "now": 1}},
		"one that is brief": {},
		"one to come": {
			"device": map[string]any{"outbox": 1, "pending_blobs": 0, "storage": map[string]any{"usage": 1, "quota": 2, "persisted": true, "buckets": []int{1}}, "now": 1, "battery": map[string]any{"level": 80}},
			"hints":  []string{"a", "b"},
		},
	} {
		body["records"] = texts(noted(t, p.Phone, caseID, 2))
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := p.PostJSON(t.Context(), fieldtest.PathRecords, text, http.Header{"Accept": {"application/json, application/x-to-come"}, "To-Come": {"1"}})
		if err != nil {
			t.Fatal(err)
		}
		taken, err := wire.ParsePushAnswer(answer.Body)
		if err != nil || statuses(taken) != "accepted accepted" {
			t.Errorf("%s: %d %s: %v", name, answer.Status, answer.Body, err)
		}
	}
	answer, err := p.Get(t.Context(), fieldtest.PathFeed, url.Values{"cursor": {""}, "limit": {"10"}, "shape": {"to come"}})
	if err != nil {
		t.Fatal(err)
	}
	if feed, err := wire.ParseFeedAnswer(answer.Body); err != nil || len(feed.Changes) == 0 {
		t.Errorf("feed: %d %s: %v", answer.Status, answer.Body, err)
	}
}
