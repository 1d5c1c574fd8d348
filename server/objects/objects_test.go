package objects_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/objects"
	"tachiai/sync/blob"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// config is the bucket under test: of the embedded server, or of any S3 that
// S3_TEST_ENDPOINT and its companions name. Nothing is assumed of a bucket but
// that this process may write to it; tests use prefixes of their own.
func config(t testing.TB) objects.Config {
	t.Helper()
	if endpoint := os.Getenv("S3_TEST_ENDPOINT"); endpoint != "" {
		return objects.Config{
			Endpoint: endpoint, Bucket: os.Getenv("S3_TEST_BUCKET"), Region: os.Getenv("S3_TEST_REGION"),
			AccessKey: os.Getenv("S3_TEST_ACCESS_KEY"), SecretKey: os.Getenv("S3_TEST_SECRET_KEY"),
		}
	}
	return embeddedtest.Bucket(t)
}

func open(t testing.TB) (_ *objects.Store, prefix string) {
	t.Helper()
	s, err := objects.Open(t.Context(), config(t))
	if err != nil {
		t.Fatal(err)
	}
	prefix = "t/" + hex.EncodeToString(random(8)) + "/"
	t.Cleanup(func() {
		ctx := context.Background()
		for o, err := range s.List(ctx, prefix) {
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Delete(ctx, o.Key); err != nil {
				t.Error(err)
			}
		}
	})
	return s, prefix
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// stream hides everything of a reader but Read, as a request body does.
type stream struct{ io.Reader }

func read(t *testing.T, s *objects.Store, key string) []byte {
	t.Helper()
	r, size, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("%d of %d bytes, %v", len(b), size, err)
	}
	return b
}

func absent(t *testing.T, s *objects.Store, key string) {
	t.Helper()
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("Stat after a refused write: %v", err)
	}
	if _, _, err := s.Get(t.Context(), key); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("Get after a refused write: %v", err)
	}
	for o, err := range s.List(t.Context(), key) {
		t.Errorf("List after a refused write: %v %v", o, err)
	}
}

func TestPut(t *testing.T) {
	s, prefix := open(t)
	for _, size := range []int{0, 1, 4095, 65536, 300 << 10, 17<<20 + 1} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			data, key := random(size), fmt.Sprint(prefix, "c/", size)
			if err := s.Put(t.Context(), key, stream{bytes.NewReader(data)}, int64(size), blob.Of(data)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(read(t, s, key), data) {
				t.Error("other bytes came back")
			}
			if o, err := s.Stat(t.Context(), key); err != nil || o.Size != int64(size) || o.Modified.IsZero() {
				t.Error(o, err)
			}
		})
	}
}

// A Put with the wrong bytes must be refused by the store itself (which compares
// x-amz-checksum-sha256), not only by a checking reader on our side.
func TestPutMismatch(t *testing.T) {
	s, prefix := open(t)
	for _, size := range []int{0, 1, 4096, 3 << 20} {
		data, key := random(size), fmt.Sprint(prefix, size)
		err := s.Put(t.Context(), key, stream{bytes.NewReader(data)}, int64(size), blob.Of([]byte("other")))
		if !errors.Is(err, objects.ErrMismatch) {
			t.Errorf("%d bytes: %v", size, err)
		}
		absent(t, s, key)
	}
}

func TestPutReplaces(t *testing.T) {
	s, prefix := open(t)
	for range 3 {
		data := random(5000)
		if err := s.Put(t.Context(), prefix+"k", bytes.NewReader(data), 5000, blob.Of(data)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(read(t, s, prefix+"k"), data) {
			t.Error("other bytes came back")
		}
	}
	kept := read(t, s, prefix+"k")
	if err := s.Put(t.Context(), prefix+"k", bytes.NewReader(kept), 5000, blob.Of(nil)); !errors.Is(err, objects.ErrMismatch) {
		t.Error(err)
	}
	if !bytes.Equal(read(t, s, prefix+"k"), kept) {
		t.Error("a refused write changed the object")
	}
}

// L11: a body that is cut after k bytes, or fails, or is too long, stores
// nothing, and the caller sees why.
func TestL11PutCut(t *testing.T) {
	s, prefix := open(t)
	data := random(100_000)
	n := len(data)
	broken := errors.New("phone went away")
	cases := map[string]struct {
		body io.Reader
		want error
	}{
		"cut at 0":      {bytes.NewReader(nil), blob.ErrSize},
		"cut at 1":      {bytes.NewReader(data[:1]), blob.ErrSize},
		"cut at n-1":    {bytes.NewReader(data[:n-1]), blob.ErrSize},
		"one too many":  {bytes.NewReader(append(slices.Clone(data), 0)), blob.ErrSize},
		"fails at 0":    {iotest.ErrReader(broken), broken},
		"fails at n-1":  {io.MultiReader(bytes.NewReader(data[:n-1]), iotest.ErrReader(broken)), broken},
		"fails at n":    {io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken)), broken},
		"checked":       {blob.NewReader(bytes.NewReader(data), blob.Of(nil), int64(n)), blob.ErrMismatch},
		"fails with it": {iotest.DataErrReader(io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken))), broken},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			key := prefix + strings.ReplaceAll(name, " ", "-")
			if err := s.Put(t.Context(), key, c.body, int64(n), blob.Of(data)); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			absent(t, s, key)
		})
	}
	if err := s.Put(t.Context(), prefix+"empty", strings.NewReader("x"), 0, blob.Of(nil)); !errors.Is(err, blob.ErrSize) {
		t.Errorf("a byte where none was announced: %v", err)
	}
	absent(t, s, prefix+"empty")
}

func TestPutCancelled(t *testing.T) {
	s, prefix := open(t)
	ctx, stop := context.WithCancel(t.Context())
	body := io.MultiReader(bytes.NewReader(random(100_000)), readFunc(func([]byte) (int, error) {
		stop()
		<-ctx.Done()
		return 0, ctx.Err()
	}))
	if err := s.Put(ctx, prefix+"k", body, 200_000, blob.Ref{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	absent(t, s, prefix+"k")
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestCreate(t *testing.T) {
	s, prefix := open(t)
	key := prefix + "checkpoint"
	if err := s.Create(t.Context(), key, []byte("first")); err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{"first", "second"} {
		if err := s.Create(t.Context(), key, []byte(again)); !errors.Is(err, objects.ErrExists) {
			t.Errorf("create again: %v", err)
		}
	}
	if got := read(t, s, key); string(got) != "first" {
		t.Errorf("holds %q", got)
	}
	if err := s.Create(t.Context(), prefix+"empty", nil); err != nil {
		t.Error(err)
	}
}

// Two writers, one name: exactly one wins, and the winner's bytes are there.
func TestCreateRace(t *testing.T) {
	s, prefix := open(t)
	for round := range 10 {
		key := fmt.Sprint(prefix, round)
		var wins sync.Map
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				switch err := s.Create(t.Context(), key, fmt.Append(nil, "writer ", i)); {
				case err == nil:
					wins.Store(fmt.Sprint("writer ", i), true)
				case !errors.Is(err, objects.ErrExists):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		winners := 0
		wins.Range(func(any, any) bool { winners++; return true })
		if _, won := wins.Load(string(read(t, s, key))); winners != 1 || !won {
			t.Errorf("%d winners; the one whose bytes are there won: %v", winners, won)
		}
	}
}

func TestNotFound(t *testing.T) {
	s, prefix := open(t)
	absent(t, s, prefix+"nothing")
	if _, _, err := s.GetRange(t.Context(), prefix+"nothing", 0, 1); !errors.Is(err, objects.ErrNotFound) {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), prefix+"nothing"); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
}

func TestDelete(t *testing.T) {
	s, prefix := open(t)
	for _, key := range []string{prefix + "c/1/a", prefix + "c/1/b"} {
		if err := s.Create(t.Context(), key, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(t.Context(), prefix+"c/1/a"); err != nil {
		t.Fatal(err)
	}
	absent(t, s, prefix+"c/1/a")
	read(t, s, prefix+"c/1/b")
	for _, key := range []string{prefix + "c/1/c", prefix + "d/1"} {
		if err := s.Create(t.Context(), key, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(t.Context(), prefix+"c/1/b", prefix+"nothing", prefix+"d/1"); err != nil {
		t.Fatal(err)
	}
	absent(t, s, prefix+"c/1/b")
	absent(t, s, prefix+"d/1")
	read(t, s, prefix+"c/1/c")
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRange(t *testing.T) {
	s, prefix := open(t)
	data := random(10_000)
	if err := s.Create(t.Context(), prefix+"k", data); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ offset, length, want int64 }{
		{0, 1, 1}, {0, 10_000, 10_000}, {9_999, 1, 1}, {5_000, 100, 100}, {9_000, 5_000, 1_000},
	} {
		r, size, err := s.GetRange(t.Context(), prefix+"k", c.offset, c.length)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err != nil || size != c.want || !bytes.Equal(got, data[c.offset:c.offset+c.want]) {
			t.Errorf("%+v: %d bytes, size %d, %v", c, len(got), size, err)
		}
		r.Close()
	}
	for _, c := range [][2]int64{{-1, 1}, {0, 0}, {10_000, 1}} {
		if _, _, err := s.GetRange(t.Context(), prefix+"k", c[0], c[1]); err == nil {
			t.Errorf("range %v of 10000 bytes was taken", c)
		}
	}
}

func TestList(t *testing.T) {
	s, prefix := open(t)
	var want []string
	for i := range 25 {
		for _, dir := range []string{"c/a/", "c/b/", "q/"} {
			key := fmt.Sprintf("%s%s%02d", prefix, dir, i)
			if err := s.Create(t.Context(), key, make([]byte, i)); err != nil {
				t.Fatal(err)
			}
			want = append(want, key)
		}
	}
	slices.Sort(want)
	list := func(prefix string) (keys []string) {
		for o, err := range s.List(t.Context(), prefix) {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, o.Key)
		}
		return keys
	}
	if got := list(prefix); !slices.Equal(got, want) {
		t.Errorf("%d keys, want %d: %v", len(got), len(want), got)
	}
	if got := list(prefix + "c/b/"); len(got) != 25 {
		t.Errorf("%d keys under c/b/", len(got))
	}
	if got := list(prefix + "c/b/1"); len(got) != 10 {
		t.Errorf("%d keys under c/b/1", len(got))
	}
	if got := list(prefix + "none"); len(got) != 0 {
		t.Error(got)
	}
	var behind []string
	for o, err := range s.ListAfter(t.Context(), prefix, want[40]) {
		if err != nil {
			t.Fatal(err)
		}
		behind = append(behind, o.Key)
	}
	if !slices.Equal(behind, want[41:]) {
		t.Errorf("behind %s: %d keys, want %d", want[40], len(behind), len(want)-41)
	}
	for _, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Error(err)
		}
		break // stopping early must not panic or leak
	}
}

func TestOpen(t *testing.T) {
	cfg := config(t)
	for range 2 { // the second finds the bucket there
		s, err := objects.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	}
	wrong := cfg
	wrong.SecretKey = strings.Repeat("0", 40)
	if _, err := objects.Open(t.Context(), wrong); err == nil || errors.Is(err, objects.ErrUnavailable) {
		t.Errorf("a wrong key: %v", err)
	}
	for _, endpoint := range []string{"", "ftp://h:1", "http://", "http://h/path", "http://u:p@h"} {
		bad := cfg
		bad.Endpoint = endpoint
		if _, err := objects.Open(t.Context(), bad); err == nil {
			t.Errorf("endpoint %q was taken", endpoint)
		}
	}
	short := cfg
	short.Bucket = "b"
	if _, err := objects.Open(t.Context(), short); err == nil || errors.Is(err, objects.ErrUnavailable) {
		t.Errorf("a bucket name that no store takes: %v", err)
	}
	gone := cfg
	gone.Endpoint = "http://127.0.0.1:1"
	if _, err := objects.Open(t.Context(), gone); !errors.Is(err, objects.ErrUnavailable) {
		t.Errorf("nobody listens: %v", err)
	}
}
