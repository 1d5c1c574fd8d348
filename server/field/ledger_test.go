package field_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tachiai/server/jobs"
	"tachiai/sync/blob"
)

// TestCheckpointsOfTwoServers: servers that publish at the same moment publish the same bytes, each size once, and both mirrors hold what was
// published before it can be read.
func TestCheckpointsOfTwoServers(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	caseID := s.theCase(p.id)
	workers := make([]*jobs.Jobs, 4)
	for i := range workers {
		workers[i] = jobs.New(jobs.Config{DB: s.db, Objects: s.objects, Key: s.keys.Ledger, Dir: s.dir, Now: s.now})
	}
	for range 5 {
		push(t, p.Phone, noted(t, p.Phone, caseID, 1)[0].Compact)
		var all sync.WaitGroup
		for _, w := range workers {
			all.Go(func() {
				if err := w.Publish(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		last, err := s.db.LatestCheckpoint(t.Context())
		if err != nil || last.Size != s.size() {
			t.Fatalf("published %d of %d, %v", last.Size, s.size(), err)
		}
		local, err := os.ReadFile(filepath.Join(s.dir, "checkpoints", pad(last.Size)))
		if err != nil {
			t.Fatal(err)
		}
		content, size, err := s.objects.Get(t.Context(), "checkpoints/"+pad(last.Size))
		if err != nil {
			t.Fatal(err)
		}
		remote := make([]byte, size)
		if _, err := io.ReadFull(content, remote); err != nil {
			t.Fatal(err)
		}
		content.Close()
		if !bytes.Equal(local, last.Note) || !bytes.Equal(remote, last.Note) {
			t.Fatal("the mirrors hold something else")
		}
	}
	left, err := os.ReadDir(filepath.Join(s.dir, "checkpoints"))
	if err != nil || len(left) != 5 {
		t.Fatalf("%d files, %v", len(left), err)
	}
	for _, w := range workers {
		if err := w.Verify(t.Context()); err != nil || len(w.State().Red) > 0 {
			t.Fatalf("%v, %v", err, w.State().Red)
		}
	}
}

// TestDamagedBlobTurnsRed: the full check reads stored blobs; one whose bytes have changed, or that is gone, turns the ledger red, by name.
func TestDamagedBlobTurnsRed(t *testing.T) {
	for name, damage := range map[string]func(s *site, key string) error{
		"changed": func(s *site, key string) error {
			other := []byte("another photo")
			return s.objects.Put(s.t.Context(), key, bytes.NewReader(other), int64(len(other)), blob.Of(other))
		},
		"gone": func(s *site, key string) error { return s.objects.Delete(s.t.Context(), key) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			n := s.node()
			p := s.rep(n)
			caseID := s.theCase(p.id)
			_, data := photographed(t, p.Phone, caseID, 3000)
			if _, err := p.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := n.jobs.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
			key := caseKey(caseID, data)
			if err := damage(s, key); err != nil {
				t.Fatal(err)
			}
			if err := n.jobs.Verify(t.Context()); err == nil {
				t.Fatal("not noticed")
			}
			if red := n.jobs.State().Red; len(red) != 1 || !strings.Contains(red[0], key) {
				t.Fatalf("red: %v", red)
			}
		})
	}
}
