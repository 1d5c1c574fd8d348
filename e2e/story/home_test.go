package story

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"tachiai/e2e/house"
	"tachiai/pwa"
)

// home is the house that one story plays in.
type home struct {
	*house.House
	t  *testing.T
	mu sync.Mutex // what is posted to the control happens one after the other
}

func newHome(t *testing.T) *home {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	return &home{t: t, House: house.For(t, house.Config{Settings: []string{
		"CHECKPOINT_INTERVAL=500ms", "AGENCY_NAME=株式会社みなと人材", "AGENCY_CONTACT=個人情報相談窓口 03-0000-0147",
	}})}
}

func (h *home) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// control is an address at which the browsers ask for what happens to the server: POST /kill, /start, and what damage does.
func (h *home) control() string {
	deeds := map[string]func() error{
		"/kill":  func() error { h.Kill(); return nil },
		"/start": func() error { return h.Start() },
	}
	for name, deed := range damages {
		deeds["/"+name] = func() error { return deed(h) }
	}
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		deed := deeds[r.URL.Path]
		if deed == nil {
			http.NotFound(w, r)
			return
		}
		if err := deed(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	h.t.Cleanup(control.Close)
	return control.URL
}
