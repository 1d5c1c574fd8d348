package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"tachiai/server"
	"tachiai/server/jobs"
)

const serveManual = `Usage: tachiai serve

Runs the server. With nothing configured it starts a Postgres and an object
store of its own below DATA_DIR, creates its keys, brings the schema up to
date, checks the ledger, and prints where it listens. The first time it also
creates the first members and prints a one-time link for each, good for ten
minutes; "tachiai invite" makes new ones.

Real phones need HTTPS: set PUBLIC_URL together with TLS_CERT and TLS_KEY, or
ACME_DOMAIN, or put a proxy with a certificate before it.

Ctrl-C stops it cleanly: requests that are running are finished, what has
arrived of an upload is kept. Killing it in any way loses nothing that was
acknowledged.

When the ledger contradicts what was published about it, the server starts
all the same, but only reads; /readyz and the log say why.
`

// heapGrowth in percent is how much garbage may lie beside what is alive. What is alive is small, so that at Go's default of 100 a push of a few
// hundred kilobytes sets the collector going again; with 200 a fifth of the time for a push is saved for 20 MB.
const heapGrowth = 200

func serveCommand(ctx context.Context, p process, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	config, err := readConfig(p.env)
	if err != nil {
		return err
	}
	if p.env("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	log := logger(config, p.stderr)
	listener, err := net.Listen("tcp", config.Listen) //nolint:noctx // the listener lives as long as the process
	if err != nil {
		return err
	}
	defer listener.Close()
	public := config.Public(listener.Addr())
	h, err := openHouse(ctx, config, log, true, firstOrigin(public, time.Now()))
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, p, h, listener, public), h.close())
}

// serve answers on the listener until ctx is done or a part is gone for good.
func serve(ctx context.Context, p process, h *house, listener net.Listener, public string) error {
	security, err := h.security()
	if err != nil {
		return err
	}
	spool := filepath.Join(h.config.DataDir, "spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return err
	}
	work := h.jobs()
	if err := work.Start(ctx); err != nil {
		return fmt.Errorf("self-check: %w", err)
	}
	s, err := server.New(server.Config{
		DB: h.db, Objects: h.objects, Keys: h.keys, Jobs: work, PublicURL: public, TrustedProxies: h.config.Proxies, SpoolDir: spool,
		Version: versionText(), Agency: h.config.AgencyName, OnPapers: h.config.OnPapers(), HideMetrics: h.config.MetricsListen != "", Log: h.log, Drain: h.config.Shutdown / 2,
	})
	if err != nil {
		return err
	}
	greeting := greeting{public: public, house: h, red: work.State().Red}
	if len(greeting.red) == 0 {
		if greeting.guests, err = h.welcome(ctx, public, time.Now()); err != nil {
			return fmt.Errorf("first members: %w", err)
		}
	}
	h.address.PublicURL = public
	leave, err := h.announce()
	if err != nil {
		return err
	}
	defer leave()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop(nil)
	beside.Go(func() { work.Run(ctx) })
	if h.config.MetricsListen != "" {
		if err := serveMetrics(ctx, &beside, h.config.MetricsListen, s.MetricsHandler()); err != nil {
			return err
		}
	}
	beside.Go(func() {
		select {
		case err := <-h.gone(ctx):
			stop(err)
		case <-ctx.Done():
		}
	})
	work.Wake()
	h.log.Info("listening", "address", listener.Addr().String(), "version", versionText())
	if _, err := fmt.Fprint(p.stdout, greeting.text()); err != nil {
		return err
	}
	err = s.Serve(ctx, listener, security)
	lastWord(h, work)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	return err
}

// lastWord publishes what was committed last, so that a stopped server's mirrors know all of it. It is not needed: the next start does it too.
func lastWord(h *house, work *jobs.Jobs) {
	ctx, cancel := context.WithTimeout(context.Background(), h.config.Shutdown/4)
	defer cancel()
	if err := work.Publish(ctx); err != nil && !errors.Is(err, jobs.ErrRed) {
		h.log.Warn("last checkpoint not published", "error", err.Error())
	}
}

// serveMetrics answers /metrics alone on an address of its own.
func serveMetrics(ctx context.Context, beside *sync.WaitGroup, address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address) //nolint:noctx // the listener lives as long as the process
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", handler)
	h := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	context.AfterFunc(ctx, func() { h.Close() })
	beside.Go(func() { _ = h.Serve(listener) })
	return nil
}

// security is how the server speaks HTTPS itself; nil when it does not.
func (h *house) security() (*tls.Config, error) {
	switch {
	case h.config.TLSCert != "":
		return certificateFiles(h.config.TLSCert, h.config.TLSKey)
	case h.config.ACMEDomain != "":
		return acme(h.config), nil
	}
	return nil, nil
}
