package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// EnrolRequest is the body of POST /api/field/v1/enrol.
type EnrolRequest struct {
	Code         Code   // "" when AuthorisedBy is there
	AuthorisedBy string // device-proof+jwt of the old key, "" when Code is there
	JWK          string // the new key as JSON text, an object; for seal.ParseJWK
	Label        string // what the device is called, 1 to MaxLabel characters
}

// ParseEnrolRequest reads the body. A code may be written in any way that
// ParseCode takes. Errors: *ijson.Error or a list of them; ErrCode within one
// for a malformed code.
func ParseEnrolRequest(body []byte) (EnrolRequest, error) {
	v, err := ijson.Parse(body, ijson.Limits{Bytes: MaxEnrol, Depth: 4, Members: 64})
	if err != nil {
		return EnrolRequest{}, err
	}
	var f ijson.Faults
	o := v.Obj(&f)
	e := EnrolRequest{Label: o.String("label")}
	jwk := o.Obj("jwk")
	e.JWK = strings.Clone(jwk.Value().Raw())
	if o.Has("label") && !isLabel(e.Label) {
		o.Fault("label", ijson.ErrValue, "not 1 to 64 printable characters")
	}
	if o.Has("authorised_by") {
		e.AuthorisedBy = o.String("authorised_by")
		if e.AuthorisedBy == "" && o.Value().Get("authorised_by").Kind() == ijson.String {
			o.Fault("authorised_by", ijson.ErrValue, "empty")
		}
		if o.Has("code") {
			o.Fault("code", ijson.ErrUnknown, "beside authorised_by")
		}
	} else if text := o.String("code"); text != "" || o.Has("code") {
		if e.Code, err = ParseCode(text); err != nil {
			o.Fault("code", ErrCode, "")
		}
	}
	if err := f.Err(); err != nil {
		return EnrolRequest{}, err
	}
	return e, nil
}

func isLabel(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= MaxLabel && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u3000' }) < 0
}

// Marshal writes the body. JWK must be JSON.
func (e EnrolRequest) Marshal() ([]byte, error) {
	jwk, err := ijson.Parse([]byte(e.JWK), ijson.Limits{})
	if err != nil {
		return nil, err
	}
	m := ijson.Members{ijson.M("jwk", jwk), ijson.M("label", e.Label)}
	if e.AuthorisedBy != "" {
		return ijson.Marshal(append(m, ijson.M("authorised_by", e.AuthorisedBy)))
	}
	return ijson.Marshal(append(ijson.Members{ijson.M("code", string(e.Code))}, m...))
}

// EnrolAnswer makes a phone one of the agency's. The key set is to be checked
// against the pinned root, then the certificate against the key set.
type EnrolAnswer struct {
	Certificate string // device-cert+jwt
	Keys        string // keys+jwt
	MemberID    record.ID
	MemberName  string
	Origin      string
	ServerTime  int64 // ms
	Agency      Agency
}

// Marshal writes the answer.
func (a EnrolAnswer) Marshal() ([]byte, error) {
	return ijson.Marshal(append(ijson.Members{
		ijson.M("certificate", a.Certificate), ijson.M("keys", a.Keys),
		ijson.M("member", ijson.Members{ijson.M("id", a.MemberID), ijson.M("name", a.MemberName)}),
		ijson.M("origin", a.Origin), ijson.M("server_time", a.ServerTime),
	}, a.Agency.members()...))
}

// ParseEnrolAnswer reads the answer, as a phone does.
func ParseEnrolAnswer(body []byte) (EnrolAnswer, error) {
	var f ijson.Faults
	o, err := readAnswer(body, &f)
	if err != nil {
		return EnrolAnswer{}, err
	}
	member := o.Obj("member")
	a := EnrolAnswer{
		Certificate: o.String("certificate"), Keys: o.String("keys"), MemberName: member.String("name"),
		Origin: o.String("origin"), ServerTime: o.Int("server_time"), Agency: readAgency(o),
	}
	if id := member.String("id"); id != "" || member.Has("id") {
		if a.MemberID, err = record.ParseID(id); err != nil {
			member.Fault("id", ijson.ErrValue, "not a UUID")
		}
	}
	if err := f.Err(); err != nil {
		return EnrolAnswer{}, err
	}
	return a, nil
}
