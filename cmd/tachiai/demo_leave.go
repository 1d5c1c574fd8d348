package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
)

// leave writes everything that the phones hold and what the server published
// into dir, and gives the root key that the phones pinned.
func (d *demo) leave(ctx context.Context, dir string, h *handed, phones ...*fieldtest.Phone) (root record.KeyID, err error) {
	for i, p := range phones {
		if err := d.leaveJournal(filepath.Join(dir, "journal-"+string(rune('A'+i))), p); err != nil {
			return root, err
		}
	}
	joined := phones[0].Joined()
	if root, err = record.ParseKeyID(joined.Root); err != nil {
		return root, err
	}
	keys, err := d.get(ctx, "/keys")
	if err != nil {
		return root, err
	}
	last := h.index
	for _, p := range phones {
		for _, e := range p.Journal() {
			last = max(last, e.Index)
		}
	}
	checkpoint, size, err := d.checkpointAfter(ctx, last)
	if err != nil {
		return root, err
	}
	if err := errors.Join(write(dir, "keys.jws", keys), write(dir, "checkpoint", checkpoint)); err != nil {
		return root, err
	}
	if err := h.leave(ctx, d, dir, size); err != nil {
		return root, err
	}
	for i, p := range phones {
		folder := filepath.Join(dir, "journal-"+string(rune('A'+i)))
		for _, e := range p.Journal() {
			proof, err := d.get(ctx, fmt.Sprintf("/ledger/v1/inclusion?index=%d&size=%d", e.Index, size))
			if err != nil {
				return root, err
			}
			if err := write(folder, base(e)+".proof.json", proof); err != nil {
				return root, err
			}
		}
	}
	return root, nil
}

func base(e *fieldtest.Entry) string { return fmt.Sprintf("%04d-%s", e.Seq, e.Kind) }

func (d *demo) leaveJournal(folder string, p *fieldtest.Phone) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := write(folder, "certificate.jws", []byte(p.Joined().Certificate)); err != nil {
		return err
	}
	for _, e := range p.Journal() {
		if err := errors.Join(write(folder, base(e)+".record", []byte(e.Compact)), write(folder, base(e)+".receipt", []byte(e.Receipt))); err != nil {
			return err
		}
		for _, b := range e.BlobFields() {
			data, ok := p.Blob(b.SHA256)
			if !ok {
				return fmt.Errorf("the phone lost photo %s", b.SHA256)
			}
			name := base(e) + "." + b.ID
			if err := errors.Join(write(folder, name+".blob", data), write(folder, name+".blob-receipt", []byte(e.Blobs[b.SHA256]))); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(dir, name string, data []byte) error {
	return os.WriteFile(filepath.Join(dir, name), data, 0o600)
}

// checkpointAfter waits for a published checkpoint that covers entry index; one
// is published at every CHECKPOINT_INTERVAL.
func (d *demo) checkpointAfter(ctx context.Context, index int64) (note []byte, size int64, err error) {
	deadline := time.Now().Add(3*d.house.config.Checkpoint + 10*time.Second)
	for time.Now().Before(deadline) {
		if note, err = d.get(ctx, "/checkpoint"); err == nil {
			lines := strings.SplitN(string(note), "\n", 3)
			if len(lines) == 3 && json.Unmarshal([]byte(lines[1]), &size) == nil && size > index {
				return note, size, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil, 0, errors.Join(errors.New("no checkpoint covers the records yet"), err)
}

func (d *demo) get(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.server+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, ledger.MaxCheckpoint))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return body, err
}
