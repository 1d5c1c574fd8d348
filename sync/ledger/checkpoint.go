package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// MaxCheckpoint is the longest signed checkpoint in bytes: room for the 16
// signatures that C2SP wants accepted, whatever their algorithm.
const MaxCheckpoint = 64 << 10

// A Checkpoint is a ledger's statement of its state. Once published, every
// later state must be consistent with it.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Sign returns the checkpoint as a signed note (C2SP tlog-checkpoint) whose key
// name is the origin. Equal checkpoints signed with one key are equal bytes.
// Errors: ErrOrigin, ErrRange, ErrForm for a key of the wrong length.
func (c Checkpoint) Sign(key ed25519.PrivateKey) ([]byte, error) {
	if err := checkSize(c.Size); err != nil {
		return nil, err
	}
	if len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("%w: private key of %d bytes", ErrForm, len(key))
	}
	k, err := NewKey(c.Origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	v, err := k.verifier()
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: c.text()}, signer{v, key})
}

func (c Checkpoint) text() string { return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root) }

// Open reads a signed checkpoint and judges it by the known keys: one that has
// the checkpoint's own origin must have signed it. Signatures of keys that are
// not known (witnesses) are passed over. The form is strict: three lines and no
// extension lines, decimal size without leading zeros, canonical base64.
//
// ErrUnknown means that it cannot be judged, ErrForged that the bytes are not
// those that the key signed, ErrForm that it is no checkpoint.
func Open(signed []byte, keys ...Key) (Checkpoint, error) {
	if len(signed) > MaxCheckpoint {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint of %d bytes", ErrForm, len(signed))
	}
	verifiers := make([]note.Verifier, 0, len(keys))
	seen := make(map[Key]bool, len(keys))
	for _, k := range keys {
		if seen[k] {
			continue // a key given twice would count as ambiguous
		}
		seen[k] = true
		v, err := k.verifier()
		if err != nil {
			return Checkpoint{}, err
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return Checkpoint{}, sentinel(err)
	}
	c, err := parseText(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := checkEncoding(signed[len(n.Text):]); err != nil {
		return Checkpoint{}, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("%w: not by a key of %s", ErrUnknown, c.Origin)
}

func sentinel(err error) error {
	if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return ErrUnknown
	}
	if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
		return ErrForged
	}
	return fmt.Errorf("%w: checkpoint: %v", ErrForm, err)
}

func parseText(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint must have three lines", ErrForm)
	}
	if err := CheckOrigin(lines[0]); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint: %w", ErrForm, err)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || checkSize(size) != nil {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint: size", ErrForm)
	}
	root, err := ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint: %w", ErrForm, err)
	}
	return Checkpoint{lines[0], size, root}, nil
}

// checkEncoding refuses signature lines in other than canonical base64, which
// the note package lets pass: otherwise one signed checkpoint had many texts.
func checkEncoding(lines []byte) error {
	for line := range bytes.Lines(lines) {
		i := bytes.LastIndexByte(line, ' ')
		encoded := bytes.TrimSuffix(line[i+1:], []byte("\n"))
		if _, err := base64.StdEncoding.Strict().AppendDecode(nil, encoded); err != nil {
			return fmt.Errorf("%w: checkpoint: signature line", ErrForm)
		}
	}
	return nil
}
