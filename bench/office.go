package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// crew enrols n phones, each of a rep of its own.
func (s *site) crew(ctx context.Context, n, connections int) ([]*phone, error) {
	now := time.Now()
	reps, drafts := make([]record.ID, n), make([]postgres.Draft, n)
	for i := range reps {
		reps[i] = record.NewID(now, rand.Reader)
		drafts[i] = postgres.Draft{Kind: record.KindMemberChanged, Actor: s.admin, Fields: []seal.Content{
			field("member", reps[i].String()), field("name", fmt.Sprintf("営業 %d", i)), field("roles", []any{"rep"}), field("active", true),
		}}
	}
	if _, err := s.db.AppendOffice(ctx, now, drafts...); err != nil {
		return nil, err
	}
	phones := make([]*phone, n)
	for i, rep := range reps {
		code, err := s.db.NewEnrolmentCode(ctx, rep, time.Now())
		if err != nil {
			return nil, err
		}
		if phones[i], err = s.phone(ctx, code, connections); err != nil {
			return nil, fmt.Errorf("enrol: %w", err)
		}
	}
	return phones, nil
}

// draftsAtOnce bounds an office transaction.
const draftsAtOnce = 200

// cases opens n cases and assigns them to a rep.
func (s *site) cases(ctx context.Context, n int, rep record.ID) ([]record.ID, error) {
	ids := make([]record.ID, n)
	var drafts []postgres.Draft
	flush := func() error {
		_, err := s.db.AppendOffice(ctx, time.Now(), drafts...)
		drafts = drafts[:0]
		return err
	}
	for i := range ids {
		ids[i] = record.NewID(time.Now(), rand.Reader)
		drafts = append(drafts,
			postgres.Draft{Kind: record.KindCaseOpened, Case: ids[i], Actor: s.admin, Fields: []seal.Content{
				field("number", fmt.Sprintf("2026-%06d", below(1_000_000))), field("title", "入館証の回収"), field("worker_name", "髙橋 健"), field("worker_kana", "タカハシ ケン"),
				field("client", "株式会社東都ホールディングス"), field("item", "入館証"), field("item_number", fmt.Sprintf("TH-%05d", below(100_000))),
				field("address", "東京都港区三田一丁目2番3号"), field("address_point", map[string]any{"lat": 356581000, "lng": 1397016000}),
			}},
			postgres.Draft{Kind: record.KindCaseAssigned, Case: ids[i], Actor: s.admin, Fields: []seal.Content{field("members", []any{rep.String()})}})
		if len(drafts) == draftsAtOnce {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if len(drafts) > 0 {
		return ids, flush()
	}
	return ids, nil
}
