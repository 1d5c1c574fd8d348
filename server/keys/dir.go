package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Modes of the directory and of its files.
const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600
	others   fs.FileMode = 0o077
)

// Load reads the inventory in dir. It reports every fault that it finds, each
// naming its file: ErrMissing, ErrExposed, ErrForm, ErrShared. ErrNone means
// that there is nothing at all and Create may be called.
func Load(dir string) (*Set, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return nil, fmt.Errorf("%w in %s", ErrNone, dir)
	}
	if err != nil {
		return nil, err
	}
	faults := []error{private(dir)}
	s := new(Set)
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		faults = append(faults, load(s, f, path))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return s, s.check()
}

func load(s *Set, f file, path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrMissing, path)
	}
	if err != nil {
		return err
	}
	if err := f.read(s, text); err != nil {
		return errors.Join(private(path), fmt.Errorf("%s: %w", path, err))
	}
	return private(path)
}

// private returns ErrExposed when group or others have any right on path.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&others != 0 {
		return fmt.Errorf("%w: %s is %04o; chmod go= %s", ErrExposed, path, mode, path)
	}
	return nil
}

// Create makes a fresh inventory in dir, which must not exist or be empty: else
// ErrExists, and nothing is touched. The files are written beside dir, synced,
// and appear under its name by one rename, so a crash leaves the whole inventory
// or none (and possibly a directory dir.new-*, which holds keys that were never
// used). Of two processes that create at once, one gets ErrExists.
//
// dir must not be a mount point: name a directory inside the mount.
func Create(dir string) (*Set, error) {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	switch entries, err := os.ReadDir(dir); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrPlace, err)
	case len(entries) > 0:
		return nil, fmt.Errorf("%w: %s", ErrExists, dir)
	default: // os.Rename does not replace even an empty directory
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, placeError(err)
		}
	}
	s, err := generate()
	if err != nil {
		return nil, err
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, dirMode); err != nil {
		return nil, err
	}
	fresh, err := os.MkdirTemp(parent, filepath.Base(dir)+".new-") // MkdirTemp makes it 0700
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.save(fresh), s.check()); err != nil {
		return nil, errors.Join(err, os.RemoveAll(fresh))
	}
	if err := os.Rename(fresh, dir); err != nil {
		return nil, errors.Join(placeError(err), os.RemoveAll(fresh))
	}
	return s, syncDir(parent)
}

// placeError tells a race that another process has won from a bad place.
func placeError(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %w", ErrExists, err)
	}
	return fmt.Errorf("%w: %w", ErrPlace, err)
}

// save writes all files into the new directory and makes them durable.
func (s *Set) save(dir string) error {
	for _, f := range files {
		text, err := f.write(s)
		if err != nil {
			return err
		}
		if err := saveFile(filepath.Join(dir, f.name), text); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

func saveFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Ensure loads the inventory in dir and creates it when there is none; created
// says which. An incomplete inventory is an error, never filled up: a new root
// key in an old deployment would be a silent break with every phone.
func Ensure(dir string) (s *Set, created bool, err error) {
	s, err = Load(dir)
	if !errors.Is(err, ErrNone) {
		return s, false, err
	}
	s, err = Create(dir)
	if errors.Is(err, ErrExists) { // another process was faster
		s, err = Load(dir)
		return s, false, err
	}
	return s, err == nil, err
}
