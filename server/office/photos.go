package office

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"tachiai/server/documents"
	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
	"tachiai/sync/history"
	"tachiai/sync/record"
)

// derivatives finds, or makes, what is shown of photos: never an original. It gives their names, and the pictures for the document.
func (a *API) derivatives(ctx context.Context, declaration postgres.Held, photos []postgres.PhotoRef, actor record.ID) ([]postgres.PhotoRef, []documents.Photo, error) {
	var refs []postgres.PhotoRef
	var printed []documents.Photo
	presentation, _ := declaration.Field("presentation")
	lang, _ := presentation.Get("lang").Text()
	for _, p := range photos {
		held, err := a.DB.Held(ctx, p.Record)
		if err != nil {
			return nil, nil, err
		}
		if held.Case != declaration.Case {
			return nil, nil, problem.New(problem.RecordUnknown)
		}
		ref, picture, err := a.derivative(ctx, held, p.ID, lang, actor)
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(refs, ref) {
			refs, printed = append(refs, ref), append(printed, picture)
		}
	}
	return refs, printed, nil
}

// derivative is one photo as it may be shown: what the rep hid on his phone, and nothing else once he did; else the phone's own preview when nothing
// is behind its pixels; else one that is made here and becomes the office's record. A photographed paper shows what the worker wrote to the agency
// alone: it wants a person's masking first.
func (a *API) derivative(ctx context.Context, held postgres.Held, id, lang string, actor record.ID) (ref postgres.PhotoRef, p documents.Photo, err error) {
	held, original, preview, err := a.subject(ctx, held, id)
	if err != nil {
		return ref, p, err
	}
	p = documents.Photo{Caption: caption(original.Role, lang), Original: original.SHA256}
	redacted, err := a.redaction(ctx, held, original)
	if err != nil {
		return ref, p, err
	}
	if redacted != nil && redacted.ByHand() {
		p.Caption += hidden(lang)
		ref, p.JPEG, err = a.stands(ctx, redacted)
		if err == nil && !plain(p.JPEG) {
			err = problem.New(problem.PhotoUnusable) // the preview would show what he hid
		}
		return ref, p, err
	}
	if strings.HasPrefix(original.Role, "paper_page_") {
		return ref, p, problem.New(problem.PhotoUnusable)
	}
	if preview.Of != "" {
		p.JPEG, err = a.load(ctx, held.Hash, preview)
		if err == nil && plain(p.JPEG) {
			return postgres.PhotoRef{Record: held.Hash, ID: preview.ID}, p, nil
		}
		if err != nil && !errors.Is(err, postgres.ErrNotFound) {
			return ref, p, err
		}
	}
	if redacted != nil {
		ref, p.JPEG, err = a.stands(ctx, redacted)
		return ref, p, err
	}
	ref, p.JPEG, err = a.redact(ctx, held, original, preview, actor)
	return ref, p, err
}

// subject finds the photo that a blob of a record is, or stands in for, with its preview; the original itself where there is none.
func (a *API) subject(ctx context.Context, held postgres.Held, id string) (_ postgres.Held, original, preview record.BlobField, err error) {
	if held.Kind == record.KindPhotoRedacted {
		of, err := record.ParseHash(held.Text("record"))
		if err != nil {
			return held, original, preview, problem.New(problem.BlobNotNamed)
		}
		caseID := held.Case
		id = held.Text("original")
		if held, err = a.DB.Held(ctx, of); err != nil {
			return held, original, preview, err
		}
		if held.Case != caseID || held.Kind == record.KindPhotoRedacted {
			return held, original, preview, problem.New(problem.BlobNotNamed)
		}
	}
	blobs := held.BlobFields()
	at := slices.IndexFunc(blobs, func(b record.BlobField) bool { return b.ID == id })
	if at < 0 {
		return held, original, preview, problem.New(problem.BlobNotNamed)
	}
	original = blobs[at]
	for _, b := range blobs {
		if b.ID == blobs[at].Of {
			original = b
		}
	}
	preview = original
	for _, b := range blobs {
		if b.Of == original.ID {
			preview = b
		}
	}
	return held, original, preview, nil
}

// redaction finds what stands in for a photo already: one photo is not redacted anew for each of its recipients, nor because an answer was lost.
func (a *API) redaction(ctx context.Context, held postgres.Held, original record.BlobField) (*history.Redaction, error) {
	visit, err := a.DB.Visit(ctx, held.Case, held.Visit)
	if errors.Is(err, postgres.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return visit.Redacted(held.Hash, original.ID), nil
}

// stands reads the picture of a redaction.
func (a *API) stands(ctx context.Context, r *history.Redaction) (ref postgres.PhotoRef, picture []byte, err error) {
	made, err := a.DB.Held(ctx, r.Record)
	if err != nil {
		return ref, nil, err
	}
	blobs := made.BlobFields()
	if len(blobs) != 1 {
		return ref, nil, problem.New(problem.PhotoUnusable)
	}
	picture, err = a.load(ctx, made.Hash, blobs[0])
	if errors.Is(err, postgres.ErrNotFound) { // the record is here, its picture still on the phone
		err = problem.New(problem.PhotoUnusable)
	}
	return postgres.PhotoRef{Record: made.Hash, ID: blobs[0].ID}, picture, err
}

// redact makes a derivative of the original, or of the preview where only the phone could read the original, and appends it.
func (a *API) redact(ctx context.Context, held postgres.Held, original, preview record.BlobField, actor record.ID) (ref postgres.PhotoRef, small []byte, err error) {
	for _, from := range []record.BlobField{original, preview} {
		whole, err := a.load(ctx, held.Hash, from)
		if err != nil {
			return ref, nil, err
		}
		if small, _, _, err = documents.Derivative(whole); err == nil {
			break
		}
		small = nil
	}
	if small == nil {
		return ref, nil, problem.New(problem.PhotoUnusable)
	}
	b := postgres.NewBlob{ID: "redacted", Role: "redacted", SHA256: postgres.Digest(blob.Of(small)), Size: int64(len(small)), Type: blob.JPEG}
	b.Key = "c/" + held.Case.String() + "/" + b.SHA256.String()
	if err := a.create(ctx, b.Key, small); err != nil {
		return ref, nil, err
	}
	failpoint.Here("redact.stored")
	made, err := a.DB.RedactPhoto(ctx, held, original.ID, b, actor, a.Now())
	if err != nil {
		return ref, nil, err
	}
	failpoint.Here("redact.noted")
	a.Committed()
	return postgres.PhotoRef{Record: made.Record.Hash, ID: b.ID}, small, nil
}

// plain reports whether a JPEG holds nothing but a picture: of the segments beside it only JFIF without a thumbnail, a colour profile and Adobe's colour
// transform, and nothing behind its end. EXIF, where a place would stand, is none of these.
func plain(jpeg []byte) bool {
	if len(jpeg) > documents.MaxDerivative || len(jpeg) < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8 || jpeg[len(jpeg)-2] != 0xFF || jpeg[len(jpeg)-1] != 0xD9 {
		return false
	}
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xFF; {
		marker, size := jpeg[at+1], int(binary.BigEndian.Uint16(jpeg[at+2:]))
		switch {
		case marker == 0xDA: // the picture itself; an end within it would be a second file behind
			end := strings.Index(string(jpeg[at:]), "\xFF\xD9")
			return at+end+2 == len(jpeg)
		case marker == 0xE0 && size == 16, marker == 0xE2 && strings.HasPrefix(string(jpeg[at+4:]), "ICC_PROFILE\x00"), marker == 0xEE && size == 14:
		case marker >= 0xE0 && marker <= 0xEF, marker == 0xFE, size < 2:
			return false
		}
		at += 2 + size
	}
	return false
}

var captions = map[string][2]string{
	"badge_front": {"回収した品物(表)", "The item, front"}, "badge_back": {"回収した品物(裏)", "The item, back"},
	"badge_pieces": {"切断片", "The pieces"}, "absence_note": {"投函した不在票", "The note that was left"},
	"exterior": {"建物の外観", "The building from outside"}, "police_slip": {"警察の受理票", "The police's slip"},
}

// caption says in the paper's language what a photo shows.
func caption(role, lang string) string {
	words, known := captions[role]
	if !known {
		words = [2]string{"写真", "Photo"}
	}
	if lang == "en" {
		return words[1]
	}
	return words[0]
}

// hidden says that something in a photo was hidden.
func hidden(lang string) string {
	if lang == "en" {
		return " (partly hidden)"
	}
	return "(一部を隠したもの)"
}
