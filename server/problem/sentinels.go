package problem

import (
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// sentinels gives the errors of the rooms below their codes; the first match
// in this order wins. A room adds its line here; it never imports this package.
var sentinels = []struct {
	err  error
	code Code
}{
	// A server under load runs out of time on its own work: the client's
	// request was good, so it may repeat it.
	{context.DeadlineExceeded, Unavailable},
	{os.ErrDeadlineExceeded, Timeout},
	{context.Canceled, Timeout},

	{postgres.ErrUnavailable, Unavailable},
	{postgres.ErrNotMigrated, Unavailable},
	{postgres.ErrFull, InsufficientStorage},
	{postgres.ErrBehind, LedgerRed},
	{postgres.ErrForked, LedgerRed},
	{postgres.ErrNotFound, NotFound},
	{postgres.ErrRange, NotFound},
	{postgres.ErrConflict, Conflict},
	{postgres.ErrDecided, Decided},
	{postgres.ErrNotReleasable, NotReleasable},
	{postgres.ErrOutdated, Outdated},
	{postgres.ErrOwnVisit, OwnVisit},
	{postgres.ErrLastAdmin, LastAdmin},
	{postgres.ErrPage, BadRequest},
	{postgres.ErrInvalid, BadRequest},
	{postgres.ErrCodeInvalid, EnrolmentCodeInvalid},
	{postgres.ErrCodeUsed, EnrolmentCodeUsed},
	{postgres.ErrRevoked, DeviceRevoked},
	{postgres.ErrMember, MemberRemoved},
	{postgres.ErrNotOffice, Forbidden},
	{postgres.ErrNoSession, SessionRequired},
	{postgres.ErrRecordUnknown, RecordUnknown},
	{postgres.ErrBlobNotNamed, BlobNotNamed},
	{postgres.ErrOffset, OffsetMismatch},
	{postgres.ErrUploadGone, UploadExpired},
	{postgres.ErrCursorGone, CursorGone},
	{postgres.ErrConsent, ConsentMissing},
	{postgres.ErrPractice, PracticeCase},
	{postgres.ErrVoid, CaseVoid},
	{postgres.ErrNotReviewed, NotReviewed},
	{postgres.ErrHidden, PhotoHidden},
	{postgres.ErrNotApproved, NotApproved},
	{postgres.ErrSamePerson, SamePerson},
	{postgres.ErrSpoilt, EvidenceDamaged},
	{postgres.ErrPasscode, LinkPasscode},
	{postgres.ErrPaused, LinkPaused},
	{postgres.ErrLocked, LinkLocked},
	{postgres.ErrLinkExpired, LinkExpired},
	{postgres.ErrLinkRevoked, LinkRevoked},
	{postgres.ErrLinkUsedUp, LinkUsedUp},

	// An object that the database names and the store has lost is no 404: it
	// stays Internal, so that somebody looks.
	{objects.ErrUnavailable, Unavailable},
	{objects.ErrMismatch, DigestMismatch},

	{blob.ErrMismatch, DigestMismatch},
	{blob.ErrSize, SizeMismatch},
	{blob.ErrRef, BadRequest},
	{blob.ErrDigest, BadRequest},
	{record.ErrHash, BadRequest},
	{record.ErrID, BadRequest},
	{record.ErrKeyID, BadRequest},
	{seal.ErrNonceExpired, NonceRequired},
	{seal.ErrNonce, NonceRequired},
	{seal.ErrJWK, BadRequest},
	{wire.ErrTooMany, TooManyRecords},
	{wire.ErrCursor, BadRequest},
	{wire.ErrQuery, BadRequest},
	{wire.ErrHeader, BadRequest},
	{wire.ErrCode, EnrolmentCodeInvalid},

	{ijson.ErrSize, BodyTooLarge},
	{ijson.ErrUTF8, BadJSON},
	{ijson.ErrSyntax, BadJSON},
	{ijson.ErrDepth, BadJSON},
	{ijson.ErrMembers, BadJSON},
	{ijson.ErrDuplicate, BadJSON},
	{ijson.ErrSurrogate, BadJSON},
	{ijson.ErrNoncharacter, BadJSON},
	{ijson.ErrNumber, BadJSON},
	{ijson.ErrMissing, BadRequest},
	{ijson.ErrType, BadRequest},
	{ijson.ErrUnknown, BadRequest},
	{ijson.ErrValue, BadRequest},
}

// statuses gives the errors that Echo and its middleware make their codes.
var statuses = map[int]Code{
	http.StatusUnauthorized:          Unauthorized,
	http.StatusForbidden:             Forbidden,
	http.StatusNotFound:              NotFound,
	http.StatusMethodNotAllowed:      MethodNotAllowed,
	http.StatusRequestTimeout:        Timeout,
	http.StatusConflict:              Conflict,
	http.StatusGone:                  Gone,
	http.StatusLengthRequired:        LengthRequired,
	http.StatusRequestEntityTooLarge: BodyTooLarge,
	http.StatusUnsupportedMediaType:  UnsupportedMediaType,
	http.StatusTooManyRequests:       RateLimited,
	http.StatusServiceUnavailable:    Unavailable,
	http.StatusInsufficientStorage:   InsufficientStorage,
}

// codeOf returns the code of err and, when err wraps one, the *Error itself.
func codeOf(err error) (Code, *Error) {
	var own *Error
	if errors.As(err, &own) {
		return own.code, own
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return BodyTooLarge, nil
	}
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			return s.code, nil
		}
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		if code, ok := statuses[he.Code]; ok {
			return code, nil
		}
		if he.Code >= 400 && he.Code < 500 {
			return BadRequest, nil
		}
	}
	return Internal, nil
}
