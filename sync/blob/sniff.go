package blob

import "bytes"

// Media types that Sniff knows.
const (
	JPEG    = "image/jpeg"
	PNG     = "image/png"
	WebP    = "image/webp"
	HEIC    = "image/heic"
	HEIF    = "image/heif"
	PDF     = "application/pdf"
	Unknown = "application/octet-stream"
)

// Sniff tells the media type from the first bytes (512 are plenty, fewer are
// allowed). A name, an extension or a declared type is never trusted. What it
// does not know is Unknown. A type says how the bytes begin, not that the rest
// is well formed.
func Sniff(first []byte) string {
	switch {
	case bytes.HasPrefix(first, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(first, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(first) >= 16 && string(first[:4]) == "RIFF" && string(first[8:15]) == "WEBPVP8":
		return WebP
	case bytes.HasPrefix(first, []byte("%PDF-")):
		return PDF
	case len(first) >= 12 && string(first[4:8]) == "ftyp":
		return brand(string(first[8:12]))
	}
	return Unknown
}

// brand maps the major brand of an ISO base media file (ISO/IEC 23008-12 §10).
// Only still images count: a video that names mif1 among its compatible brands
// is no photo.
func brand(major string) string {
	switch major {
	case "heic", "heix", "heim", "heis":
		return HEIC
	case "mif1", "msf1":
		return HEIF
	}
	return Unknown
}
