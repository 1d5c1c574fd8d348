package fieldtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tachiai/sync/seal"
)

// The files of a phone that has a directory.
const (
	fileKey     = "key.pem"
	fileJoined  = "joined.json"
	fileJournal = "journal" // one compact record on each line, in order
	dirPhotos   = "photos"  // by hex SHA-256
)

var errDamaged = errors.New("damaged")

// load takes up what lies in the directory; an empty one is a new phone.
func (p *Phone) load() error {
	if p.options.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(p.options.Dir, dirPhotos), 0o700); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(p.options.Dir, fileKey))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return fmt.Errorf("%s: %w", fileKey, errDamaged)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return err
	}
	p.key, _ = key.(*ecdsa.PrivateKey)
	text, err = os.ReadFile(filepath.Join(p.options.Dir, fileJoined))
	if err == nil {
		err = json.Unmarshal(text, &p.joined)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(p.loadJournal(), p.loadPhotos())
}

func (p *Phone) loadJournal() error {
	file, err := os.Open(filepath.Join(p.options.Dir, fileJournal))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		r, err := seal.Parse(lines.Text())
		if err != nil {
			return err
		}
		p.adopt(r, lines.Text())
	}
	return lines.Err()
}

func (p *Phone) loadPhotos() error {
	entries, err := os.ReadDir(filepath.Join(p.options.Dir, dirPhotos))
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(p.options.Dir, dirPhotos, entry.Name()))
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != entry.Name() {
			return fmt.Errorf("photo %s: %w", entry.Name(), errDamaged)
		}
		p.photos[entry.Name()] = data
	}
	return err
}

func (p *Phone) keepKey() error {
	if p.options.Dir == "" {
		return nil
	}
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.options.Dir, fileKey), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

func (p *Phone) keepJoined() error {
	if p.options.Dir == "" {
		return nil
	}
	text, err := json.Marshal(p.joined)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.options.Dir, fileJoined), text, 0o600)
}

// keepEntry appends to the journal on disk, before Seal has said that the record is saved.
func (p *Phone) keepEntry(e *Entry) error {
	if p.options.Dir == "" {
		return nil
	}
	file, err := os.OpenFile(filepath.Join(p.options.Dir, fileJournal), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(e.Compact + "\n")
	return errors.Join(err, file.Sync(), file.Close())
}

func (p *Phone) keepPhoto(digest string, data []byte) error {
	p.photos[digest] = data
	if p.options.Dir == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(p.options.Dir, dirPhotos, digest), data, 0o600)
}
