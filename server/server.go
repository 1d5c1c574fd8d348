// Package server puts the audiences together: the phone's API, the public pages of the ledger and the keys, health and metrics, behind one
// chain of middleware. It opens nothing itself: database, object store, keys and jobs are given to New, and cmd/tachiai closes them after
// Serve has returned.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"tachiai/pwa"
	"tachiai/server/client"
	"tachiai/server/documents"
	"tachiai/server/field"
	"tachiai/server/jobs"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/office"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/wire"
)

// Config is what a server is made of. DB, Objects, Keys, Jobs, PublicURL and SpoolDir are required.
type Config struct {
	DB      *postgres.DB
	Objects *objects.Store
	Keys    *keys.Set
	Jobs    *jobs.Jobs

	PublicURL      string         // scheme and host that phones know, without a path; every proof names it
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	SpoolDir       string         // where bodies wait that do not fit in memory; holds nothing after a crash
	Version        string
	Agency         string      // name of the staffing agency, as pages and papers show it
	OnPapers       wire.Agency // what phones put into papers; zero = nothing
	HideMetrics    bool        // /metrics is served elsewhere (MetricsHandler)
	Screens        fs.FS       // the PWA's build; nil = the one that is compiled in

	Log  *slog.Logger     // nil = none
	Now  func() time.Time // nil = time.Now
	Pace Pace             // zero = 1 KiB in 30 seconds

	Drain time.Duration // how long Serve waits for running requests when it stops; 0 = 10 seconds
}

// Limits of the HTTP server. A header of more than maxHeader bytes is 431.
const (
	maxHeader     = 16 << 10
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 10 * time.Second // unless Config.Drain says otherwise
)

// Server answers HTTP. Make it with New.
type Server struct {
	config  Config
	echo    *echo.Echo
	metrics *metrics
	drain   context.Context
	stop    context.CancelFunc
	running sync.WaitGroup // requests in their handlers
	probes  prober
	set     keySet
	screens screens
}

// New wires everything and checks the configuration; it touches neither network nor disk.
func New(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Drain == 0 {
		c.Drain = drainTimeout
	}
	if c.Pace == (Pace{}) {
		c.Pace = defaultPace
	}
	public, err := url.Parse(c.PublicURL)
	if err != nil || public.Host == "" || (public.Scheme != "http" && public.Scheme != "https") || (public.Path != "" && public.Path != "/") {
		return nil, errors.New("server: PUBLIC_URL must be http(s)://host[:port] without a path")
	}
	c.PublicURL = public.Scheme + "://" + public.Host
	if c.Screens == nil {
		c.Screens = pwa.Files()
	}
	built, err := readScreens(c.Screens)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, echo: echo.New(), metrics: newMetrics(), set: keySet{issued: c.Now()}, screens: built}
	s.drain, s.stop = context.WithCancel(context.Background())
	s.wire(public.Scheme == "https")
	return s, nil
}

// wire mounts middleware and routes.
func (s *Server) wire(secure bool) {
	e, c := s.echo, s.config
	e.HideBanner, e.HidePort, e.Debug = true, true, false
	e.IPExtractor = addresses(c.TrustedProxies)
	e.HTTPErrorHandler = problem.Handler(c.Log)
	e.Use(s.counting, guarding(secure), access(c.Log, s.metrics, c.Now), recovering(c.Log), pacing(s.drain, c.Pace), s.onlyReads)

	api := field.New(field.Config{
		DB: c.DB, Objects: c.Objects, Keys: c.Keys, PublicURL: c.PublicURL, SpoolDir: c.SpoolDir,
		Now: c.Now, Log: c.Log, Counts: s.metrics, Committed: c.Jobs.Wake, KeySet: s.keySetToken, Agency: c.OnPapers,
	})
	api.Mount(e.Group("/api/field/v1"))
	desk := office.New(office.Config{
		DB: c.DB, Objects: c.Objects, Keys: c.Keys, PublicURL: c.PublicURL, Agency: c.Agency, Now: c.Now, Log: c.Log, Committed: c.Jobs.Wake,
		Fonts: sync.OnceValues(documents.LoadFonts),
	})
	desk.Mount(e.Group("/api/office/v1"))
	door := client.New(client.Config{
		DB: c.DB, Objects: c.Objects, Keys: c.Keys, Agency: c.Agency, Now: c.Now, Log: c.Log,
		Red: s.red, KeySet: s.keySetToken, Publish: c.Jobs.Publish, Committed: c.Jobs.Wake,
	})
	door.Mount(e.Group("/api/client/v1"))

	e.GET("/", servePage(frontPage, http.StatusOK, c.Version))
	s.screens.mount(e, servePage(unbuiltPage, http.StatusServiceUnavailable, c.Version))
	e.GET("/keys", s.keys)
	e.GET("/checkpoint", s.checkpoint)
	e.GET("/ledger/v1/inclusion", s.inclusion)
	e.GET("/ledger/v1/consistency", s.consistency)
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	if !c.HideMetrics {
		e.GET("/metrics", onlyLoopback(s.metrics.handler()))
	}
}

// Handler is the whole server as one handler, for tests and for a listener of the caller's own.
func (s *Server) Handler() http.Handler { return s.echo }

// MetricsHandler gives the counters, for a listener of their own.
func (s *Server) MetricsHandler() http.Handler { return s.metrics.handler() }

// Serve answers on listener until ctx is done, then stops gracefully: no new connections, running requests get Config.Drain to finish, half of
// that for bodies that are still arriving. What arrived of an upload is kept. When Serve returns, no handler is running any more.
func (s *Server) Serve(ctx context.Context, listener net.Listener, security *tls.Config) error {
	h := &http.Server{
		Handler: s.echo, ReadHeaderTimeout: min(headerTimeout, s.config.Pace.Window), IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		TLSConfig: security, ErrorLog: slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
		Protocols: protocols(security != nil),
	}
	failed := make(chan error, 1)
	go func() {
		if security != nil {
			failed <- h.ServeTLS(listener, "", "")
			return
		}
		failed <- h.Serve(listener)
	}()
	select {
	case err := <-failed:
		s.stop()
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Drain)
	defer cancel()
	cut := time.AfterFunc(s.config.Drain/2, s.stop)
	defer cut.Stop()
	err := h.Shutdown(limit)
	s.stop()
	if err != nil {
		err = errors.Join(err, h.Close())
	}
	s.running.Wait()
	return err
}

// protocols are HTTP/1.1, and HTTP/2 where TLS offers it.
func protocols(secure bool) *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetHTTP2(secure)
	return p
}

// counting lets Serve wait for handlers whose connection was closed under them: an upload that was cut is still writing what it has.
func (s *Server) counting(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.running.Add(1)
		defer s.running.Done()
		return next(c)
	}
}

// recovering turns a panic into a 500 with a fixed text and one line in the log.
func recovering(log *slog.Logger) echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			log.Error("panic", slog.String("route", c.Path()), slog.Any("fault", err), slog.String("stack", string(stack)))
			return err
		},
	})
}
