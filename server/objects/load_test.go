package objects_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/sync/blob"
)

// Two hundred phones on bad links upload at once. Each Put waits for its next
// byte for as long as the phone needs, so what a waiting Put holds decides how
// much memory the server needs.
func TestSlowPutsHoldLittle(t *testing.T) {
	const puts, limit = 200, 128 << 10
	s, prefix := open(t)
	data := random(256 << 10)
	ref := blob.Of(data)
	runtime.GC()
	var before, during runtime.MemStats
	runtime.ReadMemStats(&before)

	var arrived, done sync.WaitGroup
	goOn := make(chan struct{})
	arrived.Add(puts)
	for i := range puts {
		done.Go(func() {
			wait := readFunc(func([]byte) (int, error) { arrived.Done(); <-goOn; return 0, io.EOF })
			half := len(data) / 2
			body := io.MultiReader(bytes.NewReader(data[:half]), wait, bytes.NewReader(data[half:]))
			if err := s.Put(t.Context(), fmt.Sprint(prefix, i), body, int64(len(data)), ref); err != nil {
				t.Error(err)
			}
		})
	}
	arrived.Wait()
	runtime.GC()
	runtime.ReadMemStats(&during)
	if os.Getenv("S3_TEST_ENDPOINT") == "" {
		_, pid := embeddedtest.Start(t).Pids()
		t.Logf("the object store's own RSS: %d MiB", rss(t, pid)>>20)
	}
	close(goOn)
	done.Wait()
	each := int64(during.HeapInuse+during.StackInuse-before.HeapInuse-before.StackInuse) / puts
	t.Logf("%d KiB for each waiting Put", each>>10)
	if each > limit {
		t.Errorf("a waiting Put holds %d KiB, limit %d", each>>10, limit>>10)
	}
}

func rss(t testing.TB, pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Log(err) // no /proc on this system
		return 0
	}
	pages, _ := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// BenchmarkPut beside BenchmarkBare: our Put may cost 10 % more than minio-go's
// own PutObject of the same objects.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{300 << 10, 8 << 20} {
		b.Run(fmt.Sprint(size>>10, "KiB"), func(b *testing.B) {
			s, prefix := open(b)
			bench(b, size, func(i int, data []byte, ref blob.Ref) error {
				return s.Put(context.Background(), fmt.Sprint(prefix, i), stream{bytes.NewReader(data)}, int64(len(data)), ref)
			})
		})
	}
}

func BenchmarkBare(b *testing.B) {
	for _, size := range []int{300 << 10, 8 << 20} {
		b.Run(fmt.Sprint(size>>10, "KiB"), func(b *testing.B) {
			cfg := config(b)
			u, err := url.Parse(cfg.Endpoint)
			if err != nil {
				b.Fatal(err)
			}
			c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""), Secure: u.Scheme == "https", Region: cfg.Region})
			if err != nil {
				b.Fatal(err)
			}
			_ = c.MakeBucket(b.Context(), cfg.Bucket, minio.MakeBucketOptions{Region: cfg.Region})
			bench(b, size, func(i int, data []byte, _ blob.Ref) error {
				_, err := c.PutObject(context.Background(), cfg.Bucket, fmt.Sprint("bare/", i), bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{})
				return err
			})
		})
	}
}

// bench puts objects with 8 writers; distinct names, the same bytes.
func bench(b *testing.B, size int, put func(i int, data []byte, ref blob.Ref) error) {
	data := random(size)
	ref := blob.Of(data)
	b.SetBytes(int64(size))
	b.ResetTimer()
	var next sync.Mutex
	i := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				next.Lock()
				n := i
				i++
				next.Unlock()
				if n >= b.N {
					return
				}
				if err := put(n, data, ref); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
