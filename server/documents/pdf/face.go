package pdf

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// A Face is a font as one document uses it. Each pair of a form and its text
// gets a character code (CID) of its own, so that two texts of one form (月 and
// the radical ⽉) and one text in several code points (𠮷, 辻󠄀) come out of the
// text layer exactly as they went in.
type Face struct {
	*Font
	subset *subset
	cids   map[Glyph]int
	used   []Glyph // CID 1 is the first
	ref    ref
}

func newFace(f *Font, r ref) *Face {
	return &Face{Font: f, subset: newSubset(f), cids: map[Glyph]int{}, ref: r}
}

func (f *Face) cid(g Glyph) int {
	if n, ok := f.cids[g]; ok {
		return n
	}
	f.subset.add(f.subset.shape(g))
	f.used = append(f.used, g)
	f.cids[g] = len(f.used)
	return len(f.used)
}

// write adds the objects of a Type 0 font (ISO 32000-1 §9.7).
func (f *Face) write(o *objects) error {
	file, err := f.subset.file()
	if err != nil {
		return err
	}
	name := subsetTag(file) + "+" + f.name
	data := o.deflated(fmt.Sprintf("/Length1 %d", len(file)), file)
	descriptor := o.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %s>>",
		name, f.box[0], f.box[1], f.box[2], f.box[3], f.ascent, f.descent, f.capHeight, data))

	ids := make([]byte, 2, 2+2*len(f.used))
	var widths strings.Builder
	for _, g := range f.used {
		ids = binary.BigEndian.AppendUint16(ids, uint16(f.subset.number[f.subset.shape(g)]))
		fmt.Fprintf(&widths, " %d", g.Advance)
	}
	gids := o.deflated("", ids)
	cid := o.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %s/DW 1000/W[1[%s]]/CIDToGIDMap %s>>",
		name, descriptor, strings.TrimPrefix(widths.String(), " "), gids))
	unicode := o.deflated("", f.toUnicode())
	o.set(f.ref, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%s]/ToUnicode %s>>", name, cid, unicode))
	return nil
}

// toUnicode maps each CID to its whole text, in UTF-16.
func (f *Face) toUnicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	const most = 100 // entries of one block
	for from := 0; from < len(f.used); from += most {
		block := f.used[from:min(from+most, len(f.used))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, g := range block {
			fmt.Fprintf(&b, "<%04X><%s>\n", from+i+1, utf16hex(g.Text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// subsetTag is the six letters that mark a subset, different for different
// subsets.
func subsetTag(file []byte) string {
	sum := sha256.Sum256(file)
	tag := []byte(hex.EncodeToString(sum[:3]))
	for i, c := range tag {
		if c <= '9' {
			tag[i] = c - '0' + 'Q'
		} else {
			tag[i] = c - 'a' + 'A'
		}
	}
	return string(tag)
}
