package server

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the counters of one server. Their labels come from fixed sets: route templates, methods, states; never from a request.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	running  prometheus.Gauge
	records  *prometheus.CounterVec
	blobs    *prometheus.CounterVec
	red      prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tachiai_requests_total", Help: "Requests answered."},
			[]string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tachiai_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}}, []string{"method", "route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "tachiai_requests_running", Help: "Requests not yet answered."}),
		records: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tachiai_records_total", Help: "Pushed records by what became of them."},
			[]string{"status"}),
		blobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tachiai_blobs_total", Help: "Blobs stored by the way they came."},
			[]string{"way"}),
		red: prometheus.NewGauge(prometheus.GaugeOpts{Name: "tachiai_ledger_red", Help: "1 while the ledger is red and the server only reads."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.running, m.records, m.blobs, m.red,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	method = knownMethod(method)
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// Record counts one judged record.
func (m *metrics) Record(status string) { m.records.WithLabelValues(status).Inc() }

// Blob counts one stored blob.
func (m *metrics) Blob(way string) { m.blobs.WithLabelValues(way).Inc() }

// handler gives the counters in the text form of Prometheus.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// onlyLoopback hides next from everyone but a program on this machine that came without a proxy: behind a proxy on the same machine every
// peer has a loopback address.
func onlyLoopback(next http.Handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		host, _, err := net.SplitHostPort(c.Request().RemoteAddr)
		ip := net.ParseIP(host)
		forwarded := c.Request().Header.Get(echo.HeaderXForwardedFor) + c.Request().Header.Get("Forwarded") + c.Request().Header.Get(echo.HeaderXRealIP)
		if err != nil || ip == nil || !ip.IsLoopback() || forwarded != "" {
			return echo.ErrNotFound
		}
		next.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}
