package pdf

import (
	"fmt"
	"strings"
)

// An Elem is an element of the document's logical structure (ISO 32000-1
// §14.7): what a screen reader walks through.
type Elem struct {
	kind   string
	parent *Elem
	kids   []kid
	alt    string
	attrs  string // attribute dictionaries, written
	ref    ref
}

// A kid is another element, or marked content of a page.
type kid struct {
	elem *Elem
	page *Page
	mcid int
}

// Add appends an element of a standard structure type: "Sect", "H1", "P",
// "Table", "TR", "TH", "TD", "L", "LI", "Lbl", "LBody", "Figure", …
func (e *Elem) Add(kind string) *Elem {
	child := &Elem{kind: kind, parent: e}
	if kind == "TH" {
		child.attrs = "<</O/Table/Scope/Row>>"
	}
	e.kids = append(e.kids, kid{elem: child})
	return child
}

// Figure appends a figure with the words that stand for it, and its place on
// the page, in points.
func (e *Elem) Figure(alt string, x, y, w, h float64) *Elem {
	f := e.Add("Figure")
	f.alt = alt
	f.attrs = fmt.Sprintf("<</O/Layout/Placement/Block/BBox[%s]>>", num(x, y, x+w, y+h))
	return f
}

// prune removes elements without any content.
func (e *Elem) prune() bool {
	kept := e.kids[:0]
	for _, k := range e.kids {
		if k.elem == nil || k.elem.prune() {
			kept = append(kept, k)
		}
	}
	e.kids = kept
	return len(kept) > 0
}

func (e *Elem) reserve(o *objects) {
	e.ref = o.reserve()
	for _, k := range e.kids {
		if k.elem != nil {
			k.elem.reserve(o)
		}
	}
}

func (e *Elem) write(o *objects, parent ref) {
	var b strings.Builder
	fmt.Fprintf(&b, "<</S/%s/P %s", e.kind, parent)
	if e.alt != "" {
		b.WriteString("/Alt" + text(e.alt))
	}
	if e.attrs != "" {
		b.WriteString("/A" + e.attrs)
	}
	var page *Page // of all marks that do not say otherwise
	for _, k := range e.kids {
		if k.page != nil {
			page = k.page
			fmt.Fprintf(&b, "/Pg %s", page.ref)
			break
		}
	}
	b.WriteString("/K[")
	for i, k := range e.kids {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case k.elem != nil:
			b.WriteString(k.elem.ref.String())
		case k.page == page:
			fmt.Fprintf(&b, "%d", k.mcid)
		default:
			fmt.Fprintf(&b, "<</Type/MCR/Pg %s/MCID %d>>", k.page.ref, k.mcid)
		}
	}
	b.WriteString("]>>")
	o.set(e.ref, b.String())
	for _, k := range e.kids {
		if k.elem != nil {
			k.elem.write(o, e.ref)
		}
	}
}

// structure writes the tree and the way back from marks to elements, and
// returns the tree's root.
func structure(o *objects, top *Elem, pages []*Page) ref {
	top.prune()
	root := o.reserve()
	top.reserve(o)
	top.write(o, root)
	var nums strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&nums, "%d[", i)
		for n, e := range p.marks {
			if n > 0 {
				nums.WriteByte(' ')
			}
			nums.WriteString(e.ref.String())
		}
		nums.WriteByte(']')
	}
	tree := o.add("<</Nums[" + nums.String() + "]>>")
	o.set(root, fmt.Sprintf("<</Type/StructTreeRoot/K %s/ParentTree %s/ParentTreeNextKey %d>>", top.ref, tree, len(pages)))
	return root
}
