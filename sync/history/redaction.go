package history

import "tachiai/sync/record"

// Redaction is a photo.redacted: a picture that stands in for a photo wherever
// somebody outside the agency looks. The photo itself stays as it is.
type Redaction struct {
	Mark
	Photo    record.Hash `json:"photo"`    // the record that holds the original
	Original string      `json:"original"` // its blob there
}

func redactionOf(r *record.Record, ref Ref) (Redaction, bool) {
	photo, err := record.ParseHash(r.Text("record"))
	return Redaction{ref.Mark, photo, short(r, "original")}, err == nil
}

// ByHand reports whether the rep hid something in the photo, on his phone. What
// the office's program makes by itself hides nothing but metadata.
func (r *Redaction) ByHand() bool { return r.Seq > 0 }

// Redacted finds what stands in for a photo, nil for nothing: what the rep hid
// goes before what the office's program made, whichever came first, and his last
// word before the others.
func (v *Visit) Redacted(photo record.Hash, original string) *Redaction {
	var found *Redaction
	for i := range v.Redactions {
		r := &v.Redactions[i]
		if r.Photo != photo || r.Original != original {
			continue
		}
		if found == nil || r.ByHand() && !found.ByHand() || r.ByHand() == found.ByHand() && r.Index > found.Index {
			found = r
		}
	}
	return found
}
