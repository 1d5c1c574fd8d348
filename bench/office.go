package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os/exec"
	"regexp"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
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

// enrolled makes a browser the phone of a new rep with n cases, and gives the first of them.
func (s *site) enrolled(ctx context.Context, b *bench, n int) (string, error) {
	rep := record.NewID(time.Now(), rand.Reader)
	_, err := s.db.ChangeMember(ctx, postgres.Member{ID: rep, Name: "営業 一郎", Roles: []record.Role{record.RoleRep}, Active: true}, s.admin, time.Now())
	if err != nil {
		return "", err
	}
	cases, err := s.cases(ctx, n, rep)
	if err != nil {
		return "", err
	}
	code, err := s.db.NewEnrolmentCode(ctx, rep, time.Now())
	if err != nil {
		return "", err
	}
	var done struct{}
	err = b.act(ctx, "enrol", map[string]any{"link": wire.EnrolLink(s.public, wire.Code(code), s.root), "cases": n}, &done)
	return cases[0].String(), err
}

var (
	demoLink = regexp.MustCompile(`http\S+/d/\S+`)
	demoCode = regexp.MustCompile(`passcode: +([0-9]{8})`)
)

// demo plays the demo on the site, for its link.
func (s *site) demo(ctx context.Context, b *bench) (link, passcode string, err error) {
	say("-- the demo, for its link")
	demo := exec.CommandContext(ctx, b.bin, "demo")
	demo.Dir, demo.Env = b.dir, s.child.Env
	said, err := demo.Output()
	if err != nil {
		return "", "", fmt.Errorf("demo: %w", err)
	}
	link = demoLink.FindString(string(said))
	code := demoCode.FindStringSubmatch(string(said))
	if link == "" || code == nil {
		return "", "", fmt.Errorf("the demo gave no link:\n%s", said)
	}
	return link, code[1], nil
}
