package form

import (
	"embed"
	"fmt"
	"path"
)

//go:embed templates/*.json
var files embed.FS

// The papers that come with the product.
const (
	DisposalDeclaration = "disposal_declaration" // 廃棄申告書
	LossReport          = "loss_report"          // 紛失届
	ReturnReceipt       = "return_receipt"       // 返却受領書
	AbsenceNote         = "absence_note"         // 不在票
)

var builtin = mustLoad()

func mustLoad() (list []Template) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("templates", e.Name()))
		if err != nil {
			panic(err)
		}
		t, err := Parse(data)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", e.Name(), err))
		}
		if want := fmt.Sprintf("%s.%d.json", t.ID, t.Version); e.Name() != want {
			panic(fmt.Sprintf("%s: holds %s", e.Name(), want))
		}
		list = append(list, t)
	}
	return list
}

// Builtin returns the templates that come with the product, every version, in
// the order of id and file name. The caller must not change what they point to.
func Builtin() []Template { return append([]Template(nil), builtin...) }

// Lookup finds one built-in template. A template that an office published later
// is read from its template.published record with Parse.
func Lookup(id string, version int64) (Template, bool) {
	for _, t := range builtin {
		if t.ID == id && t.Version == version {
			return t, true
		}
	}
	return Template{}, false
}

// Source returns the JSON of a built-in template: the `body` of its
// template.published record.
func Source(id string, version int64) ([]byte, bool) {
	data, err := files.ReadFile(fmt.Sprintf("templates/%s.%d.json", id, version))
	return data, err == nil
}
