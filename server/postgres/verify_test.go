package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
)

// TestL30ChangedTruthIsNamed changes rows as an administrator with a psql prompt can: with all rights, and with the triggers off.
func TestL30ChangedTruthIsNamed(t *testing.T) {
	cases := []struct {
		name, sql string // %d is the index of a phone's record in the middle
		row       string // that a finding must name
	}{
		{"update core", `update records set core = core || 'A' where index = %d`, "records %d"},
		{"update core and hash", `update records set core = c.core, hash = sha256(c.core::bytea) from (select replace(core, 'a', 'b') as core from records where index = %[1]d) c where index = %[1]d`, "records %d"},
		{"swap two cores", `update records r set core = o.core, hash = o.hash, signature = o.signature from (select index, core, sha256((core||'x')::bytea) as hash, signature from records) o where r.index = %[1]d and o.index = %[1]d + 1`, "records %d"},
		{"update signature", `update records set signature = set_byte(signature, 3, (get_byte(signature, 3) + 1) %% 256) where index = %d`, "records %d"},
		{"update receipt", `update records set receipt = (select receipt from records where index = %[1]d + 1) where index = %[1]d`, "records %d"},
		{"update time", `update records set received_at = received_at - 86400000 where index = %d`, "records %d"},
		{"update case", `update records set case_id = gen_random_uuid() where index = %d`, "records %d"},
		{"update kind", `update records set kind = 'visit.ended' where index = %d`, "records %d"},
		{"update actor", `update records set actor = gen_random_uuid() where index = %d`, "records %d"},
		{"delete record", `delete from records where index = %d`, "records %d"},
		{"delete leaf", `delete from ledger_hashes where index = 2 * %[1]d - bit_count(%[1]d::bigint::bit(64))`, "ledger_hashes "},
		{"update leaf", `update ledger_hashes set hash = sha256(hash) where index = 2 * %[1]d - bit_count(%[1]d::bigint::bit(64))`, "records %d"},
		{"update inner hash", `update ledger_hashes set hash = sha256(hash) where index = 2`, "ledger_hashes 2"},
		{"insert record", `insert into records select index + 100, received_at, seq + 100, at, sha256(hash), kid, id, case_id, visit_id, actor, kind, core, signature, receipt, flags from records where index = %d`, "records "},
		{"insert hash", `insert into ledger_hashes select max(index) + 1, sha256('x') from ledger_hashes`, "ledger_hashes "},
		{"cut the end off", `delete from records where index > %[1]d; delete from ledger_hashes where index > 2 * %[1]d + 1; update ledger set size = %[1]d + 1`, "ledger"},
		{"update field", `update fields set fields = array[fields[1] || 'A'] where index = %d`, "records %d"},
		{"insert field", `update fields set fields = fields || (select fields from fields where index = %[1]d + 1) where index = %[1]d`, "records %d"},
		{"update head", `update journals set seq = seq - 1`, "journals "},
		{"delete head", `delete from journals`, "journals "},
		{"insert device", `insert into devices select sha256(kid), jwk, member, label, certificate, null, enrolled_at from devices`, "devices "},
		{"give device away", `update devices set member = gen_random_uuid()`, "devices "},
		{"unrevoke device", `update devices set revoked_at = 1`, "devices "},
		{"update checkpoint", `update checkpoints set root = sha256(root)`, "checkpoints "},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			rep := h.member("髙橋", record.RoleRep)
			p, c := h.newPhone(rep), h.openCase(rep)
			middle := p.push(p.visit(c, 6)...).Outcomes[2].Index
			h.publish()
			h.sound()
			sql := test.sql
			if strings.Contains(sql, "%") {
				sql = fmt.Sprintf(sql, middle)
			}
			h.superuser(sql)
			var found []postgres.Finding
			_, err := h.db.Verify(h.ctx, nil, noon, func(f postgres.Finding) { found = append(found, f) })
			h.must(err)
			want := test.row
			if strings.Contains(want, "%") {
				want = fmt.Sprintf(want, middle)
			}
			for _, f := range found {
				if strings.HasPrefix(f.Row, want) && f.Text != "" {
					return
				}
			}
			t.Errorf("no finding names %q: %+v", want, found)
		})
	}
}

// publish publishes a checkpoint of the present state, unsigned: the database compares only text and root.
func (h *house) publish() ledger.Checkpoint {
	h.t.Helper()
	head, err := h.db.Head(h.ctx)
	h.must(err)
	note := fmt.Sprintf("%s\n%d\n%s\n\n— test\n", head.Origin, head.Size, head.Root)
	h.must(h.db.PublishCheckpoint(h.ctx, postgres.Checkpoint{Checkpoint: head, Note: []byte(note)}, noon))
	return head
}

func TestCheckGoesOnWhereItEnded(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	check := func() []postgres.Finding {
		t.Helper()
		found, err := h.db.Check(h.ctx, nil, noon)
		h.must(err)
		return found
	}
	first := p.push(p.visit(c, 4)...).Outcomes[0].Index
	if found := check(); len(found) != 0 {
		t.Fatalf("%+v", found)
	}
	second := p.push(p.visit(c, 4)...).Outcomes[0].Index
	if found := check(); len(found) != 0 {
		t.Fatalf("%+v", found)
	}
	h.superuser(fmt.Sprintf(`update records set core = core || 'A' where index = %d`, second))
	if found := check(); len(found) != 0 {
		t.Fatalf("looked again at what it had checked: %+v", found)
	}
	h.superuser(fmt.Sprintf(`delete from records where index = %d`, first))
	if found := check(); len(found) == 0 {
		t.Error("a deleted record was not missed")
	}
	third := p.push(p.visit(c, 4)...).Outcomes[1].Index
	h.superuser(fmt.Sprintf(`update records set at = at + 1 where index = %d`, third))
	found := check()
	if len(found) < 2 || found[0].Index != third {
		t.Errorf("%+v", found)
	}
}

func TestAppendOnlyByTriggerAndGrant(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	h.openCase(rep)
	if reasons, err := h.db.Degraded(h.ctx); err != nil || len(reasons) != 0 {
		t.Errorf("degraded: %v %v", reasons, err)
	}
	for role, url := range map[string]string{"owner": h.ownerURL, "app": h.config.URL} {
		conn, err := pgx.Connect(h.ctx, url)
		h.must(err)
		for _, sql := range []string{
			`update records set at = 0`, `delete from records`, `truncate records`, `update ledger_hashes set hash = hash`, `delete from ledger_hashes`,
			`update checkpoints set size = 0`, `delete from later_flags`, `delete from tombstones`, `truncate origins`,
		} {
			if _, err := conn.Exec(h.ctx, sql); err == nil {
				t.Errorf("%s may %s", role, sql)
			}
		}
		h.must(conn.Close(h.ctx))
	}
	config := h.config
	config.URL = h.ownerURL
	owner, err := postgres.Open(h.ctx, config)
	h.must(err)
	defer owner.Close()
	if reasons, err := owner.Degraded(h.ctx); err != nil || len(reasons) != 6 {
		t.Errorf("one shared role is not reported: %v %v", reasons, err)
	}
}

func TestRebuildFindsAndMends(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	lost := h.openCase(rep)
	p.push(p.visit(c, 3)...)
	h.sound()
	h.superuser(`update states set body = jsonb_set(body::jsonb, '{state}', '"closed"')::json where type = 'case' and id = $1`, c.String())
	h.superuser(`delete from states where type = 'case' and id = $1`, lost.String())
	h.superuser(`insert into states select type, gen_random_uuid()::text, body, index from states where type = 'member' limit 1`)
	var found []postgres.Difference
	_, err := h.db.Rebuild(h.ctx, false, func(d postgres.Difference) { found = append(found, d) })
	h.must(err)
	if len(found) != 3 {
		t.Fatalf("%+v", found)
	}
	summary, err := h.db.Rebuild(h.ctx, true, func(postgres.Difference) {})
	h.must(err)
	if !summary.Applied || summary.Differences != 3 {
		t.Errorf("%+v", summary)
	}
	h.sound()
	if _, err := h.db.Case(h.ctx, lost); err != nil {
		t.Errorf("not back: %v", err)
	}
}

func TestCheckpointsAndProofs(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	a := p.push(p.visit(c, 3)...)
	first := h.publish()
	h.publish() // the same again changes nothing
	p.push(p.visit(c, 9)...)
	second := h.publish()
	if err := h.db.PublishCheckpoint(h.ctx, postgres.Checkpoint{Checkpoint: first}, noon); !errors.Is(err, postgres.ErrNotGrowing) {
		t.Errorf("an older one: %v", err)
	}
	latest, err := h.db.LatestCheckpoint(h.ctx)
	h.must(err)
	if latest.Checkpoint != second {
		t.Errorf("%+v", latest)
	}
	for _, o := range a.Outcomes {
		proof, err := h.db.Inclusion(h.ctx, o.Index, second.Size)
		h.must(err)
		h.must(proof.In(second, []byte(o.ReceiptCore)))
	}
	consistent, err := h.db.Consistency(h.ctx, first.Size, second.Size)
	h.must(err)
	h.must(consistent.Between(first, second))
	for _, bad := range [][2]int64{{second.Size, second.Size}, {-1, 5}, {0, second.Size + 1}, {0, 1 << 52}} {
		if _, err := h.db.Inclusion(h.ctx, bad[0], bad[1]); !errors.Is(err, postgres.ErrRange) {
			t.Errorf("inclusion %v: %v", bad, err)
		}
	}
	if _, err := h.db.Consistency(h.ctx, 3, second.Size+1); !errors.Is(err, postgres.ErrRange) {
		t.Errorf("consistency beyond the end: %v", err)
	}
}
