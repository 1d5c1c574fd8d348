package history

import (
	"slices"

	"tachiai/sync/record"
)

// Member is a person of the agency, as the office last described him.
type Member struct {
	ID          record.ID     `json:"id"`
	Name        string        `json:"name"`
	Kana        string        `json:"kana,omitempty"`
	Affiliation string        `json:"affiliation,omitempty"`
	Phone       string        `json:"phone,omitempty"`
	Roles       []record.Role `json:"roles"`
	Active      bool          `json:"active"`
	Deputy      record.ID     `json:"deputy,omitzero"`
	Changed     *Mark         `json:"changed,omitempty"`
}

// Key returns the key of the state.
func (p *Member) Key() Key { return Key{TypeMember, p.ID.String()} }

// Has reports whether an active member holds a role.
func (p *Member) Has(role record.Role) bool { return p.Active && slices.Contains(p.Roles, role) }

func newMember(k Key) *Member {
	p := &Member{Roles: []record.Role{}}
	p.ID, _ = record.ParseID(k.ID)
	return p
}

// apply takes a description as a whole, but only a newer one. What it does not
// say is gone; a member whose fields are erased has no name and no roles.
func (p *Member) apply(r *record.Record, ref Ref) bool {
	if p.Changed != nil && ref.Index < p.Changed.Index {
		return false
	}
	p.Name, p.Kana, p.Affiliation, p.Phone = short(r, "name"), short(r, "kana"), short(r, "affiliation"), short(r, "phone")
	p.Roles = []record.Role{}
	for _, role := range texts(r, "roles", 20) {
		p.Roles = append(p.Roles, record.Role(role))
	}
	p.Active, _ = boolField(r, "active")
	p.Deputy, _ = idField(r, "deputy")
	p.Changed = ref.point()
	return true
}
