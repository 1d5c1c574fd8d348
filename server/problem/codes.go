package problem

// Code names one way in which a request fails. Clients act on it, never on a
// title: once published, a code keeps its meaning.
type Code string

// The request itself.
const (
	BadRequest           Code = "bad_request"
	BadJSON              Code = "bad_json"
	TooManyRecords       Code = "too_many_records"
	NotFound             Code = "not_found"
	MethodNotAllowed     Code = "method_not_allowed"
	Timeout              Code = "timeout"
	Conflict             Code = "conflict"
	Gone                 Code = "gone"
	LengthRequired       Code = "length_required"
	BodyTooLarge         Code = "body_too_large"
	UnsupportedMediaType Code = "unsupported_media_type"
	RangeNotSatisfiable  Code = "range_not_satisfiable"
)

// Who is asking (docs/protocol.md §4).
const (
	Unauthorized         Code = "unauthorized"
	ProofMissing         Code = "proof_missing"
	ProofInvalid         Code = "proof_invalid"
	NonceRequired        Code = "nonce_required"
	DeviceUnknown        Code = "device_unknown"
	DeviceRevoked        Code = "device_revoked"
	MemberRemoved        Code = "member_removed"
	Forbidden            Code = "forbidden"
	EnrolmentCodeInvalid Code = "enrolment_code_invalid"
	EnrolmentCodeExpired Code = "enrolment_code_expired"
	EnrolmentCodeUsed    Code = "enrolment_code_used"
	SessionRequired      Code = "session_required"
	CrossSite            Code = "cross_site"
	RateLimited          Code = "rate_limited"
)

// Records, feed and blobs (docs/protocol.md §5, §7, §8).
const (
	RecordUnknown    Code = "record_unknown"
	CursorGone       Code = "cursor_gone"
	BlobNotNamed     Code = "blob_not_named"
	DigestMismatch   Code = "digest_mismatch"
	SizeMismatch     Code = "size_mismatch"
	ChecksumMismatch Code = "checksum_mismatch"
	OffsetMismatch   Code = "offset_mismatch"
	UploadExpired    Code = "upload_expired"
	TusVersion       Code = "tus_version"
)

// Disclosures, and links for people without an account (docs/protocol.md §10, §11).
const (
	Outdated        Code = "outdated"
	OwnVisit        Code = "own_visit"
	LastAdmin       Code = "last_admin"
	Decided         Code = "decided"
	NotReleasable   Code = "not_releasable"
	ConsentMissing  Code = "consent_missing"
	PracticeCase    Code = "practice_case"
	CaseVoid        Code = "case_void"
	NotReviewed     Code = "not_reviewed"
	NotApproved     Code = "not_approved"
	SamePerson      Code = "same_person"
	PhotoUnusable   Code = "photo_unusable"
	PhotoHidden     Code = "photo_hidden"
	PaperUnusable   Code = "paper_unusable"
	EvidenceDamaged Code = "evidence_damaged"
	LinkPasscode    Code = "link_passcode"
	LinkPaused      Code = "link_paused"
	LinkLocked      Code = "link_locked"
	LinkExpired     Code = "link_expired"
	LinkRevoked     Code = "link_revoked"
	LinkUsedUp      Code = "link_used_up"
)

// The server's own state.
const (
	LedgerRed           Code = "ledger_red"
	ReadOnly            Code = "read_only"
	Unavailable         Code = "unavailable"
	InsufficientStorage Code = "insufficient_storage"
	Internal            Code = "internal"
)
