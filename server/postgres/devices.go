package postgres

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// Device is an enrolled key.
type Device struct {
	KeyID        record.KeyID
	Public       *ecdsa.PublicKey
	JWK          string // as seal.MarshalJWK writes it
	Member       record.ID
	MemberName   string
	MemberActive bool
	Label        string
	Certificate  string       // device-cert+jwt, signed
	AuthorisedBy record.KeyID // the old key, when it replaced one
	EnrolledAt   time.Time
	RevokedAt    time.Time // zero while it is trusted
}

// Revoked reports whether the key has lost everything but push and upload.
func (d Device) Revoked() bool { return !d.RevokedAt.IsZero() }

const (
	deviceOwn = `
select d.kid, d.jwk, d.member, coalesce(m.body->>'name', ''), coalesce((m.body->>'active')::boolean, false), d.label, d.certificate,
  d.authorised_by, d.enrolled_at, d.revoked_at`
	ofDevices = `
from devices d left join states m on m.type = 'member' and m.id = d.member::text`
	deviceColumns = deviceOwn + ofDevices
	readDevices   = deviceColumns + ` where d.kid = any($1)`
	listDevices   = deviceColumns + ` where d.member = $1 order by d.enrolled_at, d.kid`
)

func scanDevice(row pgx.CollectableRow) (d Device, err error) { return scanDeviceAnd(row) }

// scanDeviceAnd reads a row of deviceColumns, and what stands behind them.
func scanDeviceAnd(row pgx.CollectableRow, more ...any) (d Device, err error) {
	var kid, by []byte
	var member pgtype.UUID
	var enrolled int64
	var revoked *int64
	columns := []any{&kid, &d.JWK, &member, &d.MemberName, &d.MemberActive, &d.Label, &d.Certificate, &by, &enrolled, &revoked}
	if err := row.Scan(append(columns, more...)...); err != nil {
		return d, err
	}
	d.KeyID, d.Member, d.AuthorisedBy = hashOf[record.KeyID](kid), member.Bytes, hashOf[record.KeyID](by)
	d.EnrolledAt = time.UnixMilli(enrolled).UTC()
	if revoked != nil {
		d.RevokedAt = time.UnixMilli(*revoked).UTC()
	}
	public, kidOf, err := seal.ParseJWK([]byte(d.JWK))
	ec, ok := public.(*ecdsa.PublicKey)
	if err != nil || !ok || kidOf != d.KeyID {
		return d, fmt.Errorf("device %s: its row does not hold its key", d.KeyID)
	}
	d.Public = ec
	return d, nil
}

// Devices finds enrolled keys, revoked ones too. Unknown ones are absent.
func (db *DB) Devices(ctx context.Context, kids []record.KeyID) (map[record.KeyID]Device, error) {
	list, err := query(ctx, db, "devices", readDevices, scanDevice, bytesOf(kids))
	if err != nil {
		return nil, err
	}
	devices := make(map[record.KeyID]Device, len(list))
	for _, d := range list {
		devices[d.KeyID] = d
	}
	return devices, nil
}

// Device finds an enrolled key, revoked or not. Error: ErrNotFound.
func (db *DB) Device(ctx context.Context, kid record.KeyID) (Device, error) {
	devices, err := db.Devices(ctx, []record.KeyID{kid})
	if err != nil {
		return Device{}, err
	}
	d, ok := devices[kid]
	if !ok {
		return Device{}, fmt.Errorf("postgres: device: %w", ErrNotFound)
	}
	return d, nil
}

// MemberDevices lists the keys of a member, in the order of their enrolment.
func (db *DB) MemberDevices(ctx context.Context, member record.ID) ([]Device, error) {
	return query(ctx, db, "devices", listDevices, scanDevice, memberUUID(member))
}

const revokeDevice = `update devices set revoked_at = $2 where kid = $1 and revoked_at is null`

// RevokeDevice takes everything from a key but push and upload; from here on its records are flagged. A key that is revoked stays so, and
// nothing is appended. Errors: ErrNotFound, ErrInvalid.
func (db *DB) RevokeDevice(ctx context.Context, kid record.KeyID, actor record.ID, reason string, now time.Time) error {
	d, err := db.Device(ctx, kid)
	if err != nil || d.Revoked() {
		return err
	}
	w := db.work("revoke device", now)
	w.writes = append(w.writes, func(b *pgx.Batch) { b.Queue(revokeDevice, kid[:], now.UnixMilli()) })
	_, err = w.appendOffice(ctx, Draft{Kind: record.KindDeviceRevoked, Actor: actor, Fields: []seal.Content{{Name: "kid", Value: kid}, {Name: "reason", Value: reason}}})
	return err
}

const putStatus = `
insert into device_status (kid, body, reported_at, head) select $1, $2, $3, coalesce((select seq from journals where kid = $1), 0)
on conflict (kid) do update set body = excluded.body, reported_at = excluded.reported_at, head = excluded.head`

// PutDeviceStatus keeps what a phone said of itself last. Error: ErrNotFound (no such device).
func (db *DB) PutDeviceStatus(ctx context.Context, kid record.KeyID, s wire.Status, now time.Time) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = db.pool.Exec(ctx, putStatus, kid[:], body, now.UnixMilli())
	return wrap("device status", err)
}

const readStatus = `select body, reported_at from device_status where kid = $1`

// DeviceStatus reads what a phone said of itself last, and when. Error: ErrNotFound.
func (db *DB) DeviceStatus(ctx context.Context, kid record.KeyID) (s wire.Status, at time.Time, err error) {
	var body []byte
	var ms int64
	if err = one(ctx, db, "device status", readStatus, []any{kid[:]}, &body, &ms); err != nil {
		return s, at, err
	}
	return s, time.UnixMilli(ms).UTC(), json.Unmarshal(body, &s)
}

// DeviceReport is what the office knows of a phone: whether all that was sealed on it is here.
type DeviceReport struct {
	Device
	Status       *wire.Status // what it said of itself last; nil = never
	ReportedAt   time.Time
	Head         int64 // highest gap-free seq of its journal that is here
	Made         int64 // highest seq that is known to have been sealed: it has arrived behind a gap, or the phone spoke of it
	MissingBlobs int64 // blobs that its records name and that are not here
}

const allDevices = deviceOwn + `, t.body, t.reported_at, coalesce(j.seq, 0), greatest(coalesce(j.max_seq, 0), coalesce(t.head + (t.body->>'outbox')::bigint, 0)),
  (select count(*) from blob_slots b where b.kid = d.kid and not b.stored)` + ofDevices + `
left join device_status t on t.kid = d.kid
left join journals j on j.kid = d.kid
order by d.enrolled_at, d.kid`

// DeviceReports reads all phones, in the order of their enrolment, those that are revoked too.
func (db *DB) DeviceReports(ctx context.Context) ([]DeviceReport, error) {
	return query(ctx, db, "devices", allDevices, func(row pgx.CollectableRow) (r DeviceReport, err error) {
		var body []byte
		var reported *int64
		if r.Device, err = scanDeviceAnd(row, &body, &reported, &r.Head, &r.Made, &r.MissingBlobs); err != nil || reported == nil {
			return r, err
		}
		r.ReportedAt = time.UnixMilli(*reported).UTC()
		r.Status = &wire.Status{}
		return r, json.Unmarshal(body, r.Status)
	})
}
