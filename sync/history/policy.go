package history

import (
	"encoding/json"

	"tachiai/sync/record"
)

// Policy is one published version of the conduct policy. It never changes
// again; the one published last is in force.
type Policy struct {
	Version   string          `json:"version"`
	Body      json.RawMessage `json:"body,omitempty"` // for package policy
	Published *Mark           `json:"published,omitempty"`
}

// Key returns the key of the state.
func (p *Policy) Key() Key { return Key{TypePolicy, p.Version} }

// apply takes the first publication and no other.
func (p *Policy) apply(r *record.Record, ref Ref) bool {
	if p.Published != nil && p.Published.Record != ref.Record {
		return false
	}
	p.Published = ref.point()
	p.Body = bodyOf(r)
	return true
}
