package problem

import (
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"tachiai/sync/ijson"
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
