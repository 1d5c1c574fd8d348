package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tachiai/server/objects"
	"tachiai/sync/ledger"
)

// mirror is one place where checkpoints are kept beside the database. Names are those of checkpointName.
type mirror interface {
	create(ctx context.Context, name string, data []byte) error // objects.ErrExists, and then nothing has changed
	read(ctx context.Context, name string) ([]byte, error)
	after(ctx context.Context, name string) ([]string, error) // all names that sort behind name, ascending
}

// bucket keeps them in the object store.
type bucket struct{ *objects.Store }

func (b bucket) create(ctx context.Context, name string, data []byte) error {
	return b.Store.Create(ctx, prefix+name, data)
}

func (b bucket) read(ctx context.Context, name string) ([]byte, error) {
	content, size, err := b.Get(ctx, prefix+name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if size > ledger.MaxCheckpoint {
		return nil, fmt.Errorf("jobs: %s has %d bytes", name, size)
	}
	return io.ReadAll(content)
}

func (b bucket) after(ctx context.Context, name string) ([]string, error) {
	var names []string
	for o, err := range b.ListAfter(ctx, prefix, prefix+name) {
		if err != nil {
			return nil, err
		}
		names = append(names, o.Key[len(prefix):])
	}
	return names, nil
}

// directory keeps them in DATA_DIR.
type directory string

func (d directory) path(name string) string { return filepath.Join(string(d), prefix, name) }

// create writes beside the name, syncs, and then links: the name appears whole or not at all.
func (d directory) create(_ context.Context, name string, data []byte) error {
	dir := filepath.Dir(d.path(name))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), d.path(name)); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return objects.ErrExists
		}
		return err
	}
	return syncDir(dir)
}

// syncDir makes a new name in dir durable.
func syncDir(dir string) error {
	handle, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(handle.Sync(), handle.Close())
}

func (d directory) read(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(d.path(name))
}

func (d directory) after(_ context.Context, name string) ([]string, error) {
	entries, err := os.ReadDir(d.path(""))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		if n := entry.Name(); n > name && n[0] != '.' {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names, err
}
