// Package objects keeps blobs in an S3 bucket. It is the only room that knows
// minio-go.
//
// What is guaranteed: Put stores the named bytes or nothing, and returns only
// after the store has acknowledged them; Create never replaces. Bytes stream: a
// Put holds a few small buffers, whatever the size. Errors are the sentinels
// below, wrapped with the store's own words.
package objects

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Config says how to reach the bucket.
type Config struct {
	Endpoint  string // http://host:port, https://host:port or host:port
	Bucket    string // created when missing
	AccessKey string
	SecretKey string
	Region    string // default us-east-1
	Secure    bool   // TLS when Endpoint names no scheme
}

// Store is one bucket. It is safe for concurrent use.
type Store struct {
	core   minio.Core
	bucket string
	region string
}

// Open returns the bucket and creates it when it is missing. ErrUnavailable when
// the store does not answer.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	host, secure, err := parseEndpoint(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	core, err := minio.NewCore(host, &minio.Options{
		Creds:     credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:    secure,
		Region:    cfg.Region, // given, so that no request is spent on asking
		Transport: transport(),
		// Checksums are sent by us (see Put): a trailing one is computed by the
		// client over what it sends, so it would not catch wrong bytes.
		TrailingHeaders: false,
		MaxRetries:      3,
	})
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", cfg.Endpoint, err)
	}
	s := &Store{core: *core, bucket: cfg.Bucket, region: cfg.Region}
	if err := s.Ping(ctx); err == nil {
		return s, nil
	}
	err = core.MakeBucket(ctx, cfg.Bucket, minio.MakeBucketOptions{Region: cfg.Region})
	switch minio.ToErrorResponse(err).Code {
	case "BucketAlreadyOwnedByYou", "BucketAlreadyExists":
		err = nil
	}
	if err != nil {
		return nil, translate("create bucket "+cfg.Bucket, err)
	}
	return s, s.Ping(ctx)
}

// Ping checks that the store answers and the bucket is there.
func (s *Store) Ping(ctx context.Context) error {
	ok, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return translate("bucket "+s.bucket, err)
	}
	if !ok {
		return fmt.Errorf("bucket %s: %w", s.bucket, ErrNotFound)
	}
	return nil
}

func parseEndpoint(cfg Config) (host string, secure bool, err error) {
	if !strings.Contains(cfg.Endpoint, "://") {
		return cfg.Endpoint, cfg.Secure, nil
	}
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil ||
		u.Scheme != "http" && u.Scheme != "https" {
		return "", false, fmt.Errorf("object store endpoint %q: want http://host:port or https://host:port", cfg.Endpoint)
	}
	return u.Host, u.Scheme == "https", nil
}

// transport holds little for each connection: hundreds of uploads may run at
// once, each as slow as a phone's link. There is no time-out for a whole
// request: callers bound it with their context.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		ReadBufferSize:        4 << 10,
		WriteBufferSize:       4 << 10,
		DisableCompression:    true,
	}
}
