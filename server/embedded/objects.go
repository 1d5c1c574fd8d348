package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Objects is a running, supervised tachiai-objects: an S3 server on loopback.
// Its address and keys do not change while it lives.
type Objects struct {
	S3 S3

	child *child
	lock  *os.File
	// stdin is our end of the child's standard input, theirs the other: the
	// child ends when ours is closed, by us or by our death.
	stdin, theirs *os.File
}

const (
	bucketName = "tachiai"
	accessKey  = "tachiai"
	regionName = "us-east-1"
)

// StartObjects starts the object store in cfg.DataDir. ctx bounds the start
// only.
func StartObjects(ctx context.Context, cfg Config) (_ *Objects, err error) {
	dir, err := prepare(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	held, err := lock(dir, "s3")
	if err != nil {
		return nil, err
	}
	o := &Objects{lock: held}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("object store: %w", err), o.release())
		}
	}()
	program, err := findObjects(cfg.ObjectsBin)
	if err != nil {
		return nil, err
	}
	key, err := secret(dir, "s3-secret")
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "s3")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o.stdin, o.theirs = ours, theirs
	log := logger(cfg.Log, "objects")
	var addr atomic.Pointer[string]
	address := func() string {
		if a := addr.Load(); a != nil {
			return *a
		}
		return "127.0.0.1:0"
	}
	o.child = &child{
		log: log,
		command: func() (*exec.Cmd, error) {
			cmd := exec.Command(program, "-dir", data, "-listen", address(), "-with-parent")
			cmd.Stdin = theirs
			cmd.Env = append(bareEnv(), "S3_ACCESS_KEY="+accessKey, "S3_SECRET_KEY="+key, "S3_REGION="+regionName)
			return cmd, nil
		},
		line: func(s string) {
			if a, ok := strings.CutPrefix(s, "listening "); ok {
				addr.CompareAndSwap(nil, &a)
			}
			if strings.HasPrefix(s, "tachiai-objects: ") {
				log.Warn(s)
				return
			}
			log.Debug(s)
		},
		signals: []syscall.Signal{syscall.SIGINT},
		grace:   15 * time.Second, // it gives running requests 10
	}
	if err := o.child.start(ctx, func() bool { return answers(address()) }); err != nil {
		return nil, err
	}
	o.S3 = S3{Endpoint: "http://" + address(), Bucket: bucketName, AccessKey: accessKey, SecretKey: key, Region: regionName}
	return o, nil
}

// Close stops the object store cleanly and gives the data directory free.
// Closing again does nothing.
func (o *Objects) Close() error { return errors.Join(o.child.stop(), o.release()) }

// Failed yields an ErrGone when the child is given up.
func (o *Objects) Failed() <-chan error { return o.child.failed }

func (o *Objects) release() error {
	var errs []error
	for _, f := range []*os.File{o.stdin, o.theirs, o.lock} {
		if f != nil {
			errs = append(errs, closeOnce(f))
		}
	}
	return errors.Join(errs...)
}

func answers(addr string) bool {
	if strings.HasSuffix(addr, ":0") {
		return false
	}
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func findObjects(path string) (string, error) {
	if path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%w: %w", ErrNoObjects, err)
		}
		return filepath.Abs(path)
	}
	for _, root := range roots() {
		for _, dir := range []string{"", "bin"} {
			p := filepath.Join(root, dir, "tachiai-objects")
			if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
				return p, nil
			}
		}
	}
	return "", fmt.Errorf("%w: run `make build`, which puts it beside the program tachiai; or use an S3 of your own with S3_ENDPOINT", ErrNoObjects)
}
