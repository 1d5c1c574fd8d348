package main

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// guest is a member with a fresh one-time code.
type guest struct {
	name, role string
	code       wire.Code
	link       string
}

// firstMembers are the people that a new installation begins with. Their names are placeholders that the administrator changes.
var firstMembers = []struct {
	name string
	role record.Role
}{{"管理者", record.RoleAdmin}, {"審査担当", record.RoleReviewer}, {"承認者", record.RoleApprover}, {"営業担当", record.RoleRep}}

// welcome creates the first members of an empty installation, all in one transaction, and gives each a one-time link. On an installation that
// has members it does nothing.
func (h *house) welcome(ctx context.Context, public string, now time.Time) ([]guest, error) {
	members, err := h.db.Members(ctx)
	if err != nil || len(members) > 0 {
		return nil, err
	}
	admin := record.NewID(now, rand.Reader)
	ids, drafts := make([]record.ID, len(firstMembers)), make([]postgres.Draft, len(firstMembers))
	for i, m := range firstMembers {
		if ids[i] = record.NewID(now, rand.Reader); m.role == record.RoleAdmin {
			ids[i] = admin
		}
		drafts[i] = postgres.Draft{Kind: record.KindMemberChanged, Actor: admin, Fields: []seal.Content{
			{Name: "member", Value: ids[i]}, {Name: "name", Value: m.name}, {Name: "roles", Value: []string{string(m.role)}}, {Name: "active", Value: true},
		}}
	}
	if _, err := h.db.AppendOffice(ctx, now, drafts...); err != nil {
		return nil, err
	}
	guests := make([]guest, len(firstMembers))
	for i, m := range firstMembers {
		if guests[i], err = h.invite(ctx, ids[i], m.name, []record.Role{m.role}, public, now); err != nil {
			return nil, err
		}
	}
	return guests, nil
}

// invite makes a one-time link for a member: a rep's registers a phone, the others' lead to the office.
func (h *house) invite(ctx context.Context, member record.ID, name string, roles []record.Role, public string, now time.Time) (guest, error) {
	code, err := h.db.NewEnrolmentCode(ctx, member, now)
	if err != nil {
		return guest{}, err
	}
	g := guest{name: name, code: wire.Code(code), link: wire.EnrolLink(public, wire.Code(code), h.keys.RootID())}
	if len(roles) > 0 {
		g.role = string(roles[0])
	}
	if !hasRole(roles, record.RoleRep) {
		g.link = strings.Replace(g.link, wire.EnrolPath, officePath, 1)
	}
	return g, nil
}

// officePath is where the links of those lead who carry no phone.
const officePath = "/office/enrol"

func hasRole(roles []record.Role, role record.Role) bool { return slices.Contains(roles, role) }
