package main

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// visit is one sealed visit of docs/protocol.md: what a push and the uploads after it send.
type visit struct {
	records []sealed
	photos  []*photo      // all to be uploaded
	owners  []record.Hash // of the photos: the records that name them
}

const (
	photosPerVisit = 3
	photoSize      = 300 << 10 // bytes
	casesShare     = 3         // visits to one case
)

func field(name string, value any) seal.Content { return seal.Content{Name: name, Value: value} }

// full seals a whole visit: started, a note of six short texts, the declaration with its strokes, three photos, ended; 7 records.
func (j *journal) full(cause record.ID, paper []seal.Content, film *film) (visit, error) {
	return j.visit(cause, func(v *visit, add func(record.Kind, []seal.Content, ...*photo) error) error {
		lines := make([]string, 6)
		for i := range lines {
			lines[i] = remark()
		}
		if err := add(record.KindNoteWritten, []seal.Content{field("note", strings.Join(lines, "\n"))}); err != nil {
			return err
		}
		if err := add(record.KindDeclarationSigned, paper); err != nil {
			return err
		}
		for range photosPerVisit {
			if err := add(record.KindPhotoCaptured, []seal.Content{field("source", "camera")}, film.take(photoSize)); err != nil {
				return err
			}
		}
		return nil
	})
}

// plain seals a visit of metadata only: started, a note, ended; 3 records.
func (j *journal) plain(cause record.ID) (visit, error) {
	return j.visit(cause, func(_ *visit, add func(record.Kind, []seal.Content, ...*photo) error) error {
		return add(record.KindNoteWritten, []seal.Content{field("note", remark())})
	})
}

// visit seals started, what middle adds, and ended, which names all of it.
func (j *journal) visit(cause record.ID, middle func(*visit, func(record.Kind, []seal.Content, ...*photo) error) error) (v visit, err error) {
	id := record.NewID(time.Now(), rand.Reader)
	var held []any
	add := func(kind record.Kind, content []seal.Content, photos ...*photo) error {
		r, err := j.seal(kind, cause, id, content, photos...)
		if err != nil {
			return err
		}
		held = append(held, r.hash.String())
		v.records = append(v.records, r)
		for _, p := range photos {
			v.photos, v.owners = append(v.photos, p), append(v.owners, r.hash)
		}
		return nil
	}
	if err := add(record.KindVisitStarted, here(field("place", "doorstep"))); err != nil {
		return v, err
	}
	if err := middle(&v, add); err != nil {
		return v, err
	}
	return v, add(record.KindVisitEnded, here(field("outcome", "met_only"), field("records", held), field("note", remark())))
}

// picture seals one photo outside of a visit.
func (j *journal) picture(cause record.ID, p *photo) (sealed, error) {
	return j.seal(record.KindPhotoCaptured, cause, record.ID{}, []seal.Content{field("source", "camera")}, p)
}

// here is a good fix at the door, and more.
func here(more ...seal.Content) []seal.Content {
	return append([]seal.Content{
		field("geo", map[string]any{"lat": 356581000 + below(9999), "lng": 1397016000 + below(9999), "accuracy_m": 5 + below(30), "age_ms": below(3000)}),
		field("place_match", map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": 12}),
	}, more...)
}

// remarks are what a rep writes. They vary, so that a batch does not compress better than real ones would.
var remarks = []string{
	"呼び鈴を%d回鳴らしたが応答なし。", "室内灯は点いている。車は%d台。", "本人が在宅、玄関先で%d分話した。", "入館証は先週の可燃ごみで捨てたと述べた。(%d)",
	"次回は%d時以降なら会えるとのこと。", "ご家族が応対。本人は%d日に戻る予定。", "不在票を投函、受付番号%d。", "返却用の封筒%d通を渡した。",
	"財布と机の引き出し%dか所を探してもらった。", "折り返しの電話を%d時に約束した。", "隣室の方から声を掛けられた。所要%d分。", "申告書を%d回読み上げ、内容を確認した。",
}

func remark() string { return fmt.Sprintf(remarks[below(len(remarks))], 1+below(999)) }

// below is a random number from 0 to n−1.
func below(n int) int {
	v, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // never fails (Go 1.24)
	return int(v.Int64())
}
