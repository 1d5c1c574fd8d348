package policy

import (
	"strconv"
	"strings"
	"unicode"
)

// Photo judges one captured photo by the role of its blob and the reason that
// was given ("" for none). Derivatives (blobs whose `of` names another blob)
// are not judged. Findings are for the reviewer: the photo is kept.
func Photo(p Policy, role, reason string) []Finding {
	r, _, ok := p.PhotoRole(role)
	broken := CheckPhotoRole
	if ok {
		if !r.Reason || strings.TrimFunc(reason, unicode.IsSpace) != "" {
			return nil
		}
		broken = CheckReason
	}
	rule := p.rule(broken)
	return []Finding{{rule.ID, rule.Level, rule.Text, rule.Source}}
}

// PhotoRole finds what the role of a blob stands for: "paper_page_3" is page 3
// of the role paper_page. page is 0 for roles without pages.
func (p Policy) PhotoRole(role string) (r PhotoRole, page int, ok bool) {
	for _, r := range p.PhotoRoles {
		if !r.Paged {
			if role == r.Code {
				return r, 0, true
			}
			continue
		}
		digits, ok := strings.CutPrefix(role, r.Code+"_")
		if n, err := strconv.Atoi(digits); ok && err == nil && n >= 1 && n <= 99 && strconv.Itoa(n) == digits {
			return r, n, true
		}
	}
	return PhotoRole{}, 0, false
}
