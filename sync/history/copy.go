package history

import "tachiai/sync/record"

// Copy finds the papers whose signer holds a secret, by its SHA-256
// (docs/protocol.md §11). It is one paper, unless a phone has used one secret
// twice.
type Copy struct {
	SHA256 string `json:"sha256"` // of the secret, hex
	Papers []Mark `json:"papers"`
}

// Key returns the key of the state.
func (c *Copy) Key() Key { return Key{TypeCopy, c.SHA256} }

func newCopy(k Key) *Copy { return &Copy{SHA256: k.ID, Papers: []Mark{}} }

// copyOf returns the digest of the secret that a record of a phone names.
func copyOf(r *record.Record) (string, bool) {
	sum := r.Text("copy_sha256")
	return sum, genuine(r) && !r.Office() && isHex256(sum)
}

func (c *Copy) apply(ref Ref) bool {
	c.Papers, _ = put(c.Papers, ref.Mark)
	return true
}
