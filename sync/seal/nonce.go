package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"
)

// NonceLife is how long a nonce is good for.
const NonceLife = 15 * time.Minute

// What can be wrong with a nonce. Either way the answer is a fresh one.
var (
	ErrNonce        = errors.New("not a nonce of this server")
	ErrNonceExpired = errors.New("nonce is too old")
)

const (
	nonceTime = 8
	nonceSize = nonceTime + 16
)

// NewNonce makes a nonce: 8 bytes of time (ms since 1970, big endian) and 16
// bytes of HMAC-SHA-256 over them with the server's secret, base64url, 32
// characters. Servers that share the secret take each other's.
func NewNonce(secret []byte, now time.Time) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, nonceSize), uint64(now.UnixMilli()))
	return base64url.EncodeToString(append(b, nonceMAC(secret, b)...))
}

// CheckNonce returns nil for a nonce that this server, or one with the same
// secret, made within 15 minutes of now. Its time may also lie ahead by as
// much: another server's clock, never the phone's. Errors: ErrNonce,
// ErrNonceExpired.
func CheckNonce(secret []byte, nonce string, now time.Time) error {
	if len(nonce) != base64url.EncodedLen(nonceSize) || !isBase64url(nonce) {
		return ErrNonce
	}
	b, err := decode(nonce)
	if err != nil || !hmac.Equal(b[nonceTime:], nonceMAC(secret, b[:nonceTime])) {
		return ErrNonce
	}
	age := now.UnixMilli() - int64(binary.BigEndian.Uint64(b))
	if life := NonceLife.Milliseconds(); age > life || age < -life {
		return ErrNonceExpired
	}
	return nil
}

func nonceMAC(secret, message []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write(message)
	return h.Sum(nil)[:nonceSize-nonceTime]
}
