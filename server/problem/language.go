package problem

import (
	"strconv"
	"strings"
)

// Language is a language in which titles exist, as a BCP 47 tag.
type Language string

// The languages of the table.
const (
	Japanese Language = "ja"
	English  Language = "en"
)

// maxAcceptLanguage bounds how much of the header is read, in bytes.
const maxAcceptLanguage = 256

// Choose reads an Accept-Language header (RFC 9110 §12.5.4): English when it is
// preferred to Japanese, Japanese in every other case, unreadable ones included.
func Choose(header string) Language {
	if len(header) > maxAcceptLanguage {
		header = header[:maxAcceptLanguage]
	}
	ja, en := -1.0, -1.0
	for _, part := range strings.Split(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		q := quality(params)
		switch primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-"); primary {
		case "ja":
			ja = max(ja, q)
		case "en":
			en = max(en, q)
		}
	}
	if en > 0 && en > ja {
		return English
	}
	return Japanese
}

// quality reads ";q=0.8"; absent is 1, unreadable is 0.
func quality(params string) float64 {
	value, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
