package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"tachiai/sync/ijson"
)

// maxPath bounds a proof: a path in a tree of MaxSize leaves has at most 53
// hashes, a consistency proof one more.
const maxPath = 54

// maxProof bounds the text of a proof in bytes.
const maxProof = 4 << 10

// An Inclusion proves that a leaf stands at Index in the tree of Size leaves
// (RFC 6962 §2.1.1). Its wire form is {"index":…,"size":…,"hashes":[…]} with
// hashes in standard base64, from the leaf's sibling up.
type Inclusion struct {
	Index, Size int64
	Hashes      []Hash
}

// A Consistency proves that the tree of To leaves begins with the tree of From
// leaves (RFC 6962 §2.1.2; empty for From = 0). Its wire form is
// {"from":…,"to":…,"hashes":[…]}.
type Consistency struct {
	From, To int64
	Hashes   []Hash
}

// Check returns nil if the proof leads from that leaf hash to that root, else
// ErrProof or ErrRange. Size must be the size that belongs to the root: the
// hashes alone do not settle it, so prefer In.
func (p Inclusion) Check(leaf, root Hash) error {
	if p.Size < 1 || p.Size > MaxSize || p.Index < 0 || p.Index >= p.Size {
		return fmt.Errorf("%w: leaf %d of %d", ErrRange, p.Index, p.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, p.Size, root, p.Index, leaf); err != nil {
		return fmt.Errorf("%w: leaf %d of %d", ErrProof, p.Index, p.Size)
	}
	return nil
}

// In returns nil if the proof shows core as a leaf under that checkpoint, else
// ErrProof or ErrRange. A proof for another size is no proof.
func (p Inclusion) In(c Checkpoint, core []byte) error {
	if p.Size != c.Size {
		return fmt.Errorf("%w: proof for size %d, checkpoint of %d", ErrProof, p.Size, c.Size)
	}
	return p.Check(Leaf(core), c.Root)
}

// Check returns nil if the proof leads from the old root to the new one, else
// ErrProof or ErrRange. From and To must be the sizes that belong to the roots;
// Between sees to that.
func (p Consistency) Check(oldRoot, newRoot Hash) error {
	if p.To < 0 || p.To > MaxSize || p.From < 0 || p.From > p.To {
		return fmt.Errorf("%w: from %d to %d", ErrRange, p.From, p.To)
	}
	fault := fmt.Errorf("%w: from %d to %d", ErrProof, p.From, p.To)
	if p.From == 0 {
		if len(p.Hashes) != 0 || oldRoot != EmptyRoot() || p.To == 0 && newRoot != oldRoot {
			return fault
		}
		return nil
	}
	if tlog.CheckTree(p.Hashes, p.To, newRoot, p.From, oldRoot) != nil {
		return fault
	}
	return nil
}

// Between returns nil if the proof shows that the later checkpoint only added
// to the earlier one, in the same ledger. Otherwise ErrProof or ErrRange: if
// both checkpoints are signed and the server has no proof, it has rewritten or
// forked its ledger.
func (p Consistency) Between(earlier, later Checkpoint) error {
	if earlier.Origin != later.Origin {
		return fmt.Errorf("%w: two origins", ErrProof)
	}
	if p.From != earlier.Size || p.To != later.Size {
		return fmt.Errorf("%w: proof from %d to %d, checkpoints of %d and %d", ErrProof, p.From, p.To, earlier.Size, later.Size)
	}
	return p.Check(earlier.Root, later.Root)
}

// ParseInclusion reads the wire form. Errors: ErrForm, which wraps the faults
// that ijson found, or ErrRange.
func ParseInclusion(data []byte) (Inclusion, error) {
	var p Inclusion
	err := parseProof(data, "index", &p.Index, "size", &p.Size, &p.Hashes)
	if err != nil {
		return Inclusion{}, err
	}
	if p.Index < 0 || p.Index >= p.Size {
		return Inclusion{}, fmt.Errorf("%w: leaf %d of %d", ErrRange, p.Index, p.Size)
	}
	return p, nil
}

// ParseConsistency reads the wire form. Errors as ParseInclusion.
func ParseConsistency(data []byte) (Consistency, error) {
	var p Consistency
	err := parseProof(data, "from", &p.From, "to", &p.To, &p.Hashes)
	if err != nil {
		return Consistency{}, err
	}
	if p.From < 0 || p.From > p.To {
		return Consistency{}, fmt.Errorf("%w: from %d to %d", ErrRange, p.From, p.To)
	}
	return p, nil
}

func parseProof(data []byte, first string, a *int64, second string, b *int64, hashes *[]Hash) error {
	v, err := ijson.Parse(data, ijson.Limits{Bytes: maxProof, Depth: 2, Members: 3 + maxPath})
	if err != nil {
		return fmt.Errorf("%w: proof: %w", ErrForm, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	*a, *b = o.Int(first), o.Int(second)
	list := o.Arr("hashes")
	*hashes = make([]Hash, 0, list.Len())
	for i, s := range list.Strings() {
		h, err := ParseHash(s)
		if err != nil {
			list.Fault(i, ErrHash, "")
		}
		*hashes = append(*hashes, h)
	}
	o.Only(first, second, "hashes")
	if err := f.Err(); err != nil {
		return fmt.Errorf("%w: proof: %w", ErrForm, err)
	}
	return nil
}

// MarshalJSON writes the wire form.
func (p Inclusion) MarshalJSON() ([]byte, error) {
	return writeProof("index", p.Index, "size", p.Size, p.Hashes)
}

// MarshalJSON writes the wire form.
func (p Consistency) MarshalJSON() ([]byte, error) {
	return writeProof("from", p.From, "to", p.To, p.Hashes)
}

func writeProof(first string, a int64, second string, b int64, hashes []Hash) ([]byte, error) {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = h.String()
	}
	return ijson.Marshal(ijson.Members{ijson.M(first, a), ijson.M(second, b), ijson.M("hashes", texts)})
}

// UnmarshalJSON reads the wire form as ParseInclusion does, whatever the
// decoder around it lets pass.
func (p *Inclusion) UnmarshalJSON(data []byte) (err error) {
	*p, err = ParseInclusion(data)
	return err
}

// UnmarshalJSON reads the wire form as ParseConsistency does.
func (p *Consistency) UnmarshalJSON(data []byte) (err error) {
	*p, err = ParseConsistency(data)
	return err
}
