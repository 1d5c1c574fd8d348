// Command tachiai-objects is the S3 server for development and for use on one
// machine: versitygw over a plain directory.
//
//	tachiai-objects -dir DIR [-listen 127.0.0.1:0] [-with-parent]
//
//	-dir DIR      where the objects lie: DIR/bucket/key, one file for each object,
//	              metadata in extended attributes (a backup must keep them)
//	-listen ADDR  a loopback address; port 0 picks a free port
//	-with-parent  end when standard input ends
//
// The environment gives the only account: S3_ACCESS_KEY, S3_SECRET_KEY and
// S3_REGION (default us-east-1). When it listens it prints "listening ADDR" on
// standard output. SIGINT and SIGTERM stop it after the requests that run,
// 10 seconds at most. A second server on the same DIR waits for the first to
// end, 15 seconds at most.
//
// An answer 200 to a write means: the bytes, their metadata and the directory
// entry are on disk. A kill in the middle of a PUT leaves nothing visible: the
// bytes go to an unnamed file that gets its name at the end. A PUT with a wrong
// x-amz-checksum-sha256 is answered with 400 and leaves nothing.
//
// No key may be a prefix directory of another ("a" beside "a/b"). Encryption
// headers are accepted and ignored: nothing is encrypted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("dir", "", "directory of the objects")
	listen := flag.String("listen", "127.0.0.1:0", "loopback address")
	withParent := flag.Bool("with-parent", false, "end when standard input ends")
	flag.Parse()
	// A soft limit: the collector works harder instead of the heap growing.
	debug.SetMemoryLimit(64 << 20)

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if *withParent {
		ctx2, cancel := context.WithCancel(ctx)
		ctx = ctx2
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	if err := run(ctx, *dir, *listen, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tachiai-objects:", err)
		os.Exit(1) //nolint:gocritic // the signals need no undoing in a process that ends
	}
}

// run serves dir until ctx ends.
func run(ctx context.Context, dir, listen string, out io.Writer) error {
	access, secret, region := os.Getenv("S3_ACCESS_KEY"), os.Getenv("S3_SECRET_KEY"), os.Getenv("S3_REGION")
	if access == "" || secret == "" {
		return errors.New("S3_ACCESS_KEY and S3_SECRET_KEY must be set")
	}
	if region == "" {
		region = "us-east-1"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	addr, err := choosePort(listen)
	if err != nil {
		return err
	}
	held, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer held.Close()
	store, err := open(dir)
	if err != nil {
		return err
	}
	defer store.Shutdown()
	return serve(ctx, store, addr, access, secret, region, func() { _, _ = fmt.Fprintln(out, "listening", addr) })
}

// choosePort checks that the address is loopback and replaces port 0 by a free
// one. versitygw binds by itself, a moment later; losing that race is an error,
// and the parent starts again.
func choosePort(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("%s is no loopback address", host)
	}
	if port != "0" {
		return listen, nil
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// lock makes this process the only one that writes to dir. A predecessor that
// is about to end is waited for.
func lock(ctx context.Context, dir string) (*os.File, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(15 * time.Second); ; {
		err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return d, nil
		}
		if time.Now().After(end) || ctx.Err() != nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			d.Close()
			return nil, fmt.Errorf("%s is in use by another tachiai-objects: %w", dir, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
