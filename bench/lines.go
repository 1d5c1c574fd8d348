package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"time"

	"tachiai/e2e/line"
)

// signals is how often a phone hears its first signal on each line.
const signals = 3

// sent is what was sealed without a network, and how it left.
type sent struct {
	Took           float64 // ms from the first signal until nothing was unsent
	Trips          float64 // round trips until then, one after the other: connections, and what was answered
	Blobs, Records float64 // bytes; of records, as one push packs them
}

// lines lets a phone hear its first signal on slow lines: the real program speaks TLS at the end of a line of our own (e2e/line).
func lines(ctx context.Context, b *bench, chromium string) (err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // as long as the part
	if err != nil {
		return err
	}
	defer listener.Close()
	pin, tls, err := b.identity()
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	way := line.New(listener, line.Config{Server: address})
	public := fmt.Sprintf("https://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	s, err := b.open(ctx, "lines", append(tls, "LISTEN="+address, "PUBLIC_URL="+public)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	b.settings = map[string]any{
		"site": s.public, "chromium": chromium, "profile": filepath.Join(b.dir, "far"),
		"args": []string{"--ignore-certificate-errors-spki-list=" + pin},
	}
	if _, err := s.enrolled(ctx, b, 2); err != nil {
		return err
	}
	return errors.Join(b.visits(ctx, way), b.declares(ctx, way))
}

// hear lets a phone seal something without a network, and gives it one of that weather when it says that it is ready.
func (b *bench) hear(ctx context.Context, way *line.Line, weather line.Weather, what map[string]any) (s sent, err error) {
	way.Become(line.Weather{Nothing: true})
	signal := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { way.Become(weather) }))
	defer signal.Close()
	what["signal"] = signal.URL
	return s, b.act(ctx, "signal", what, &s)
}

// visits sends the work of an evening over 1 Mbit/s. The wire's own time is that of one request with as many bytes.
func (b *bench) visits(ctx context.Context, way *line.Line) error {
	weather := line.Weather{Rate: 1_000_000, RTT: 300 * time.Millisecond}
	var took, wire []float64
	for range signals {
		s, err := b.hear(ctx, way, weather, map[string]any{
			"visits": 2, "records": 7, "photos": map[string]any{"count": 3, "size": 200_000, "preview": 40_000},
		})
		if err != nil {
			return err
		}
		bare, err := plainPost(ctx, weather, int(s.Blobs+s.Records))
		if err != nil {
			return err
		}
		took, wire = append(took, s.Took), append(wire, milliseconds(bare))
	}
	b.table.add(row{
		figure: "1 Mbit/s, 300 ms: two visits with 6 photos of 200 KB, from the first signal to the last receipt", measured: median(took), unit: "ms",
		peer: "one POST of as many bytes over such a line, TCP and TLS included", limit: median(wire), mostRatio: 1.15,
	})
	return nil
}

// declares sends a declaration over 64 kbit/s.
func (b *bench) declares(ctx context.Context, way *line.Line) error {
	weather := line.Weather{Rate: 64_000, RTT: 2 * time.Second}
	content, err := declaration(time.Now())
	if err != nil {
		return err
	}
	paper := make([][2]any, len(content))
	for i, c := range content {
		paper[i] = [2]any{c.Name, c.Value}
	}
	var took, wire, trips []float64
	for range signals {
		s, err := b.hear(ctx, way, weather, map[string]any{"paper": paper})
		if err != nil {
			return err
		}
		took, wire = append(took, s.Took), append(wire, own(weather, s.Records))
		trips = append(trips, s.Trips)
	}
	b.table.add(row{figure: "64 kbit/s, 2 s: round trips from the first signal to the receipt of a declaration", measured: median(trips), most: 4})
	b.table.add(row{
		figure: "64 kbit/s, 2 s: time from the first signal to the receipt of a declaration", measured: median(took), unit: "ms",
		peer: "its bytes on the wire", limit: median(wire),
	})
	return nil
}

// own is how long a line takes for so many bytes, ms.
func own(w line.Weather, bytes float64) float64 { return bytes * 8 * 1000 / float64(w.Rate) }

// plainPost is how long one request with so many bytes takes over a line of that weather, from nothing to its answer.
func plainPost(ctx context.Context, weather line.Weather, size int) (took time.Duration, err error) {
	sink := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer sink.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // as long as the request
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	line.New(listener, line.Config{Server: sink.Listener.Addr().String()}).Become(weather)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+listener.Addr().String(), bytes.NewReader(make([]byte, size)))
	if err != nil {
		return 0, err
	}
	began := time.Now()
	answer, err := sink.Client().Do(request) // the sink has said nothing yet: TCP and TLS come first
	if err != nil {
		return 0, err
	}
	return time.Since(began), answer.Body.Close()
}
