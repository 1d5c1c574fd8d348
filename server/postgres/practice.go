package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// practice is what a rep practises on: a case like a real one, of a man who does not exist. It names no number to dial.
var practice = []seal.Content{
	{Name: "practice", Value: true},
	{Name: "number", Value: "練習"},
	{Name: "title", Value: "入館証の回収(練習)"},
	{Name: "worker_name", Value: "練習 太郎"},
	{Name: "worker_kana", Value: "レンシュウ タロウ"},
	{Name: "client", Value: "株式会社練習"},
	{Name: "item", Value: "入館証"},
	{Name: "item_count", Value: 1},
	{Name: "item_state", Value: "discarded_claimed"},
}

// OpenPractice gives a rep the case that he practises on, unless he has it or has had it; who is no rep gets none. Errors: ErrNotFound.
func (db *DB) OpenPractice(ctx context.Context, member record.ID, now time.Time) error {
	m, err := db.Member(ctx, member)
	if err != nil || !slices.Contains(m.Roles, record.RoleRep) {
		return err
	}
	_, err = db.OpenCase(ctx, NewCase{ID: practiceID(member), Facts: practice, Members: []record.ID{member}}, member, now)
	if err != nil && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("postgres: practice: %w", err)
	}
	return nil
}

// practiceID follows from the member's id, so that two requests at once open one case: a UUID of version 8 (RFC 9562 section 5.8).
func practiceID(member record.ID) record.ID {
	sum := sha256.Sum256(append([]byte("practice "), member[:]...))
	id := record.ID(sum[:16])
	id[6] = 0x80 | id[6]&0x0f
	id[8] = 0x80 | id[8]&0x3f
	return id
}
