package rescue

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"filippo.io/age"

	"tachiai/sync/blob"
)

// written is a file as a phone writes it; the end-to-end tests of e2e/phone read real ones.
type written struct {
	bytes.Buffer
	t     testing.TB
	key   cipher.AEAD
	parts int
}

func newWritten(t testing.TB, to *age.X25519Recipient) *written {
	t.Helper()
	w := &written{t: t}
	secret := bytes.Repeat([]byte{7}, keySize)
	c, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	if w.key, err = cipher.NewGCM(c); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "%s{\"v\":1,\"made_at\":1,\"member\":\"x\",\"origin\":\"y\",\"wraps\":[{\"generation\":3,\"age\":%q}]}\n", magic, base64.StdEncoding.EncodeToString(wrap(t, secret, to)))
	return w
}

func wrap(t testing.TB, secret []byte, to *age.X25519Recipient) []byte {
	t.Helper()
	var wrapped bytes.Buffer
	into, err := age.Encrypt(&wrapped, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := into.Write(secret); err != nil {
		t.Fatal(err)
	}
	if err := into.Close(); err != nil {
		t.Fatal(err)
	}
	return wrapped.Bytes()
}

func (w *written) raw(kind byte, place string, generation uint32, cell []byte) {
	w.WriteByte(kind)
	w.Write(binary.BigEndian.AppendUint16(nil, uint16(len(place)))) //nolint:gosec // short
	w.WriteString(place)
	w.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, generation), uint32(len(cell)))) //nolint:gosec // short
	w.Write(cell)
}

func (w *written) part(kind byte, place, text string) {
	nonce := bytes.Repeat([]byte{byte(w.parts)}, nonceSize)
	w.raw(kind, place, 3, w.key.Seal(nonce, nonce, []byte(text), []byte(place)))
	w.parts++
}

func (w *written) end() []byte {
	w.raw(kindEnd, fmt.Sprint(w.parts), 0, nil)
	return w.Bytes()
}

func newIdentity(t testing.TB) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// read reads a file to its end and lists its parts; a damaged one as "!".
func read(data []byte, identity age.Identity) (list []string, err error) {
	f, err := openFile(bytes.NewReader(data), identity)
	if err != nil {
		return nil, err
	}
	for {
		p, err := f.next()
		switch {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return list, err
		case p.err != nil:
			list = append(list, "!")
		default:
			list = append(list, fmt.Sprintf("%d %s %s", p.kind, p.name(), p.data))
		}
	}
}

func TestFile(t *testing.T) {
	identity := newIdentity(t)
	fresh := func() *written { return newWritten(t, identity.Recipient()) }
	w := fresh()
	w.part(kindRecord, "texts/a", "one")
	w.part(kindBlob, "blobs/b", "two")
	whole := bytes.Clone(w.end())
	if got, err := read(whole, identity); err != nil || strings.Join(got, ", ") != "1 a one, 2 b two" {
		t.Fatalf("%q, %v", got, err)
	}

	for cut := range whole {
		if _, err := read(whole[:cut], identity); !errors.Is(err, ErrForm) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut off after %d bytes: %v", cut, err)
		}
	}
	if _, err := read(whole, newIdentity(t)); !errors.Is(err, ErrKey) {
		t.Errorf("another server's file: %v", err)
	}
	for name, c := range map[string]struct {
		spoil func(w *written)
		parts string
		err   error
	}{
		"moved elsewhere": {func(w *written) {
			nonce := make([]byte, nonceSize)
			w.raw(kindRecord, "texts/a", 3, w.key.Seal(nonce, nonce, []byte("x"), []byte("texts/b")))
			w.parts++
		}, "!", nil},
		"another generation": {func(w *written) { w.raw(kindRecord, "texts/a", 4, make([]byte, 99)); w.parts++ }, "!", nil},
		"no nonce":           {func(w *written) { w.raw(kindRecord, "texts/a", 3, []byte("x")); w.parts++ }, "!", nil},
		"a part is missing":  {func(w *written) { w.parts++ }, "", io.ErrUnexpectedEOF},
		"unknown kind":       {func(w *written) { w.part(9, "texts/a", "x") }, "", ErrForm},
		"long place":         {func(w *written) { w.part(kindRecord, strings.Repeat("x", maxPlace+1), "x") }, "", ErrForm},
		"large record":       {func(w *written) { w.part(kindRecord, "texts/a", strings.Repeat("x", maxText+1)) }, "", ErrForm},
	} {
		w := fresh()
		c.spoil(w)
		w.part(kindRecord, "texts/z", "after")
		got, err := read(w.end(), identity)
		if text := strings.Join(got, ", "); !errors.Is(err, c.err) || c.err == nil && text != c.parts+", 1 z after" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// A part that says it is as large as a photo may be, and is not there, costs no memory of that size.
func TestFileBelievesNoSize(t *testing.T) {
	identity := newIdentity(t)
	w := newWritten(t, identity.Recipient())
	w.Write(append([]byte{kindBlob, 0, 1, 'x'}, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 3), blob.MaxSize)...))
	data := w.Bytes()
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, err := read(data, identity); !errors.Is(err, io.ErrUnexpectedEOF) {
				b.Fatal(err)
			}
		}
	})
	if result.AllocedBytesPerOp() > 4<<20 {
		t.Errorf("%d bytes", result.AllocedBytesPerOp())
	}
}

func FuzzFile(f *testing.F) {
	identity := newIdentity(f)
	w := newWritten(f, identity.Recipient())
	w.part(kindRecord, "texts/a", "one")
	f.Add(w.end())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := read(data, identity); err != nil && !errors.Is(err, ErrForm) && !errors.Is(err, ErrKey) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
	})
}
