package field

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"strconv"
	"strings"
)

// The words of tus 1.0 (https://tus.io/protocols/resumable-upload).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,termination,checksum,expiration"
	tusChecksums  = "sha1,sha256"
	tusMedia      = "application/offset+octet-stream"

	headerTusResumable   = "Tus-Resumable"
	headerTusVersion     = "Tus-Version"
	headerTusExtension   = "Tus-Extension"
	headerTusMaxSize     = "Tus-Max-Size"
	headerTusChecksums   = "Tus-Checksum-Algorithm"
	headerUploadOffset   = "Upload-Offset"
	headerUploadLength   = "Upload-Length"
	headerUploadMetadata = "Upload-Metadata"
	headerUploadChecksum = "Upload-Checksum"
	headerUploadExpires  = "Upload-Expires"
	headerUploadDefer    = "Upload-Defer-Length"
)

// statusChecksumMismatch is the status that the checksum extension of tus defines.
const statusChecksumMismatch = 460

// errHeader says that a header of tus is missing or malformed.
var errHeader = errors.New("field: malformed header")

// parseCount reads a header that holds a count of bytes: digits only, below 2^53.
func parseCount(value string) (int64, error) {
	if value == "" || len(value) > 16 || strings.Trim(value, "0123456789") != "" {
		return 0, errHeader
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n >= 1<<53 {
		return 0, errHeader
	}
	return n, nil
}

// parseMetadata reads Upload-Metadata: pairs of a name and a base64 value, separated by commas; a value may be missing, a name stands once.
func parseMetadata(value string) (map[string]string, error) {
	pairs := map[string]string{}
	if value == "" {
		return pairs, nil
	}
	for pair := range strings.SplitSeq(value, ",") {
		name, coded, _ := strings.Cut(strings.Trim(pair, " "), " ")
		plain, err := base64.StdEncoding.DecodeString(coded)
		if _, twice := pairs[name]; err != nil || name == "" || twice {
			return nil, errHeader
		}
		pairs[name] = string(plain)
	}
	return pairs, nil
}

// checksum is what Upload-Checksum claims about one chunk. The zero value claims nothing.
type checksum struct {
	sum  hash.Hash
	want []byte
}

// parseChecksum reads Upload-Checksum: an algorithm of tusChecksums and the base64 digest.
func parseChecksum(value string) (checksum, error) {
	if value == "" {
		return checksum{}, nil
	}
	name, coded, _ := strings.Cut(value, " ")
	var sum hash.Hash
	switch name {
	case "sha1":
		sum = sha1.New()
	case "sha256":
		sum = sha256.New()
	default:
		return checksum{}, errHeader
	}
	want, err := base64.StdEncoding.DecodeString(coded)
	if err != nil || len(want) != sum.Size() {
		return checksum{}, errHeader
	}
	return checksum{sum: sum, want: want}, nil
}

// claimed says whether there is anything to check.
func (c checksum) claimed() bool { return c.sum != nil }

// holds says whether the bytes written to c.sum are those that the phone meant.
func (c checksum) holds() bool { return c.sum == nil || bytes.Equal(c.sum.Sum(nil), c.want) }

// parseDigest reads the SHA-256 of a Content-Digest header (RFC 9530 section 2): a structured dictionary of which only that member is read.
func parseDigest(value string) ([32]byte, error) {
	for member := range strings.SplitSeq(value, ",") {
		coded, ok := strings.CutPrefix(strings.Trim(member, " \t"), "sha-256=:")
		if !ok {
			continue
		}
		coded, ok = strings.CutSuffix(coded, ":")
		sum, err := base64.StdEncoding.DecodeString(coded)
		if !ok || err != nil || len(sum) != sha256.Size {
			return [32]byte{}, errHeader
		}
		return [32]byte(sum), nil
	}
	return [32]byte{}, errHeader
}
