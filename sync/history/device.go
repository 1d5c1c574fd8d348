package history

import (
	"encoding/json"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// Device is a key that a member enrolled on one installation.
type Device struct {
	KeyID        record.KeyID    `json:"kid"`
	Member       record.ID       `json:"member,omitzero"`
	Label        string          `json:"label"`
	JWK          json.RawMessage `json:"jwk,omitempty"`
	AuthorisedBy record.KeyID    `json:"authorised_by,omitzero"` // the old key, when it replaced one
	Enrolled     *Mark           `json:"enrolled,omitempty"`
	Revoked      *Mark           `json:"revoked,omitempty"`
}

// Key returns the key of the state.
func (d *Device) Key() Key { return Key{TypeDevice, d.KeyID.String()} }

func newDevice(k Key) *Device {
	d := &Device{}
	d.KeyID, _ = record.ParseKeyID(k.ID)
	return d
}

// apply: a key is enrolled once and stays revoked.
func (d *Device) apply(r *record.Record, ref Ref) bool {
	switch r.Kind {
	case record.KindDeviceEnrolled:
		if d.Enrolled != nil && d.Enrolled.Record != ref.Record {
			return false
		}
		d.Enrolled = ref.point()
		d.Member, _ = idField(r, "member")
		d.Label = short(r, "label")
		d.AuthorisedBy, _ = keyField(r, "authorised_by")
		if v, ok := r.Field("jwk"); ok && v.Kind() == ijson.Object {
			d.JWK = raw(v)
		}
		return true
	case record.KindDeviceRevoked:
		if d.Revoked != nil {
			return false
		}
		d.Revoked = ref.point()
		return true
	}
	return false
}
