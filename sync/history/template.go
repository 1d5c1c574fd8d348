package history

import (
	"encoding/json"
	"strconv"
	"strings"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// Template is one published version of a form. It never changes again.
type Template struct {
	ID        string          `json:"id"`
	Version   int64           `json:"version"`
	Body      json.RawMessage `json:"body,omitempty"` // for package form
	Published *Mark           `json:"published,omitempty"`
}

// Key returns the key of the state.
func (t *Template) Key() Key { return Key{TypeTemplate, t.ID + "@" + strconv.FormatInt(t.Version, 10)} }

func newTemplate(k Key) *Template {
	at := strings.LastIndexByte(k.ID, '@')
	if at < 0 {
		return &Template{ID: k.ID}
	}
	version, _ := strconv.ParseInt(k.ID[at+1:], 10, 64)
	return &Template{ID: k.ID[:at], Version: version}
}

func templateID(r *record.Record) (string, bool) {
	id := short(r, "template")
	version, ok := r.Int("version")
	return id + "@" + strconv.FormatInt(version, 10), id != "" && ok
}

// apply takes the first publication and no other.
func (t *Template) apply(r *record.Record, ref Ref) bool {
	if t.Published != nil && t.Published.Record != ref.Record {
		return false
	}
	t.Published = ref.point()
	t.Body = bodyOf(r)
	return true
}

// bodyOf returns the field body when it is an object.
func bodyOf(r *record.Record) json.RawMessage {
	if v, ok := r.Field("body"); ok && v.Kind() == ijson.Object {
		return raw(v)
	}
	return nil
}
