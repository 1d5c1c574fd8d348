package rescue

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"tachiai/sync/blob"
)

// What can be wrong with a file as a whole.
var (
	// ErrForm reports bytes that are no rescue file, or one of a version that this program does not know.
	ErrForm = errors.New("not a rescue file")
	// ErrKey reports a file that was written for another server's rescue key.
	ErrKey = errors.New("written for another rescue key")
)

const magic = "tachiai-rescue 1\n"

// The kinds of a part.
const (
	kindEnd    = 0
	kindRecord = 1
	kindBlob   = 2
)

// Bounds of what is read before anything is known to be ours.
const (
	maxHead  = 64 << 10
	maxWraps = 16
	maxPlace = 256
	overhead = nonceSize + 16 // of a cell
	maxText  = 256 << 10      // of a record: as much as the quarantine keeps
)

const (
	keySize   = 32
	nonceSize = 12
)

// head is the second line of a file.
type head struct {
	V      int    `json:"v"`
	MadeAt int64  `json:"made_at"`
	Member string `json:"member"`
	Origin string `json:"origin"`
	Wraps  []struct {
		Generation uint32 `json:"generation"`
		Age        []byte `json:"age"` // an age file that holds a data key
	} `json:"wraps"`
}

// file reads a rescue file from its beginning to its end.
type file struct {
	head
	r    *bufio.Reader
	keys map[uint32]cipher.AEAD // by generation
	read int                    // parts so far
}

// part is one record or blob, opened. err says that its bytes are not what the phone has written; the parts behind it can still be read.
type part struct {
	kind  byte
	place string // as the phone names it: texts/<hash>, blobs/<sha256>
	data  []byte
	err   error
}

// openFile reads what stands before the parts. Errors: ErrForm, ErrKey.
func openFile(r io.Reader, identity age.Identity) (*file, error) {
	f := &file{r: bufio.NewReaderSize(r, maxHead), keys: map[uint32]cipher.AEAD{}}
	first := make([]byte, len(magic))
	if _, err := io.ReadFull(f.r, first); err != nil || string(first) != magic {
		return nil, readFault(err, "its first line is another")
	}
	line, err := f.r.ReadSlice('\n')
	if err != nil {
		return nil, readFault(err, "it has no head")
	}
	if err := json.Unmarshal(line, &f.head); err != nil || f.V != 1 || len(f.Wraps) > maxWraps {
		return nil, fmt.Errorf("%w: its head is of another form", ErrForm)
	}
	for _, w := range f.Wraps {
		if key, err := unwrap(w.Age, identity); err == nil {
			f.keys[w.Generation] = key
		}
	}
	if len(f.keys) == 0 {
		return nil, ErrKey
	}
	return f, nil
}

// readFault tells a file that ends from a disk that fails.
func readFault(err error, what string) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("%w: %s", ErrForm, what)
	}
	return fmt.Errorf("rescue: %w", err)
}

func unwrap(wrapped []byte, identity age.Identity) (cipher.AEAD, error) {
	r, err := age.Decrypt(bytes.NewReader(wrapped), identity)
	if err != nil {
		return nil, err
	}
	key, err := io.ReadAll(io.LimitReader(r, keySize+1))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%w: no data key in its wrap", ErrForm)
	}
	defer clear(key)
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(c)
}

// next reads the next part. io.EOF at the end that the phone has written; io.ErrUnexpectedEOF where the file was cut off.
func (f *file) next() (*part, error) {
	kind, place, generation, size, err := f.header()
	if err != nil {
		return nil, cut(err)
	}
	if kind == kindEnd {
		if place != fmt.Sprint(f.read) {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, io.EOF
	}
	data := make([]byte, 0, min(size, 1<<20)) // a size is believed as its bytes arrive
	buffer := bytes.NewBuffer(data)
	if _, err := io.CopyN(buffer, f.r, int64(size)); err != nil {
		return nil, cut(err)
	}
	f.read++
	p := &part{kind: kind, place: place}
	p.data, p.err = f.open(place, generation, buffer.Bytes())
	return p, nil
}

// cut is the error of a part that is not all there.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// header reads what stands before the bytes of a part.
func (f *file) header() (kind byte, place string, generation, size uint32, err error) {
	var first [3]byte
	if _, err := io.ReadFull(f.r, first[:]); err != nil {
		return 0, "", 0, 0, err
	}
	kind = first[0]
	name := make([]byte, binary.BigEndian.Uint16(first[1:]))
	if len(name) > maxPlace || kind > kindBlob {
		return 0, "", 0, 0, fmt.Errorf("%w: part %d", ErrForm, f.read+1)
	}
	if _, err := io.ReadFull(f.r, name); err != nil {
		return 0, "", 0, 0, err
	}
	var second [8]byte
	if _, err := io.ReadFull(f.r, second[:]); err != nil {
		return 0, "", 0, 0, err
	}
	generation, size = binary.BigEndian.Uint32(second[:4]), binary.BigEndian.Uint32(second[4:])
	most := uint32(overhead + maxText)
	if kind == kindBlob {
		most = overhead + blob.MaxSize
	}
	if size > most {
		return 0, "", 0, 0, fmt.Errorf("%w: part %d is too large", ErrForm, f.read+1)
	}
	return kind, string(name), generation, size, nil
}

// open decrypts a cell in place. Its nonce stands first; its place is authenticated with it.
func (f *file) open(place string, generation uint32, cell []byte) ([]byte, error) {
	key, ok := f.keys[generation]
	if !ok {
		return nil, fmt.Errorf("%s: %w", place, ErrKey)
	}
	if len(cell) < overhead {
		return nil, fmt.Errorf("%s: too short", place)
	}
	text := cell[nonceSize:]
	data, err := key.Open(text[:0], cell[:nonceSize], text, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%s: not what the phone has written", place)
	}
	return data, nil
}

// name is the last part of a place.
func (p *part) name() string {
	return p.place[strings.LastIndexByte(p.place, '/')+1:]
}
