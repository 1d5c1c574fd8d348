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
		ref, picture, err := a.derivative(ctx, held, p.ID, actor)
		if err != nil {
			return nil, nil, err
		}
		picture.Caption = caption(picture.Caption, lang)
		if !slices.Contains(refs, ref) {
			refs, printed = append(refs, ref), append(printed, picture)
		}
	}
	return refs, printed, nil
}

// derivative is one photo as it may be shown: the phone's own preview when there is one and nothing hides in it, else one that is made here and
// becomes the office's record. A photographed paper shows what the worker wrote to the agency alone: it wants a person's masking first.
func (a *API) derivative(ctx context.Context, held postgres.Held, id string, actor record.ID) (ref postgres.PhotoRef, p documents.Photo, err error) {
	blobs := held.BlobFields()
	at := slices.IndexFunc(blobs, func(b record.BlobField) bool { return b.ID == id })
	if at < 0 {
		return ref, p, problem.New(problem.BlobNotNamed)
	}
	named := blobs[at]
	original, preview := named, named
	for _, b := range blobs {
		if b.ID == named.Of {
			original = b
		}
		if b.Of == named.ID {
			preview = b
		}
	}
	if strings.HasPrefix(original.Role, "paper_page_") {
		return ref, p, problem.New(problem.PhotoUnusable)
	}
	p = documents.Photo{Caption: original.Role, Original: original.SHA256}
	if held.Kind == record.KindPhotoRedacted || preview.Of != "" {
		p.JPEG, err = a.load(ctx, held.Hash, preview)
		if err == nil && plain(p.JPEG) {
			return postgres.PhotoRef{Record: held.Hash, ID: preview.ID}, p, nil
		}
		if err != nil && !errors.Is(err, postgres.ErrNotFound) {
			return ref, p, err
		}
	}
	if ref, p.JPEG, err = a.redacted(ctx, held, original); err != nil || p.JPEG != nil {
		return ref, p, err
	}
	ref, p.JPEG, err = a.redact(ctx, held, original, preview, actor)
	return ref, p, err
}

// redacted finds what the office made of a photo before, the newest first: one photo is not redacted anew for each of its recipients, nor because
// an answer was lost.
func (a *API) redacted(ctx context.Context, held postgres.Held, original record.BlobField) (ref postgres.PhotoRef, small []byte, err error) {
	visit, err := a.DB.Visit(ctx, held.Case, held.Visit)
	if errors.Is(err, postgres.ErrNotFound) {
		return ref, nil, nil
	}
	if err != nil {
		return ref, nil, err
	}
	for _, r := range slices.Backward(visit.Records) {
		if r.Kind != record.KindPhotoRedacted {
			continue
		}
		made, err := a.DB.Held(ctx, r.Record)
		if err != nil {
			return ref, nil, err
		}
		blobs := made.BlobFields()
		if made.Text("record") != held.Hash.String() || made.Text("original") != original.ID || len(blobs) != 1 {
			continue
		}
		small, err = a.load(ctx, made.Hash, blobs[0])
		return postgres.PhotoRef{Record: made.Hash, ID: blobs[0].ID}, small, err
	}
	return ref, nil, nil
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
	"redacted": {"写真(事務局が加工)", "Photo, prepared by the office"},
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
