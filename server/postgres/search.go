package postgres

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// variants are forms of one kanji that names are written with; people search for the common one. They are folded for searching only: what is
// stored and shown keeps its form (docs/form.md section 4).
var variants = func() map[rune]rune {
	fold := map[rune]rune{}
	for _, group := range []string{
		"高髙", "崎﨑碕嵜", "吉𠮷", "辺邊邉", "斎齋斉齊", "沢澤", "浜濱濵", "広廣", "国國", "桜櫻", "島嶋嶌", "真眞", "恵惠", "徳德", "栄榮", "蔵藏", "黒黑",
		"淵渕", "桑桒", "富冨", "峰峯", "館舘", "曽曾", "渡渉", "滝瀧", "竜龍", "万萬", "与與", "会會", "学學", "寿壽", "静靜", "実實", "豊豐", "都都", "橋𣘺", "船舩", "条條",
	} {
		runes := []rune(group)
		for _, r := range runes[1:] {
			fold[r] = runes[0]
		}
	}
	return fold
}()

// searchable folds a text for searching: width and compatibility (NFKC), case, katakana for hiragana, variants of kanji; variation selectors
// and white space are gone, because nobody types them as they are stored.
func searchable(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKC.String(s) {
		switch {
		case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef, unicode.IsSpace(r), unicode.IsControl(r):
			continue
		case r >= 'ぁ' && r <= 'ゖ':
			r += 'ァ' - 'ぁ'
		}
		if common, ok := variants[r]; ok {
			r = common
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// maxTerms bounds what one search asks for.
const maxTerms = 8

// patterns are the words of a query as LIKE wants them; all of them must be found.
func patterns(query string) []string {
	terms := []string{}
	for _, word := range strings.Fields(query) {
		if word = searchable(word); word != "" && len(terms) < maxTerms {
			terms = append(terms, "%"+likeable.Replace(word)+"%")
		}
	}
	return terms
}

var likeable = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
