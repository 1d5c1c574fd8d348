package postgres

import (
	"cmp"
	"context"
	"slices"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// picture is a derivative that a disclosure shows, with the photo that it stands in for.
type picture struct {
	PhotoRef
	visit    history.Key
	photo    record.Hash // the record that holds the original
	original string      // its blob there
	known    bool        // false: its record does not say, or does not say any more
}

// pictures finds what photos derivatives stand in for.
func (db *DB) pictures(ctx context.Context, refs []PhotoRef) ([]picture, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	var hashes [][]byte
	for _, ref := range refs {
		hashes = append(hashes, ref.Record[:])
	}
	full, err := query(ctx, db, "pictures", findFull, scanFull, hashes)
	if err != nil {
		return nil, err
	}
	list := make([]picture, len(refs))
	for i, ref := range refs {
		at := slices.IndexFunc(full, func(f fullRecord) bool { return f.record != nil && f.record.Hash == ref.Record })
		if list[i] = (picture{PhotoRef: ref}); at >= 0 {
			list[i].read(full[at].record)
		}
	}
	return list, nil
}

func (p *picture) read(r *record.Record) {
	p.visit = history.Key{Type: history.TypeVisit, ID: r.Case.String() + "/" + r.Visit.String()}
	if r.Kind == record.KindPhotoRedacted {
		photo, err := record.ParseHash(r.Text("record"))
		p.photo, p.original, p.known = photo, r.Text("original"), err == nil
		return
	}
	for _, b := range r.BlobFields() {
		if b.ID == p.ID {
			p.photo, p.original, p.known = r.Hash, cmp.Or(b.Of, b.ID), true
		}
	}
}

// judge holds a picture against the visit as it stands. What the rep has hidden in a photo stays hidden, whenever the phone comes to say so; and
// nobody outside sees what no reviewer has looked at. Errors: ErrNotReviewed, ErrHidden, ErrSpoilt.
func (p picture) judge(set history.Set) error {
	if !p.known {
		return ErrSpoilt
	}
	v, _ := set[p.visit].(*history.Visit)
	if v == nil || v.Review == nil || v.Review.Decision != "approved" {
		return ErrNotReviewed
	}
	switch r := v.Redacted(p.photo, p.original); {
	case r == nil || !r.ByHand():
		return nil
	case r.Record != p.Record:
		return ErrHidden
	case r.Index > v.Review.Index:
		return ErrNotReviewed
	}
	return nil
}
