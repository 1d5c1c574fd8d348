package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
)

// store is versitygw's POSIX backend with the one thing that it lacks: it
// answers only after the disk has what it says.
//
// Order of a PUT: the bytes are synced while the file has no name yet (so a loss
// of power never shows a short object), then it gets its name, then the file
// again (its attributes) and the directories up to the bucket are synced.
type store struct {
	*posix.Posix
	dir string
}

// open opens dir. posix.New changes the working directory of the process and
// uses relative paths, so there is one store in a process.
func open(dir string) (*store, error) {
	attributes := meta.XattrMeta{}
	if err := attributes.Test(dir); err != nil {
		return nil, fmt.Errorf("%s: %w; choose a DATA_DIR on another file system", dir, err)
	}
	opts := posix.PosixOpts{
		CopyObjectThreshold: 5 << 30,
		IOBufferSize:        32 << 10,
		// This process holds the lock of dir, so no other one publishes here.
		ForceNoObjLockFile: true,
		// The ETag is the checksum that is computed anyway; MD5 would cost as
		// much time as SHA-256 does.
		DataIntegrityEtag:   true,
		ValidateBucketNames: true,
	}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	p, err := posix.New(dir, attributes, opts)
	if err != nil {
		return nil, err
	}
	s := &store{Posix: p, dir: dir}
	return s, s.clearStaging()
}

// clearStaging removes what uploads that died left in the buckets' staging
// directories, on file systems without unnamed files, and makes the directories
// where they are missing: without them every upload would need a named file.
func (s *store) clearStaging() error {
	buckets, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, b := range buckets {
		if !b.IsDir() {
			continue
		}
		staging := filepath.Join(s.dir, b.Name(), posix.MetaTmpDir)
		if err := os.MkdirAll(staging, 0o700); err != nil {
			return err
		}
		files, err := os.ReadDir(staging)
		if err != nil {
			return err
		}
		for _, f := range files {
			if f.Type().IsRegular() {
				if err := os.Remove(filepath.Join(staging, f.Name())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *store) String() string { return "tachiai-objects" }

func (s *store) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	if err := s.Posix.CreateBucket(ctx, in, acl); err != nil {
		return err
	}
	bucket := filepath.Join(s.dir, *in.Bucket)
	if err := os.MkdirAll(filepath.Join(bucket, posix.MetaTmpDir), 0o700); err != nil {
		return err
	}
	return errors.Join(syncPath(bucket), syncPath(s.dir))
}

func (s *store) DeleteBucket(ctx context.Context, bucket string) error {
	if err := s.Posix.DeleteBucket(ctx, bucket); err != nil {
		return err
	}
	return syncPath(s.dir)
}

func (s *store) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := s.PutObjectWithPostFunc(ctx, in, (*os.File).Sync)
	if err != nil {
		return out, err
	}
	return out, s.sync(*in.Bucket, *in.Key, true)
}

func (s *store) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	out, err := s.Posix.CopyObject(ctx, in)
	if err != nil {
		return out, err
	}
	return out, s.sync(*in.Bucket, *in.Key, true)
}

func (s *store) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	out, err := s.Posix.DeleteObject(ctx, in)
	if err != nil {
		return out, err
	}
	return out, s.sync(*in.Bucket, *in.Key, false)
}

func (s *store) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	out, err := s.Posix.DeleteObjects(ctx, in)
	if err != nil {
		return out, err
	}
	keys := make([]string, len(out.Deleted))
	for i, deleted := range out.Deleted {
		keys[i] = *deleted.Key
	}
	return out, s.syncDirs(*in.Bucket, keys...)
}

func (s *store) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	return s.UploadPartWithPostFunc(ctx, in, (*os.File).Sync)
}

func (s *store) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := s.Posix.CompleteMultipartUpload(ctx, in)
	if err != nil {
		return out, version, err
	}
	return out, version, s.sync(*in.Bucket, *in.Key, true)
}

// sync brings an object's attributes (withFile) and the directory entries on the
// way to it to disk.
func (s *store) sync(bucket, key string, withFile bool) error {
	if withFile {
		if err := syncPath(filepath.Join(s.dir, bucket, key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return s.syncDirs(bucket, key)
}

// syncDirs brings the directory entries on the way to keys to disk, each
// directory once. Those that another request has removed meanwhile are passed
// over: what was in them is gone, and their parents are synced.
func (s *store) syncDirs(bucket string, keys ...string) error {
	root := filepath.Join(s.dir, bucket)
	done := map[string]bool{}
	for _, key := range keys {
		for path := filepath.Join(root, key); path != root; {
			if path = filepath.Dir(path); done[path] {
				break
			}
			done[path] = true
			if err := syncPath(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
