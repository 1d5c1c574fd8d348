package main

import (
	"context"
	"fmt"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/metrics"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
	"github.com/versity/versitygw/s3api/utils"
)

// Limits of one machine. A slow upload holds a connection and a 32 KiB buffer
// for as long as it takes, so the number is bounded, not the time.
const maxConnections = 1024

// serve answers S3 requests on addr until ctx ends, then lets running requests
// finish (versitygw waits 10 seconds). listening is called once, before the
// first answer.
func serve(ctx context.Context, store *store, addr, access, secret, region string, listening func()) error {
	utils.SetBucketNameValidationStrict(true)
	accounts, err := auth.New(&auth.Opts{RootAccount: auth.Account{Access: access, Secret: secret, Role: auth.RoleAdmin}})
	if err != nil {
		return err
	}
	defer func() { _ = accounts.Shutdown() }()
	none, err := metrics.NewManager(ctx, metrics.Config{})
	if err != nil {
		return err
	}
	server, err := s3api.New(store, middlewares.RootUserConfig{Access: access, Secret: secret}, region, accounts, nil, nil, nil, none,
		s3api.WithConcurrencyLimiter(maxConnections, maxConnections),
		s3api.WithMpMaxParts(10000),
		s3api.WithKeepAlive(),
		s3api.WithQuiet(),
		s3api.WithOnListen(listening),
	)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ServeMultiPort([]string{addr}) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve %s: %w", addr, err)
	case <-ctx.Done():
		return server.ShutDown()
	}
}
