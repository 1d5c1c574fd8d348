package phone

import (
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"tachiai/e2e/line"
)

// L34: the count of round trips is what it says: a connection, TLS, and two questions are four, whatever their size and the line's speed.
func TestLineCounts(t *testing.T) {
	h := theHome(t)
	h.line.Become(line.Weather{RTT: time.Second})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: h.roots, MinVersion: tls.VersionTLS13}}
	defer transport.CloseIdleConnections()
	for i, want := range []int{3, 4, 5} {
		answer, err := (&http.Client{Transport: transport}).Get(h.URL + "/keys") //nolint:noctx // a line of our own
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := h.line.Trips(); got != want {
			t.Errorf("after %d questions: %d round trips, want %d", i+1, got, want)
		}
	}
}
