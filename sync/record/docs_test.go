package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestDocs holds docs/records.md against the table, so that nobody reads a
// schema that is not the one in force.
func TestDocs(t *testing.T) {
	var b strings.Builder
	b.WriteString(docsHead)
	b.WriteString(sharedTexts())
	table := func(title string, of func(Schema) bool) {
		fmt.Fprintf(&b, "\n## %s\n\n| kind | needs | fields | blob roles |\n|---|---|---|---|\n", title)
		for _, k := range sortedKinds() {
			if s := schemas[k]; of(s) {
				fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k, needsOf(s), fieldsOf(s), rolesOf(s))
			}
		}
	}
	table("By a phone", func(s Schema) bool { return s.Phone })
	table("By the office", func(s Schema) bool { return s.Office })
	b.WriteString("\n## Codes\n")
	for _, list := range codeLists {
		fmt.Fprintf(&b, "\n**%s**: ", list.title)
		for i, c := range list.codes {
			if i > 0 {
				b.WriteString(" · ")
			}
			fmt.Fprintf(&b, "`%s` %s", c.Code, c.JA)
		}
		b.WriteString("\n")
	}
	golden(t, "../../docs/records.md", []byte(b.String()))
}

var codeLists = []struct {
	name, title string
	codes       []Code
}{
	{"outcomes", "Outcome of a visit (訪問結果)", Outcomes},
	{"channels", "Channel of a contact (連絡試行)", Channels},
	{"results", "Result of a contact", ContactResults},
	{"states", "State of a case (案件)", States},
	{"roles", "Role of a member", Roles},
}

func sortedKinds() []Kind {
	list := make([]Kind, 0, len(schemas))
	for k := range schemas {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func needsOf(s Schema) string {
	var list []string
	for _, n := range []struct {
		is   bool
		name string
	}{{s.Case, "case"}, {s.Visit, "visit"}, {s.Amends, "amends"}} {
		if n.is {
			list = append(list, n.name)
		}
	}
	if s.Any > 0 {
		list = append(list, fmt.Sprintf("%d field", s.Any))
	}
	return strings.Join(list, ", ")
}

func fieldsOf(s Schema) string {
	var list []string
	for _, slot := range s.Fields {
		list = append(list, slotText(slot))
	}
	if s.Form {
		list = append(list, "`field.<key>` any")
	}
	for _, r := range s.Rules {
		name := r.If
		if r.Member != "" {
			name += "." + r.Member
		}
		if r.Is != "" {
			name += "` = `" + r.Is
		}
		list = append(list, fmt.Sprintf("— `%s` wants `%s`", name, strings.Join(r.Then, "`, `")))
	}
	return strings.Join(list, "; ")
}

// shared fields have one shape wherever they stand, given once below the head.
var shared = map[string]bool{"geo": true, "geo_missing": true, "place_match": true, "companions": true, "witness": true}

func sharedTexts() string {
	var list []string
	for _, slot := range and(where, shown...) {
		if shared[slot.Name] {
			list = append(list, fmt.Sprintf("- `%s` %s", slot.Name, strings.ReplaceAll(shapeText(slot.Shape), "\\", "")))
		}
	}
	return strings.Join(list, "\n") + "\n"
}

func slotText(s Slot) string {
	star := ""
	if s.Required {
		star = "★"
	}
	if shared[s.Name] {
		return fmt.Sprintf("`%s`%s", s.Name, star)
	}
	return fmt.Sprintf("`%s`%s %s", s.Name, star, shapeText(s.Shape))
}

func shapeText(s Shape) string {
	text := s.Type
	switch s.Type {
	case ShapeText:
		text = fmt.Sprintf("≤%d", s.Max)
	case ShapeCode:
		text = strings.Join(s.Codes, " \\| ")
		if len(s.Codes) > 8 {
			text = "code"
		}
	case ShapeArray:
		text = fmt.Sprintf("[%s] %d–%d", shapeText(*s.Of), s.Min, s.Max)
	case ShapeObject:
		var list []string
		for _, m := range s.Members {
			list = append(list, strings.ReplaceAll(slotText(m), "`", ""))
		}
		if text = "{" + strings.Join(list, ", ") + "}"; list == nil {
			text = "{…}"
		}
	}
	if s.Null {
		text += " or null"
	}
	return text
}

func rolesOf(s Schema) string {
	if len(s.Roles) == 0 {
		return ""
	}
	text := "`" + strings.Join(s.Roles, "` `") + "`"
	if s.Blobs > 0 {
		text += fmt.Sprintf(" (at least %d)", s.Blobs)
	}
	return text
}

const docsHead = `# What each kind of record says

The table of ` + "`sync/record/schemas.go`" + `, written out by its test; for machines it stands in ` + "`sync/testdata/vectors/schema.json`" + `.
A record that fails it is accepted all the same and flagged ` + "`schema`" + `: evidence is never refused. A field that is withheld or erased is not
held against a record.

★ required. ≤n: text of 1 to n characters (code points), without U+0000. time: ms since 1970. date: YYYY-MM-DD. id: UUID. hash, key: 43
characters of base64url; hashes of the ledger too. sha256: 64 lower-case hex digits. {…}: an object that another package judges
(` + "`presentation`, `strokes`, `signature_outline`, `field.<key>`: `form`; `jwk`: `seal`; `body`: `form`, `policy`" + `). Coordinates: 1e-7 degree.
A role that ends in ` + "`_n`" + ` stands for the numbers 1 to 99.

Every blob of the structure has its field ` + "`blob.<id>` = `{\"sha256\",\"size\",\"type\",\"of\"}`" + `: size at least 1, of the id of its original in the same record, or null.
A phone's record always names a case. One fix (` + "`geo`" + `) per act, never outside a visit; ` + "`geo_missing`" + ` says why there is none. Fields of one
shape everywhere:

`
