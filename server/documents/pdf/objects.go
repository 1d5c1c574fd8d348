package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

// A ref names an indirect object, from 1.
type ref int

func (r ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

// objects are the bodies of the file's indirect objects, in the order of their
// numbers.
type objects [][]byte

func (o *objects) reserve() ref {
	*o = append(*o, nil)
	return ref(len(*o))
}

func (o *objects) set(r ref, body string) { (*o)[r-1] = []byte(body) }

func (o *objects) add(body string) ref {
	r := o.reserve()
	o.set(r, body)
	return r
}

// stream adds a stream as it is. entries are those of its dictionary besides
// Length.
func (o *objects) stream(entries string, data []byte) ref {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<<%s/Length %d>>\nstream\n", entries, len(data))
	b.Write(data)
	b.WriteString("\nendstream")
	r := o.reserve()
	(*o)[r-1] = b.Bytes()
	return r
}

// compressors are kept, because each takes most of a megabyte.
var compressors = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(nil, zlib.BestCompression)
	if err != nil {
		panic("pdf: " + err.Error()) // the level is one of the package's own
	}
	return w
}}

// deflated adds a compressed stream.
func (o *objects) deflated(entries string, data []byte) ref {
	var b bytes.Buffer
	w := compressors.Get().(*zlib.Writer)
	defer compressors.Put(w)
	w.Reset(&b)
	_, err := w.Write(data)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("pdf: compressing into memory: " + err.Error())
	}
	return o.stream(entries+"/Filter/FlateDecode", b.Bytes())
}

// digest is SHA-256 over everything so far: what the file's ids are made of,
// in place of a clock or chance.
func (o objects) digest() [sha256.Size]byte {
	h := sha256.New()
	for _, body := range o {
		h.Write(body)
		h.Write([]byte{0})
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// file writes header, objects, cross-reference stream and its place (ISO
// 32000-1 §7.5). What is no stream itself goes into one compressed object
// stream: the structure tree is many small dictionaries.
func (o objects) file(root, info ref, id [sha256.Size]byte) []byte {
	var b, index, packed bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	entries := make([]entry, len(o)+1)
	count := 0
	write := func(number int, body []byte) {
		entries[number] = entry{1, b.Len(), 0}
		fmt.Fprintf(&b, "%d 0 obj\n", number)
		b.Write(body)
		b.WriteString("\nendobj\n")
	}
	pack, refs := len(o)+1, len(o)+2 // numbers of the two streams that are added here
	for i, body := range o {
		if bytes.HasSuffix(body, []byte("\nendstream")) {
			write(i+1, body)
			continue
		}
		entries[i+1] = entry{2, pack, count}
		fmt.Fprintf(&index, "%d %d ", i+1, packed.Len())
		packed.Write(body)
		packed.WriteByte('\n')
		count++
	}
	entries = append(entries, entry{}, entry{}) //nolint:makezero // two more behind the numbered ones
	var last objects
	last.deflated(fmt.Sprintf("/Type/ObjStm/N %d/First %d", count, index.Len()), append(index.Bytes(), packed.Bytes()...))
	write(pack, last[0])

	start := b.Len()
	entries[refs] = entry{1, start, 0}
	table := []byte{0, 0, 0, 0, 0xFF, 0xFF} // object 0, free
	for _, e := range entries[1:] {
		table = append(table, e.kind, byte(e.at>>16), byte(e.at>>8), byte(e.at), byte(e.within>>8), byte(e.within))
	}
	name := hex.EncodeToString(id[:16])
	last.deflated(fmt.Sprintf("/Type/XRef/Size %d/W[1 3 2]/Root %s/Info %s/ID[<%s><%s>]", len(entries), root, info, name, name), table)
	write(refs, last[1])
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

// An entry of the cross-reference table: 1, offset in the file; or 2, number
// of the object stream and place within it. Three bytes hold an offset, so a
// file may have 16 MiB: MaxFile.
type entry struct {
	kind       byte
	at, within int
}

// text writes a text string: UTF-16BE with its mark, in hex.
func text(s string) string {
	return "<FEFF" + utf16hex(s) + ">"
}

func utf16hex(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}

// num writes numbers with two decimals at most, divided by spaces: 1/7200 inch
// is finer than any printer.
func num(values ...float64) string {
	var b []byte
	for i, v := range values {
		if i > 0 {
			b = append(b, ' ')
		}
		v = math.Round(v*100) / 100
		if v == 0 { // never -0
			v = 0
		}
		b = strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return string(b)
}
