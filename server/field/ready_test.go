package field_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"tachiai/server/field/fieldtest"
)

// A probe that hangs up before its answer does not make the server look sick to the next one.
func TestReadyForTheNextProbe(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.stranger(n)
	ask := fieldtest.Request{Method: http.MethodGet, Path: "/readyz", NoProof: true}
	for i := range 20 {
		ctx, hangUp := context.WithTimeout(t.Context(), time.Duration(i)*100*time.Microsecond)
		_, _ = p.Do(ctx, ask)
		hangUp()
		answer, err := p.Do(t.Context(), ask)
		if err != nil || answer.Status != http.StatusOK {
			t.Fatalf("after a probe that hung up: %d %s, %v", answer.Status, answer.Body, err)
		}
		s.ahead.Add(int64(2 * time.Second)) // the kept answer has become old
	}
}
