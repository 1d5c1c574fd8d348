// Package ledger is the arithmetic of the one log in which a server gives every
// record its place: a Merkle tree (RFC 6962 §2.1) whose leaves are the cores of
// receipts, its checkpoints (C2SP tlog-checkpoint), and the proofs that let
// anyone hold the server to what it once published.
//
// The package keeps nothing. The hashes of complete subtrees are stored by the
// caller under the dense numbering of golang.org/x/mod/sumdb/tlog ("stored-hash
// indexes"); every function says beforehand which of them it needs, so that one
// query fetches them all. To write, Frontier and an Edge; to prove, the …Nodes
// functions and Nodes; to judge, Open, Inclusion and Consistency.
//
// Sizes and indexes are integers up to 2^53−1, as I-JSON can carry them.
package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxSize is the largest number of leaves, 2^53−1. Larger sizes in hostile
// input are refused before any arithmetic on them.
const MaxSize = 1<<53 - 1

// HashSize is the length of a Hash in bytes.
const HashSize = tlog.HashSize

// Hash is the hash of a leaf, of a subtree or of a whole tree. Its text form is
// standard base64 with padding, 44 characters, as C2SP writes it.
type Hash = tlog.Hash

// What can be wrong.
var (
	ErrRange   = errors.New("index or size out of range")          // not within the tree, or beyond MaxSize
	ErrMissing = errors.New("stored hash missing")                 // the caller's store does not hold what it must
	ErrHash    = errors.New("not a base64 SHA-256")                // text form of a Hash
	ErrForm    = errors.New("malformed")                           // a text that is not the exact form of a checkpoint, proof or key
	ErrProof   = errors.New("proof does not hold")                 // well formed, and it shows something else
	ErrOrigin  = errors.New("not an origin")                       // see CheckOrigin
	ErrUnknown = errors.New("signed by no known key")              // cannot be judged
	ErrForged  = errors.New("signature of a known key is invalid") // bytes differ
)

// Leaf returns the hash of a leaf: SHA-256(0x00 ‖ core). For the ledger, core
// is the ASCII text protected.payload of a receipt.
func Leaf(core []byte) Hash { return tlog.RecordHash(core) }

// EmptyRoot is the root of the tree without leaves, SHA-256 of nothing.
func EmptyRoot() Hash { return sha256.Sum256(nil) }

// ParseHash reads the text form of a Hash, only in its canonical encoding.
func ParseHash(s string) (h Hash, err error) {
	if len(s) != base64.StdEncoding.EncodedLen(HashSize) {
		return Hash{}, fmt.Errorf("%w: %d characters", ErrHash, len(s))
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != HashSize {
		return Hash{}, ErrHash
	}
	return Hash(raw), nil
}

func checkSize(size int64) error {
	if size < 0 || size > MaxSize {
		return fmt.Errorf("%w: size %d", ErrRange, size)
	}
	return nil
}
