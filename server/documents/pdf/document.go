// Package pdf writes PDF 1.7 files: embedded subsets of TrueType fonts with an
// exact text layer, tagged structure, vector drawing, photos passed through,
// an sRGB output intent, XMP. It knows no clock and no chance: the same calls
// give the same bytes, and ids come from the content.
//
// It is a writer of our own because what Japanese names need is not to be had:
// one character code for each pair of form and text, so that 𠮷, 辻󠄀 with its
// selector and 月 (not the radical) are read and copied as they were written,
// even where no font has a form for them. It claims no PDF/A level: no validator
// has confirmed one.
package pdf

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// Info is what a document says of itself.
type Info struct {
	Title   string
	Author  string // "" for none
	Subject string // "" for none
	Lang    string // BCP 47: "ja", "en"
}

// A Document is being written. It serves one goroutine.
type Document struct {
	info  Info
	o     objects
	faces []*Face
	pages []*Page
	pics  map[string]*Picture // by bytes
	top   *Elem
}

// New begins a document.
func New(info Info) *Document {
	return &Document{info: info, pics: map[string]*Picture{}, top: &Elem{kind: "Document"}}
}

// Top is the root of the structure.
func (d *Document) Top() *Elem { return d.top }

// Face makes a font usable in this document.
func (d *Document) Face(f *Font) *Face {
	face := newFace(f, d.o.reserve())
	d.faces = append(d.faces, face)
	return face
}

// Page appends a page of the size in points.
func (d *Document) Page(w, h float64) *Page {
	p := &Page{W: w, H: h, ref: d.o.reserve()}
	d.pages = append(d.pages, p)
	return p
}

// Picture takes a JPEG in, stripped (see Strip), to be drawn on pages. The
// same bytes are kept once. Error: ErrJPEG.
func (d *Document) Picture(jpeg []byte) (*Picture, error) {
	if have, ok := d.pics[string(jpeg)]; ok {
		return have, nil
	}
	pic, err := Strip(jpeg)
	if err != nil {
		return nil, err
	}
	pic.write(&d.o)
	d.pics[string(jpeg)] = pic
	return pic, nil
}

// MaxFile bounds a file: 16 MiB.
const MaxFile = 1 << 24

// ErrSize means a file over MaxFile: too many photos.
var ErrSize = errors.New("the document would be larger than 16 MiB")

// Bytes finishes the document and returns the file. It is called once.
// Errors: ErrSize; ErrFont, when a glyph in use turns out to be broken.
func (d *Document) Bytes() ([]byte, error) {
	tree := d.o.reserve()
	var kids strings.Builder
	for i, p := range d.pages {
		p.write(&d.o, tree, i)
		fmt.Fprintf(&kids, "%s ", p.ref)
	}
	d.o.set(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), strings.TrimSuffix(kids.String(), " ")))
	for _, f := range d.faces {
		if len(f.used) == 0 { // a number is taken, so there must be an object
			d.o.set(f.ref, "null")
			continue
		}
		if err := f.write(&d.o); err != nil {
			return nil, err
		}
	}
	structure := structure(&d.o, d.top, d.pages)
	profile := d.o.deflated("/N 3", sRGB())
	info := d.o.add("<</Title" + text(d.info.Title) + optional("/Author", d.info.Author) + optional("/Subject", d.info.Subject) + "/Producer(Tachiai)>>")
	id := d.o.digest()
	metadata := d.o.stream("/Type/Metadata/Subtype/XML", d.xmp(hex.EncodeToString(id[:16])))
	root := d.o.add(fmt.Sprintf("<</Type/Catalog/Pages %s/Lang(%s)/MarkInfo<</Marked true>>/StructTreeRoot %s/ViewerPreferences<</DisplayDocTitle true>>"+
		"/Metadata %s/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %s>>]>>",
		tree, d.info.Lang, structure, metadata, profile))
	file := d.o.file(root, info, id)
	if len(file) >= MaxFile {
		return nil, fmt.Errorf("%w: %d bytes", ErrSize, len(file))
	}
	return file, nil
}

func optional(name, value string) string {
	if value == "" {
		return ""
	}
	return name + text(value)
}

// xmp is the metadata packet (ISO 16684-1), without dates.
func (d *Document) xmp(id string) []byte {
	var b bytes.Buffer
	escape := func(s string) string {
		var e bytes.Buffer
		xml.EscapeText(&e, []byte(s)) //nolint:errcheck // a buffer takes everything
		return e.String()
	}
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" +
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\">")
	fmt.Fprintf(&b, "<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>"+
		"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>", d.info.Lang, escape(d.info.Title))
	if d.info.Author != "" {
		fmt.Fprintf(&b, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>", escape(d.info.Author))
	}
	if d.info.Subject != "" {
		fmt.Fprintf(&b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>", escape(d.info.Subject))
	}
	fmt.Fprintf(&b, "<pdf:Producer>Tachiai</pdf:Producer><xmpMM:DocumentID>uuid:%s</xmpMM:DocumentID></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>", id)
	return b.Bytes()
}
