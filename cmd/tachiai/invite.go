package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

const inviteManual = `Usage: tachiai invite --name NAME --role ROLE[,ROLE] | --member ID | --list

Prints a one-time code, good for ten minutes, and the link with it. A rep's
link registers a phone: show it as a QR code or type the code on the phone.
The part behind the dot is the fingerprint of the server's root key, which the
phone pins.

"--name" with "--role" creates a member first; "--member" makes a new code for
one that exists, whose id "--list" shows. Roles: rep, reviewer, approver,
auditor, admin. It works beside a running server and without one.
`

func inviteCommand(ctx context.Context, p process, args []string) error {
	flags := flag.NewFlagSet("invite", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	name, roles := flags.String("name", "", ""), flags.String("role", "", "")
	member, list := flags.String("member", "", ""), flags.Bool("list", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return errUsage
	}
	if chosen := count(*name != "" && *roles != "", *member != "", *list); chosen != 1 {
		return errUsage
	}
	return beside(ctx, p, func(h *house) error {
		switch {
		case *list:
			return h.listMembers(ctx, p.stdout)
		case *member != "":
			return h.inviteMember(ctx, p.stdout, *member)
		}
		return h.inviteNew(ctx, p.stdout, *name, strings.Split(*roles, ","))
	})
}

func count(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// beside opens the house for a command that is not the server, does the work, and closes it.
func beside(ctx context.Context, p process, work func(h *house) error) (err error) {
	config, err := readConfig(p.env)
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, config, logger(config, p.stderr), false, firstOrigin(config.PublicURL, time.Now()))
	if err != nil {
		return err
	}
	defer func() {
		if closing := h.close(); err == nil {
			err = closing
		}
	}()
	return work(h)
}

func (h *house) listMembers(ctx context.Context, w io.Writer) error {
	members, err := h.db.Members(ctx)
	if err != nil {
		return err
	}
	for _, m := range members {
		note := ""
		if !m.Active {
			note = " (removed)"
		}
		fmt.Fprintf(w, "%s  %-20s %s%s\n", m.ID, joinRoles(m.Roles), m.Name, note)
	}
	return nil
}

func joinRoles(roles []record.Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ",")
}

func (h *house) inviteMember(ctx context.Context, w io.Writer, id string) error {
	member, err := record.ParseID(id)
	if err != nil {
		return fmt.Errorf("%w: --member: %w", errUsage, err)
	}
	m, err := h.db.Member(ctx, member)
	if err != nil {
		return err
	}
	if !m.Active {
		return fmt.Errorf("%s was removed", m.Name)
	}
	return h.print(ctx, w, m.ID, m.Name, m.Roles)
}

func (h *house) inviteNew(ctx context.Context, w io.Writer, name string, roles []string) error {
	known := make([]record.Role, 0, len(roles))
	for _, text := range roles {
		role := record.Role(strings.TrimSpace(text))
		if !isRole(role) {
			return fmt.Errorf("%w: --role %q is none of %s", errUsage, role, roleNames())
		}
		known = append(known, role)
	}
	admin, err := h.admin(ctx)
	if err != nil {
		return err
	}
	member, err := h.db.ChangeMember(ctx, postgres.Member{ID: record.NewID(time.Now(), rand.Reader), Name: name, Roles: known, Active: true}, admin, time.Now())
	if err != nil {
		return err
	}
	return h.print(ctx, w, member, name, known)
}

func isRole(role record.Role) bool {
	for _, r := range record.Roles {
		if r.Code == string(role) {
			return true
		}
	}
	return false
}

func (h *house) print(ctx context.Context, w io.Writer, member record.ID, name string, roles []record.Role) error {
	public := h.address.PublicURL
	if public == "" {
		public = h.config.PublicURL
	}
	if public == "" {
		_, port, _ := strings.Cut(h.config.Listen, ":")
		public = "http://localhost:" + port
	}
	g, err := h.invite(ctx, member, name, roles, public, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s  %s\ncode  %s  (10 min)\n%s\n", member, name, g.code.Spaced(), g.link)
	return err
}
