package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"tachiai/sync/blob"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// proved is one line of the table that the demo ends with.
type proved struct {
	journal  string
	seq      int64
	kind     record.Kind
	captured time.Time
	received time.Time
	index    int64
	photos   int
}

// proveFolder judges what lies in a demo folder with sync/ alone: no server, no
// database, nothing but the files and the fingerprint of the root key. It
// fails on the first thing that does not hold, and says which file.
//
// For each journal folder: the certificate is by the office key; the journal is
// whole; each record is by the journal's key, has a receipt, and the receipt is
// in the ledger of the checkpoint; each photo has the bytes that its record
// names, and a blob receipt. A visit that ended names exactly its records. The
// document for the client is the one whose digest the office sealed.
func proveFolder(dir string, root record.KeyID) ([]proved, error) {
	text, err := os.ReadFile(filepath.Join(dir, "keys.jws"))
	if err != nil {
		return nil, err
	}
	set, err := seal.OpenPinnedKeySet(strings.TrimSpace(string(text)), root)
	if err != nil {
		return nil, fmt.Errorf("keys.jws: %w", err)
	}
	checkpoint, err := proveCheckpoint(dir, set)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	journals, err := filepath.Glob(filepath.Join(dir, "journal-*"))
	if err != nil {
		return nil, err
	}
	var all []proved
	for _, folder := range journals {
		lines, err := proveJournal(folder, set, checkpoint)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(folder), err)
		}
		all = append(all, lines...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no record", dir)
	}
	if err := proveDocument(filepath.Join(dir, disclosureFolder), set, checkpoint); err != nil {
		return nil, fmt.Errorf("%s: %w", disclosureFolder, err)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].captured.Before(all[j].captured) })
	return all, nil
}

func proveCheckpoint(dir string, set seal.KeySet) (ledger.Checkpoint, error) {
	note, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	var keys []ledger.Key
	for _, k := range set.Keys {
		if k.Use != seal.UseLedger {
			continue
		}
		public, err := ed25519Key(k.Public)
		if err != nil {
			return ledger.Checkpoint{}, err
		}
		key, err := ledger.NewKey(set.Origin, public)
		if err != nil {
			return ledger.Checkpoint{}, err
		}
		keys = append(keys, key)
	}
	return ledger.Open(note, keys...)
}

func proveJournal(folder string, set seal.KeySet, checkpoint ledger.Checkpoint) ([]proved, error) {
	certificate, err := proveCertificate(folder, set)
	if err != nil {
		return nil, fmt.Errorf("certificate.jws: %w", err)
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.record"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var records []*record.Record
	var lines []proved
	for _, name := range names {
		r, line, err := proveRecord(name, set, certificate, checkpoint)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		line.journal = strings.TrimPrefix(filepath.Base(folder), "journal-")
		records, lines = append(records, r), append(lines, line)
	}
	if _, err := record.CheckJournal(records); err != nil {
		return nil, err
	}
	return lines, proveVisits(records)
}

func proveCertificate(folder string, set seal.KeySet) (seal.DeviceCert, error) {
	token, err := os.ReadFile(filepath.Join(folder, "certificate.jws"))
	if err != nil {
		return seal.DeviceCert{}, err
	}
	err = seal.ErrUnknownKey
	for _, k := range set.Keys {
		if k.Use != seal.UseOffice {
			continue
		}
		var c seal.DeviceCert
		if c, err = seal.OpenDeviceCert(string(token), k.Public); err == nil {
			return c, nil
		}
	}
	return seal.DeviceCert{}, err
}

// byReceiptKey tries the receipt keys of the set, present and former.
func byReceiptKey[T any](set seal.KeySet, open func(k seal.Key) (T, error)) (t T, err error) {
	err = seal.ErrUnknownKey
	for _, k := range set.Keys {
		if k.Use != seal.UseReceipt {
			continue
		}
		if t, err = open(k); err == nil {
			return t, nil
		}
	}
	return t, err
}

func proveRecord(name string, set seal.KeySet, certificate seal.DeviceCert, checkpoint ledger.Checkpoint) (*record.Record, proved, error) {
	base := strings.TrimSuffix(name, ".record")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, proved{}, err
	}
	r, err := seal.Open(string(text), seal.OneKey(certificate.Key))
	if err != nil {
		return nil, proved{}, err
	}
	if r.Actor != certificate.Member || len(r.Stray) > 0 || r.Withheld() > 0 {
		return nil, proved{}, fmt.Errorf("not whole, or by another member than the certificate's")
	}
	receipt, err := provePlace(base, r, set, checkpoint)
	if err != nil {
		return nil, proved{}, err
	}
	photos, err := provePhotos(base, r, set)
	if err != nil {
		return nil, proved{}, err
	}
	return r, proved{
		seq: r.Seq, kind: r.Kind, captured: time.UnixMilli(r.At), received: time.UnixMilli(receipt.ReceivedAt), index: receipt.Index, photos: photos,
	}, nil
}

// provePlace holds the receipt beside a record against it, and the proof
// against the checkpoint.
func provePlace(base string, r *record.Record, set seal.KeySet, checkpoint ledger.Checkpoint) (seal.Receipt, error) {
	token, err := os.ReadFile(base + ".receipt")
	if err != nil {
		return seal.Receipt{}, err
	}
	receipt, err := byReceiptKey(set, func(k seal.Key) (seal.Receipt, error) { return seal.OpenReceipt(string(token), k.Public) })
	if err != nil {
		return receipt, fmt.Errorf("receipt: %w", err)
	}
	if receipt.Hash != r.Hash || receipt.Seq != r.Seq || receipt.KeyID != r.KeyID || receipt.Origin != checkpoint.Origin {
		return receipt, fmt.Errorf("the receipt is for another record or ledger")
	}
	proof, err := os.ReadFile(base + ".proof.json")
	if err != nil {
		return receipt, err
	}
	inclusion, err := ledger.ParseInclusion(proof)
	if err != nil {
		return receipt, fmt.Errorf("proof: %w", err)
	}
	if inclusion.Index != receipt.Index {
		return receipt, fmt.Errorf("the proof is for entry %d, the receipt for %d", inclusion.Index, receipt.Index)
	}
	if err := inclusion.In(checkpoint, token[:bytes.LastIndexByte(token, '.')]); err != nil {
		return receipt, fmt.Errorf("proof: %w", err)
	}
	return receipt, nil
}

func provePhotos(base string, r *record.Record, set seal.KeySet) (int, error) {
	fields := r.BlobFields()
	if len(fields) != len(r.Blobs) {
		return 0, fmt.Errorf("names %d blobs and describes %d", len(r.Blobs), len(fields))
	}
	for _, b := range fields {
		want, err := blob.ParseRef(b.SHA256)
		if err != nil {
			return 0, err
		}
		file, err := os.Open(base + "." + b.ID + ".blob")
		if err != nil {
			return 0, err
		}
		_, err = io.Copy(io.Discard, blob.NewReader(file, want, b.Size))
		_ = file.Close() // only read from
		if err != nil {
			return 0, fmt.Errorf("photo %s: %w", b.ID, err)
		}
		token, err := os.ReadFile(base + "." + b.ID + ".blob-receipt")
		if err != nil {
			return 0, err
		}
		receipt, err := byReceiptKey(set, func(k seal.Key) (seal.BlobReceipt, error) { return seal.OpenBlobReceipt(string(token), k.Public) })
		if err != nil {
			return 0, fmt.Errorf("receipt of photo %s: %w", b.ID, err)
		}
		if receipt.Record != r.Hash || receipt.SHA256 != b.SHA256 || receipt.Size != b.Size {
			return 0, fmt.Errorf("receipt of photo %s is for something else", b.ID)
		}
	}
	return len(fields), nil
}

// proveVisits holds each visit.ended against the records of its visit. A visit
// without one is not whole: a journal whose tail is cut off still chains.
func proveVisits(records []*record.Record) error {
	held, ended := map[record.ID]map[string]bool{}, map[record.ID]bool{}
	for _, r := range records {
		if r.Visit.IsZero() {
			continue
		}
		if held[r.Visit] == nil {
			held[r.Visit] = map[string]bool{}
		}
		if r.Kind != record.KindVisitEnded {
			held[r.Visit][r.Hash.String()] = true
			continue
		}
		ended[r.Visit] = true
		list, _ := r.Field("records")
		if list.Len() != len(held[r.Visit]) {
			return fmt.Errorf("visit %s names %d records and has %d", r.Visit, list.Len(), len(held[r.Visit]))
		}
		for _, v := range list.Elements() {
			if h, _ := v.Text(); !held[r.Visit][h] {
				return fmt.Errorf("visit %s: record %s is missing", r.Visit, h)
			}
		}
	}
	for visit := range held {
		if !ended[visit] {
			return fmt.Errorf("visit %s has no end: what came last is missing", visit)
		}
	}
	return nil
}
