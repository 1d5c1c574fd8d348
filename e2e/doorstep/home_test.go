package doorstep

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"tachiai/e2e/house"
	"tachiai/e2e/line"
	"tachiai/pwa"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// home is a house, the line before it, and the people who work there.
type home struct {
	*house.House
	t     *testing.T
	line  *line.Line
	admin record.ID
	mu    sync.Mutex // what is asked of the control happens one after the other
}

func newHome(t *testing.T) *home {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	h := &home{t: t}
	listener, err := house.Listen()
	h.must(err)
	t.Cleanup(func() { listener.Close() })
	h.House = house.For(t, house.Config{URL: "http://" + listener.Addr().String(), Settings: []string{
		"AGENCY_NAME=株式会社みなと人材", "AGENCY_CONTACT=個人情報相談窓口 03-0000-0147",
	}})
	h.line = line.New(listener, line.Config{Server: h.Address})
	h.must(h.Start())
	members, err := h.DB.Members(t.Context())
	h.must(err)
	for _, m := range members {
		if m.Roles[0] == record.RoleAdmin {
			h.admin = m.ID
		}
	}
	return h
}

func (h *home) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// control is an address at which the browser asks for what happens to the server and the line, and for what the server has.
func (h *home) control() string {
	deeds := map[string]func(context.Context, *http.Request) (any, error){
		"/kill":    func(context.Context, *http.Request) (any, error) { h.Kill(); return nil, nil },
		"/start":   func(context.Context, *http.Request) (any, error) { return nil, h.Start() },
		"/weather": h.become,
		"/renew":   h.renew,
		"/rep":     h.newRep,
		"/cases":   h.newCases,
		"/link":    h.newLink,
		"/records": h.records,
		"/told":    func(context.Context, *http.Request) (any, error) { return h.line.Answered(), nil },
	}
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		deed := deeds[r.URL.Path]
		if deed == nil {
			http.NotFound(w, r)
			return
		}
		told, err := deed(r.Context(), r)
		if err == nil {
			err = json.NewEncoder(w).Encode(told)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	h.t.Cleanup(control.Close)
	return control.URL
}

// become changes the weather on the line.
func (h *home) become(_ context.Context, r *http.Request) (any, error) {
	var w line.Weather
	err := json.NewDecoder(r.Body).Decode(&w)
	if err == nil {
		h.line.Become(w)
	}
	return nil, err
}

// rep is a member, the link for his phone, and a case of his.
type rep struct {
	Member record.ID `json:"member"`
	Case   record.ID `json:"case"`
	Link   string    `json:"link"`
}

// newRep hires a rep with that name and gives him a case.
func (h *home) newRep(ctx context.Context, r *http.Request) (any, error) {
	now, name := time.Now(), r.URL.Query().Get("name")
	made := rep{Member: record.NewID(now, rand.Reader)}
	_, err := h.DB.ChangeMember(ctx, postgres.Member{
		ID: made.Member, Name: name, Roles: []record.Role{record.RoleRep}, Active: true,
	}, h.admin, now)
	if err != nil {
		return nil, err
	}
	if made.Case, err = h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{made.Member}, Facts: facts}, h.admin, now); err != nil {
		return nil, err
	}
	made.Link, err = h.link(ctx, made.Member)
	return made, err
}

// newCases gives a member as many cases more as are asked for; each has a worker of its own.
func (h *home) newCases(ctx context.Context, r *http.Request) (any, error) {
	member, err := record.ParseID(r.URL.Query().Get("member"))
	if err != nil {
		return nil, err
	}
	count, err := strconv.Atoi(r.URL.Query().Get("count"))
	if err != nil {
		return nil, err
	}
	for n := range count {
		about := append([]seal.Content{
			{Name: "number", Value: fmt.Sprintf("2026-%04d", 1000+n)}, {Name: "worker_name", Value: fmt.Sprintf("佐藤 %03d号", n)},
		}, facts[2:]...)
		if _, err := h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{member}, Facts: about}, h.admin, time.Now()); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (h *home) newLink(ctx context.Context, r *http.Request) (any, error) {
	member, err := record.ParseID(r.URL.Query().Get("member"))
	if err != nil {
		return nil, err
	}
	return h.link(ctx, member)
}

// link is a fresh enrolment link.
func (h *home) link(ctx context.Context, member record.ID) (string, error) {
	code, err := h.DB.NewEnrolmentCode(ctx, member, time.Now())
	return wire.EnrolLink(h.URL, wire.Code(code), h.Keys.RootID()), err
}

// facts are what every case here is about.
var facts = []seal.Content{
	{Name: "number", Value: "2026-0147"}, {Name: "worker_name", Value: "髙橋 健"}, {Name: "worker_kana", Value: "タカハシ ケン"},
	{Name: "client", Value: "株式会社東都ホールディングス"}, {Name: "item", Value: "入館証"}, {Name: "item_printed_no", Value: "TH-00147"}, {Name: "item_count", Value: 1},
	{Name: "address", Value: "東京都港区三田一丁目2番3号"}, {Name: "worker_phone", Value: "090-0000-0147"},
	{Name: "address_point", Value: map[string]any{"lat": 356581000, "lng": 1397016000}},
}

// photograph leaves a picture in a directory, a JPEG of some ten kilobytes, and returns its path.
func photograph(t *testing.T, dir string) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i/640/4) ^ uint8(i%640/4) //nolint:gosec // a pattern
	}
	picture.Set(3, 3, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 40}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "photo.jpg")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
