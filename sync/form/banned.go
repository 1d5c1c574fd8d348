package form

import (
	"regexp"
	"strconv"

	"tachiai/sync/record"
)

// What no template may say: a declaration that was given under the threat of
// money, punishment or a forced apology can be avoided as given under duress
// (民法96条), and proves nothing.
//
// The list is asked when a template is published and never when one is read: a
// paper that was signed stays readable even if the list grows.
var banned = []*regexp.Regexp{
	// sums of money, claims
	regexp.MustCompile(`[0-9０-９一二三四五六七八九十百千万億兆〇]\s*円|[¥￥$€]|金額|代金|弁償|賠償|補償|弁済|支払|請求|費用|実費|天引|控除|給与|賃金|報酬`),
	// penalties
	regexp.MustCompile(`違約|罰|過料|科料|反則|制裁|懲戒|損害|没収`),
	// admission of crime
	regexp.MustCompile(`[刑犯罪窃]|横領|背任|詐欺|告訴|告発|逮捕|起訴|自白|自供|自首|不法|違法`),
	// forced apology or promise
	regexp.MustCompile(`[詫謝悔]|反省|申し訳|申しわけ|始末書|誓約|誓い|二度と|過失を認め|責任を認めます|非を認め`),
	regexp.MustCompile(`(?i)\b(yen|jpy|usd|fees?|costs?|prices?|pay|pays|paid|payments?|repay\w*|reimburs\w*|compensat\w*|indemni\w*|damages|wages?|salary|salaries|deduct\w*|invoices?|owe[sd]?)\b`),
	regexp.MustCompile(`(?i)\b(fines?|fined|penal\w*|punish\w*|sanctions?|disciplin\w*|forfeit\w*)\b`),
	regexp.MustCompile(`(?i)\b(crimes?|criminal\w*|guilt\w*|offen[cs]es?|prosecut\w*|arrest\w*|theft|thefts|steal\w*|stole|embezzl\w*|fraud\w*|illegal\w*|unlawful\w*|confess\w*|admit\w*|admission)\b`),
	regexp.MustCompile(`(?i)\b(apolog\w*|sorry|regret\w*|remorse\w*|asham\w*|forgive\w*|never again|at fault|my fault)\b`),
}

// Banned names every text of the template that says what no template may say.
// Pointers are into the template's JSON. A template with any MUST NOT be
// published.
func Banned(t Template) []Fault {
	var f faults
	look := func(w record.Label, at ...string) {
		for _, lang := range []string{JA, EN} {
			for _, re := range banned {
				if re.MatchString(w.In(lang)) {
					f.add(CodeBanned, under(at, lang)...)
					break
				}
			}
		}
	}
	look(t.Title, "title")
	var items func([]Item, ...string)
	items = func(list []Item, at ...string) {
		for n, i := range list {
			here := under(at, strconv.Itoa(n))
			look(i.Label, under(here, "label")...)
			look(i.Text, under(here, "text")...)
			look(i.Hint, under(here, "hint")...)
			look(i.Default, under(here, "default")...)
			for k, o := range i.Options {
				look(o.Label, under(under(under(here, "options"), strconv.Itoa(k)), "label")...)
			}
			items(i.Columns, under(here, "columns")...)
		}
	}
	items(t.Items, "items")
	return f
}
