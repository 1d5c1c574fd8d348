package wire

import (
	"time"

	"tachiai/sync/ijson"
)

// Codes of problems on which a phone acts (docs/protocol.md §9). The whole
// table, with status and titles, is the server's; every other code means what
// Retryable says.
const (
	NonceRequired    = "nonce_required"         // 401: repeat at once with the Device-Nonce of the answer
	DeviceUnknown    = "device_unknown"         // 401: show the certificate; keep everything
	DeviceRevoked    = "device_revoked"         // 403: push and upload only
	CodeInvalid      = "enrolment_code_invalid" // ask for another code
	CodeExpired      = "enrolment_code_expired" //
	CodeUsed         = "enrolment_code_used"    //
	TooManyRecords   = "too_many_records"       // send smaller batches
	BodyTooLarge     = "body_too_large"         // 413: the same
	CursorGone       = "cursor_gone"            // 410: rebuild the cache from the empty cursor
	RecordUnknown    = "record_unknown"         // 404: push the record first
	BlobNotNamed     = "blob_not_named"         // 422: never send it again for this record
	DigestMismatch   = "digest_mismatch"        // 422: start the blob anew
	ChecksumMismatch = "checksum_mismatch"      // 460: send the chunk again
	OffsetMismatch   = "offset_mismatch"        // 409: go on at Upload-Offset
	UploadExpired    = "upload_expired"         // 410: create the upload anew
	RateLimited      = "rate_limited"           // 429: after RetryAfter
	Unavailable      = "unavailable"            // 503: after RetryAfter
)

// ProblemType is what stands before the code in a problem's type.
const ProblemType = "urn:tachiai:problem:"

// Problem is the body of an answer that is not 2xx, as a phone reads it.
type Problem struct {
	Status     int
	Code       string
	Title      string // for people, never acted upon
	Retryable  bool
	RetryAfter time.Duration
	Errors     []ProblemError
}

// ProblemError is one fault of the request.
type ProblemError struct{ Pointer, Code string }

// ParseProblem reads an application/problem+json body. What is not of that form
// did not come from a Tachiai server: a proxy, a captive portal.
func ParseProblem(body []byte) (Problem, error) {
	var f ijson.Faults
	o, err := readAnswer(body, &f)
	if err != nil {
		return Problem{}, err
	}
	p := Problem{Status: int(o.Int("status")), Code: o.String("code"), Title: o.String("title"), Retryable: o.Bool("retryable")}
	if o.String("type") != ProblemType+p.Code {
		o.Fault("type", ijson.ErrValue, "not the code's")
	}
	if ms, ok := o.OptInt("retry_after_ms"); ok {
		if ms < 0 || ms > int64(24*time.Hour/time.Millisecond) {
			o.Fault("retry_after_ms", ijson.ErrValue, "out of range")
		}
		p.RetryAfter = time.Duration(ms) * time.Millisecond
	}
	if list, ok := o.OptArr("errors"); ok {
		for _, e := range list.Objs() {
			p.Errors = append(p.Errors, ProblemError{e.String("pointer"), e.String("code")})
		}
	}
	if err := f.Err(); err != nil {
		return Problem{}, err
	}
	return p, nil
}
