package wire

import (
	"encoding/json"
	"errors"
	"fmt"

	"tachiai/sync/ijson"
)

// Push is the body of POST /api/field/v1/records.
type Push struct {
	// Device is what the phone says about itself. It is a courtesy, never a
	// reason to refuse evidence: nil when absent or not of the form.
	Device *Status
	// Records are the pushed texts, in order. Whether one is a record is
	// sync/seal's business; here it is any text.
	Records []string
}

// Status is the phone's word on what it still holds, for the loss accounting of
// the office.
type Status struct {
	Outbox       int64   // records without a receipt
	PendingBlobs int64   // blobs without a receipt
	Storage      Storage // as far as the browser tells
	Now          int64   // device clock, ms
}

// Storage is the browser's estimate.
type Storage struct {
	Usage, Quota int64 // bytes
	Persisted    bool
}

// ParsePush reads a push body of at most MaxBody bytes; memory stays within a
// small multiple of the body.
//
// One bad item must never block those behind it (docs/protocol.md §2). So an
// item that is no string counts as the text that it is, and where characters
// or numbers are outside I-JSON (a lone surrogate in one damaged record, a
// fraction in the status) they are taken as every browser's JSON.parse and
// TextEncoder would: the item goes to quarantine, the rest is judged as ever.
//
// Errors: *ijson.Error or a list of them (ErrSize for too large a body);
// ErrTooMany for more than MaxRecords.
func ParsePush(body []byte) (Push, error) {
	v, err := ijson.Parse(body, ijson.Limits{Bytes: MaxBody, Depth: 8, Members: 4096})
	switch {
	case errors.Is(err, ijson.ErrMembers):
		// Nothing but a long list of records reaches that limit.
		return Push{}, tooMany()
	case errors.Is(err, ijson.ErrUTF8), errors.Is(err, ijson.ErrSurrogate),
		errors.Is(err, ijson.ErrNoncharacter), errors.Is(err, ijson.ErrNumber):
		if p, ok, tooLong := salvage(body); tooLong {
			return Push{}, tooMany()
		} else if ok {
			return p, nil
		}
		return Push{}, err
	case err != nil:
		return Push{}, err
	}
	var f ijson.Faults
	o := v.Obj(&f)
	list := o.Arr("records")
	if list.Len() > MaxRecords {
		return Push{}, tooMany()
	}
	if err := f.Err(); err != nil {
		return Push{}, err
	}
	p := Push{Device: readStatus(v.Get("device")), Records: make([]string, 0, list.Len())}
	for _, item := range list.Value().Elements() {
		text, ok := item.Text()
		if !ok {
			text = item.Raw()
		}
		p.Records = append(p.Records, text)
	}
	return p, nil
}

func tooMany() error {
	return &ijson.Error{Pointer: "/records", Err: ErrTooMany, Detail: fmt.Sprintf("at most %d", MaxRecords)}
}

// salvage reads a body that is JSON but not I-JSON. Nothing in the envelope is
// signed, so encoding/json's leniency decides nothing here.
func salvage(body []byte) (p Push, ok, tooLong bool) {
	var envelope struct {
		Device  json.RawMessage   `json:"device"`
		Records []json.RawMessage `json:"records"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Records == nil {
		return Push{}, false, false
	}
	if len(envelope.Records) > MaxRecords {
		return Push{}, false, true
	}
	if v, err := ijson.Parse(envelope.Device, ijson.Limits{}); err == nil {
		p.Device = readStatus(v)
	}
	p.Records = make([]string, len(envelope.Records))
	for i, raw := range envelope.Records {
		if raw[0] != '"' || json.Unmarshal(raw, &p.Records[i]) != nil {
			p.Records[i] = string(raw)
		}
	}
	return p, true, false
}

func readStatus(v ijson.Value) *Status {
	var f ijson.Faults
	o := v.Obj(&f)
	s := Status{Outbox: o.Int("outbox"), PendingBlobs: o.Int("pending_blobs"), Now: o.Int("now")}
	storage := o.Obj("storage")
	s.Storage = Storage{Usage: storage.Int("usage"), Quota: storage.Int("quota"), Persisted: storage.Bool("persisted")}
	if !f.OK() || s.Outbox < 0 || s.PendingBlobs < 0 || s.Storage.Usage < 0 || s.Storage.Quota < 0 {
		return nil
	}
	return &s
}

// Marshal writes the body, as a phone does.
func (p Push) Marshal() ([]byte, error) {
	var members ijson.Members
	if p.Device != nil {
		members = append(members, ijson.M("device", p.Device.members()))
	}
	return ijson.Marshal(append(members, ijson.M("records", p.Records)))
}

// MarshalJSON writes the status as it stands in a push.
func (s Status) MarshalJSON() ([]byte, error) { return ijson.Marshal(s.members()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Status) UnmarshalJSON(text []byte) error {
	v, err := ijson.Parse(text, ijson.Limits{})
	if err != nil {
		return err
	}
	read := readStatus(v)
	if read == nil {
		return &ijson.Error{Err: ijson.ErrValue, Detail: "not a device status"}
	}
	*s = *read
	return nil
}

func (s Status) members() ijson.Members {
	return ijson.Members{
		ijson.M("outbox", s.Outbox), ijson.M("pending_blobs", s.PendingBlobs),
		ijson.M("storage", ijson.Members{
			ijson.M("usage", s.Storage.Usage), ijson.M("quota", s.Storage.Quota), ijson.M("persisted", s.Storage.Persisted),
		}),
		ijson.M("now", s.Now),
	}
}
