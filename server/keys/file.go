package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"

	"filippo.io/age"
)

// pemType is PKCS#8's (RFC 7468 §10).
const pemType = "PRIVATE KEY"

// file says how one key stands on disk.
type file struct {
	name  string
	write func(*Set) ([]byte, error)
	read  func(*Set, []byte) error
}

// files is the directory's whole contents.
var files = []file{
	edwards("root.pem", func(s *Set) *ed25519.PrivateKey { return &s.Root }),
	edwards("receipt.pem", func(s *Set) *ed25519.PrivateKey { return &s.Receipt }),
	edwards("office.pem", func(s *Set) *ed25519.PrivateKey { return &s.Office }),
	edwards("ledger.pem", func(s *Set) *ed25519.PrivateKey { return &s.Ledger }),
	edwards("link.pem", func(s *Set) *ed25519.PrivateKey { return &s.Link }),
	{"pdf.pem", func(s *Set) ([]byte, error) { return encodePEM(s.PDF) }, readPDF},
	{"rescue.age", func(s *Set) ([]byte, error) { return []byte(s.Rescue.String() + "\n"), nil }, readRescue},
	{"nonce.hex", func(s *Set) ([]byte, error) { return []byte(hex.EncodeToString(s.Nonce) + "\n"), nil }, readNonce},
}

// edwards is the file of an Ed25519 key.
func edwards(name string, place func(*Set) *ed25519.PrivateKey) file {
	return file{
		name,
		func(s *Set) ([]byte, error) { return encodePEM(*place(s)) },
		func(s *Set, text []byte) error {
			key, err := decodePEM(text)
			if err != nil {
				return err
			}
			private, ok := key.(ed25519.PrivateKey)
			if !ok {
				return fmt.Errorf("%w: %T instead of Ed25519", ErrForm, key)
			}
			*place(s) = private
			return nil
		},
	}
}

func encodePEM(key any) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

func decodePEM(text []byte) (any, error) {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != pemType || len(strings.TrimSpace(string(rest))) > 0 {
		return nil, fmt.Errorf("%w: not one PEM block %q", ErrForm, pemType)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: not PKCS#8", ErrForm)
	}
	return key, nil
}

func readPDF(s *Set, text []byte) error {
	key, err := decodePEM(text)
	if err != nil {
		return err
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return fmt.Errorf("%w: %T instead of P-256", ErrForm, key)
	}
	s.PDF = private
	return nil
}

func readRescue(s *Set, text []byte) error {
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("%w: not an age identity", ErrForm) // the cause would quote the secret
	}
	s.Rescue = identity
	return nil
}

func readNonce(s *Set, text []byte) error {
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != NonceSize {
		return fmt.Errorf("%w: not %d bytes in hexadecimal", ErrForm, NonceSize)
	}
	s.Nonce = secret
	return nil
}
