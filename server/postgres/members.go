package postgres

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Member is a person of the agency.
type Member = history.Member

// ChangeMember describes a member, new or known, as a whole; one with Active false is removed. A zero ID makes a new one. Error: ErrInvalid.
func (db *DB) ChangeMember(ctx context.Context, m Member, actor record.ID, now time.Time) (record.ID, error) {
	if m.ID.IsZero() {
		m.ID = record.NewID(now, db.config.Random)
	}
	_, err := db.work("change member", now).appendOffice(ctx, memberDraft(m, actor))
	return m.ID, err
}

func memberDraft(m Member, actor record.ID) Draft {
	if m.Roles == nil {
		m.Roles = []record.Role{}
	}
	fields := []seal.Content{{Name: "member", Value: m.ID}, {Name: "name", Value: m.Name}, {Name: "roles", Value: m.Roles}, {Name: "active", Value: m.Active}}
	fields = text(text(text(fields, "kana", m.Kana), "affiliation", m.Affiliation), "phone", m.Phone)
	if !m.Deputy.IsZero() {
		fields = append(fields, seal.Content{Name: "deputy", Value: m.Deputy})
	}
	return Draft{Kind: record.KindMemberChanged, Actor: actor, Fields: fields}
}

const readMemberStates = `select type, id, body from states where type = 'member'`

// UpdateMember changes a member who is known, as he is now: what another administrator has changed since somebody looked stays changed. The office
// keeps an administrator: without one nobody could be let in any more. Errors: ErrNotFound, ErrLastAdmin, ErrInvalid; ErrConflict, when others
// change him all the time.
func (db *DB) UpdateMember(ctx context.Context, id record.ID, change func(*Member), actor record.ID, now time.Time) error {
	for try := 0; ; try++ {
		before, err := db.Member(ctx, id)
		if err != nil {
			return err
		}
		after := before
		after.Roles = slices.Clone(before.Roles)
		change(&after)
		if err := db.updateMember(ctx, before, after, actor, now); !errors.Is(err, ErrConflict) || try == maxUpdates {
			return err
		}
	}
}

// maxUpdates is how often UpdateMember begins anew.
const maxUpdates = 5

// updateMember describes a member as a whole, if he still is as he was before. Error: ErrConflict, when he is not.
func (db *DB) updateMember(ctx context.Context, before, m Member, actor record.ID, now time.Time) error {
	w := db.work("update member", now)
	members := history.Set{}
	w.reads = append(w.reads, func(b *pgx.Batch) {
		b.Queue(readMemberStates).Query(func(rows pgx.Rows) error { return readSet(rows, members) })
	})
	w.checks = append(w.checks, func() error {
		if held, ok := members[m.Key()].(*history.Member); !ok || !reflect.DeepEqual(*held, before) {
			return ErrConflict
		}
		others := false
		for k, s := range members {
			others = others || k != m.Key() && s.(*history.Member).Has(record.RoleAdmin)
		}
		if before.Has(record.RoleAdmin) && !m.Has(record.RoleAdmin) && !others {
			return ErrLastAdmin
		}
		return nil
	})
	_, err := w.appendOffice(ctx, memberDraft(m, actor))
	return err
}

// Member reads a member, also one who was removed (not Active). Error: ErrNotFound.
func (db *DB) Member(ctx context.Context, id record.ID) (Member, error) {
	m, err := state[*history.Member](ctx, db, history.Key{Type: history.TypeMember, ID: id.String()})
	if err != nil {
		return Member{}, err
	}
	return *m, nil
}

// Members reads all members, those who were removed too, oldest first.
func (db *DB) Members(ctx context.Context) ([]Member, error) {
	list, err := states[*history.Member](ctx, db, history.TypeMember)
	members := make([]Member, len(list))
	for i, m := range list {
		members[i] = *m
	}
	return members, err
}
