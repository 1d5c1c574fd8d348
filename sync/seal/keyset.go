package seal

import (
	"crypto"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typKeySet = "keys+jwt"

// A Use is what a key of the server is for.
type Use string

const (
	UseReceipt Use = "receipt"
	UseOffice  Use = "office"
	UseLedger  Use = "ledger"
	UseLink    Use = "link"
)

// A Key is one public key of the server.
type Key struct {
	Use    Use
	KeyID  record.KeyID
	Public crypto.PublicKey
}

// A KeySet is the server's keys, present and former, under its root.
type KeySet struct {
	Version  int64    // grows with every change, from 1
	Origin   string   // the ledger of today
	Origins  []string // every ledger there was, the present one included
	IssuedAt int64    // ms since 1970, the server's clock
	Rescue   string   // the age recipient of rescue files; "" when there is none
	Keys     []Key
}

// Limits of a key set.
const (
	MaxKeys    = 32
	MaxOrigins = 32
	maxRescue  = 2048
)

// Find returns the key of that use and id.
func (s KeySet) Find(use Use, kid record.KeyID) (crypto.PublicKey, bool) {
	for _, k := range s.Keys {
		if k.Use == use && k.KeyID == kid {
			return k.Public, true
		}
	}
	return nil, false
}

// KeyFunc finds keys of one use, for Open. Error: ErrUnknownKey, on which a
// phone fetches the set again.
func (s KeySet) KeyFunc(use Use) KeyFunc {
	return func(kid record.KeyID) (crypto.PublicKey, error) {
		if pub, ok := s.Find(use, kid); ok {
			return pub, nil
		}
		return nil, ErrUnknownKey
	}
}

// SignKeySet signs a set with the root key. KeyID of each key may be zero and
// is then computed. Errors: ErrKey, ErrClaims, ErrSize.
func SignKeySet(s KeySet, root crypto.Signer) (string, error) {
	kid, err := Thumbprint(root.Public())
	if err != nil {
		return "", err
	}
	keys := make([]ijson.Members, len(s.Keys))
	for i, k := range s.Keys {
		m, err := members(k.Public)
		if err != nil {
			return "", err
		}
		if k.KeyID.IsZero() {
			if k.KeyID, err = thumbprint(m); err != nil {
				return "", err
			}
		}
		keys[i] = append(ijson.Members{ijson.M("use", string(k.Use)), ijson.M("kid", k.KeyID)}, m...)
	}
	core, err := makeCore(algServer, typKeySet, kid, ijson.Members{
		ijson.M("v", 1), ijson.M("version", s.Version), ijson.M("origin", s.Origin), ijson.M("origins", s.Origins),
		ijson.M("issued_at", s.IssuedAt), ijson.M("rescue", s.Rescue), ijson.M("keys", keys),
	})
	if err != nil {
		return "", err
	}
	return signAndOpen(core, root, func(token string) error {
		_, err := OpenKeySet(token, root.Public())
		return err
	})
}

// RootOf names the root key that a key set says it is signed by, so that it can
// be held against a pinned fingerprint before anything is believed.
func RootOf(token string) (record.KeyID, error) {
	j, err := parseToken(token, algServer, typKeySet)
	return j.kid, err
}

// OpenKeySet reads a key set and verifies it with the root key. Errors:
// ErrSize, ErrForm, ErrHeader, ErrUnknownKey, ErrSignature, ErrClaims.
func OpenKeySet(token string, root crypto.PublicKey) (KeySet, error) {
	j, err := openToken(token, algServer, typKeySet, root)
	if err != nil {
		return KeySet{}, err
	}
	return readKeySet(j.payload)
}

func readKeySet(payload []byte) (s KeySet, err error) {
	err = claims(payload, func(o ijson.Obj) {
		s = KeySet{Version: o.Int("version"), Origin: origin(o, "origin"), IssuedAt: o.Int("issued_at"), Rescue: o.String("rescue")}
		if o.Has("version") && s.Version < 1 {
			o.Fault("version", ijson.ErrValue, "want 1 or more")
		}
		if len(s.Rescue) > maxRescue {
			o.Fault("rescue", ijson.ErrValue, "too long")
		}
		s.Origins, s.Keys = readOrigins(o, s.Origin), readKeys(o)
	}, "version", "origin", "origins", "issued_at", "rescue", "keys")
	if err != nil {
		return KeySet{}, err
	}
	return s, nil
}

func readOrigins(o ijson.Obj, current string) []string {
	arr := o.Arr("origins")
	list := arr.Strings()
	known := false
	for i, s := range list {
		if !isOrigin(s) {
			arr.Fault(i, ijson.ErrValue, "not an origin")
		}
		known = known || s == current
	}
	if o.Has("origins") && (!known || len(list) > MaxOrigins) {
		o.Fault("origins", ijson.ErrValue, "want the present origin among at most 32")
	}
	return list
}

func readKeys(o ijson.Obj) []Key {
	arr := o.Arr("keys")
	if arr.Len() > MaxKeys {
		o.Fault("keys", ijson.ErrValue, "more than 32")
		return nil
	}
	list := make([]Key, 0, arr.Len())
	for _, ko := range arr.Objs() {
		k := Key{Use: Use(ko.String("use")), KeyID: record.KeyID(hash(ko, "kid")), Public: readJWK(ko, "use", "kid")}
		if ko.Has("use") && !isWord(string(k.Use)) {
			ko.Fault("use", ijson.ErrValue, "want 1 to 32 of a-z, 0-9, _")
		}
		if kid, err := Thumbprint(k.Public); k.Public != nil && (err != nil || kid != k.KeyID) {
			ko.Fault("kid", ijson.ErrValue, "not this key's thumbprint")
		}
		list = append(list, k)
	}
	return list
}
