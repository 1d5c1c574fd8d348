package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme/autocert"
)

// lookAgain is how often the certificate's files are looked at: a renewed one serves without a restart.
const lookAgain = time.Minute

// certificateFiles serves the certificate of two PEM files, and the newer one when they change. A pair that cannot be read stops the start;
// later the old one goes on.
func certificateFiles(certFile, keyFile string) (*tls.Config, error) {
	f := &filePair{cert: certFile, key: keyFile}
	if err := f.load(); err != nil {
		return nil, fmt.Errorf("TLS_CERT, TLS_KEY: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.get}, nil
}

type filePair struct {
	cert, key string

	mu     sync.Mutex
	pair   *tls.Certificate
	made   time.Time // modification time of the certificate's file
	looked time.Time
}

func (f *filePair) load() error {
	info, err := os.Stat(f.cert)
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.pair, f.made, f.looked = &pair, info.ModTime(), time.Now()
	return nil
}

func (f *filePair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.looked) > lookAgain {
		f.looked = time.Now()
		if info, err := os.Stat(f.cert); err == nil && !info.ModTime().Equal(f.made) {
			_ = f.load() // half-written files are read again a minute later
		}
	}
	return f.pair, nil
}

// acme obtains certificates by itself, over TLS-ALPN-01 on the listener (RFC 8737); the account and the certificates lie in DATA_DIR/acme.
func acme(config Config) *tls.Config {
	manager := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(config.ACMEDomain), Email: config.ACMEEmail,
		Cache: autocert.DirCache(filepath.Join(config.DataDir, "acme")),
	}
	security := manager.TLSConfig()
	security.MinVersion = tls.VersionTLS12
	return security
}
