package problem

import (
	"net/http"
	"time"
)

// statusChecksumMismatch is the tus 1.0 checksum extension's own status.
const statusChecksumMismatch = 460

// row is what a code means on the wire. retryable says that the same request,
// unchanged or after the step that the code names (push the record first, ask
// for the offset, take the fresh nonce), can succeed; after is how long to
// wait before that when the error itself does not say.
type row struct {
	status    int
	retryable bool
	after     time.Duration
	ja, en    string
}

// table is the one place where a failure gets its status and its words.
var table = map[Code]row{
	BadRequest:           {400, false, 0, "リクエストの形式が正しくありません", "The request is not well formed"},
	BadJSON:              {400, false, 0, "送られたJSONを読み取れません", "The JSON that was sent cannot be read"},
	TooManyRecords:       {400, false, 0, "一度に送れる記録の件数を超えています", "Too many records in one request"},
	NotFound:             {404, false, 0, "見つかりません", "Not found"},
	MethodNotAllowed:     {405, false, 0, "この操作はできません", "This method is not allowed here"},
	Timeout:              {408, true, 0, "時間内に受信が終わりませんでした", "The request did not arrive in time"},
	Conflict:             {409, false, 0, "現在の状態と矛盾しています", "The request conflicts with the current state"},
	Gone:                 {410, false, 0, "すでに存在しません", "This no longer exists"},
	LengthRequired:       {411, false, 0, "長さ(Content-Length)の指定が必要です", "A Content-Length is required"},
	BodyTooLarge:         {413, false, 0, "送信データが大きすぎます", "The request body is too large"},
	UnsupportedMediaType: {415, false, 0, "この形式のデータは受け付けていません", "This media type or encoding is not accepted"},
	RangeNotSatisfiable:  {416, false, 0, "指定された範囲のデータはありません", "There are no bytes in that range"},

	Unauthorized:         {401, false, 0, "認証が必要です", "Authentication is required"},
	ProofMissing:         {401, false, 0, "端末の署名がありません", "The device proof is missing"},
	ProofInvalid:         {401, false, 0, "端末の署名を確認できません", "The device proof is not valid"},
	NonceRequired:        {401, true, 0, "新しいノンスで署名し直してください", "Sign again with the fresh nonce"},
	DeviceUnknown:        {401, false, 0, "登録されていない端末です", "This device is not enrolled"},
	DeviceRevoked:        {403, false, 0, "この端末は失効しています(記録の送信のみ可能)", "This device is revoked; it may only push and upload"},
	MemberRemoved:        {403, false, 0, "この利用者は登録を外れています(記録の送信のみ可能)", "This member was removed; only push and upload remain"},
	Forbidden:            {403, false, 0, "この操作は許可されていません", "This is not permitted"},
	EnrolmentCodeInvalid: {403, false, 0, "登録コードが正しくありません", "The enrolment code is not valid"},
	EnrolmentCodeExpired: {403, false, 0, "登録コードの有効期限が切れています", "The enrolment code has expired"},
	EnrolmentCodeUsed:    {409, false, 0, "この登録コードは使用済みです", "The enrolment code was already used"},
	SessionRequired:      {401, false, 0, "ログインの有効期限が切れました。新しいログイン用リンクを開いてください", "You are not signed in, or the session is over; open a new one-time link"},
	CrossSite:            {403, false, 0, "この操作は事務局の画面からのみ行えます", "This can only be done from the office's own pages"},
	RateLimited:          {429, true, 5 * time.Second, "回数が多すぎます。しばらくしてからお試しください", "Too many requests; try again later"},

	RecordUnknown:    {404, true, 0, "先に記録を送信してください", "Push the record first"},
	CursorGone:       {410, false, 0, "取得位置が無効になりました。最初から取得し直してください", "The cursor is void; read the feed from the beginning"},
	BlobNotNamed:     {422, false, 0, "記録に書かれていないファイルです", "The record does not name this file"},
	DigestMismatch:   {422, false, 0, "ファイルの内容がハッシュ値と一致しません", "The bytes do not match their digest"},
	SizeMismatch:     {422, false, 0, "ファイルの大きさが記録と一致しません", "The size does not match the record"},
	ChecksumMismatch: {statusChecksumMismatch, true, 0, "送信中にデータが壊れました", "The chunk was damaged on the way"},
	OffsetMismatch:   {409, true, 0, "送信位置が一致しません", "The upload stands at another offset"},
	UploadExpired:    {410, true, 0, "アップロードの期限が切れました。最初から送り直してください", "The upload has expired; start it again"},
	TusVersion:       {412, false, 0, "対応していないtusのバージョンです", "This version of tus is not supported"},

	Outdated:        {409, false, 0, "表示したあとに新しい記録が届いています。画面を更新して、もう一度確認してください", "More has arrived since this was shown; reload and look again"},
	OwnVisit:        {409, false, 0, "自分が行った訪問は審査できません。ほかの審査担当者に依頼してください", "You made this visit yourself; ask another reviewer"},
	LastAdmin:       {409, false, 0, "管理者が一人もいなくなるため変更できません。先に別の管理者を登録してください", "The office needs an administrator; make somebody else one first"},
	Decided:         {409, false, 0, "この項目はすでに処理されています。画面を更新してください", "This was decided already; reload"},
	NotReleasable:   {409, false, 0, "記録として読み取れないため、受け入れることはできません(却下のみ可能)", "No record can be read in it; it can only be rejected"},
	ConsentMissing:  {409, false, 0, "提供への本人の同意がないか、撤回されています", "The worker's consent to this disclosure is missing or was withdrawn"},
	PracticeCase:    {409, false, 0, "練習案件は提供できません", "A practice case is never disclosed"},
	CaseVoid:        {409, false, 0, "取り消された案件は提供できません", "This case was voided and is not disclosed"},
	NotReviewed:     {409, false, 0, "訪問がまだ審査で承認されていません", "The visit has not been approved by a reviewer"},
	NotApproved:     {409, false, 0, "この提供はまだ承認されていません", "This disclosure has not been approved"},
	SamePerson:      {409, false, 0, "作成した人・訪問を審査した人は承認できません。別の承認者に依頼してください", "Who prepared it or reviewed its visit cannot approve it; ask another approver"},
	PhotoUnusable:   {422, false, 0, "この写真からは提供用の画像を作れません", "No copy for disclosure can be made of this photo"},
	PhotoHidden:     {409, false, 0, "写真の一部が隠されたため、以前の画像は提供できません。提供を作り直してください", "Part of a photo was hidden since, so the picture as it was is not disclosed; prepare the disclosure anew"},
	PaperUnusable:   {422, false, 0, "この記録からは書面を作成できません", "No document can be made of this record"},
	EvidenceDamaged: {500, false, 0, "保管されているデータが記録と一致しません。改ざんまたは破損の疑いがあるため、表示できません", "What is stored is not what was recorded: it was changed or damaged, and is not shown"},
	LinkPasscode:    {401, false, 0, "リンクまたは受取番号が正しくありません", "The link or the passcode is not right"},
	LinkPaused:      {429, true, 15 * time.Minute, "受取番号の誤りが続いたため、一時停止しています。しばらくしてからお試しください", "Too many wrong passcodes; wait before you try again"},
	LinkLocked:      {403, false, 0, "受取番号の誤りが続いたため、ロックされています。担当者にご連絡ください", "Too many wrong passcodes; this is locked. Please contact the agency"},
	LinkExpired:     {410, false, 0, "閲覧期限が過ぎています。再発行を担当者にご依頼ください", "This link has expired; ask the agency for a new one"},
	LinkRevoked:     {410, false, 0, "このリンクは取り消されています。担当者にお問い合わせください", "This link was taken back; please ask the agency"},
	LinkUsedUp:      {410, false, 0, "閲覧できる回数を使い切りました。再発行を担当者にご依頼ください", "This link has been opened as often as it may be; ask the agency for a new one"},

	LedgerRed:           {503, true, time.Minute, "台帳の検査で異常が見つかったため、停止しています", "The ledger failed its check; this is halted"},
	ReadOnly:            {503, true, time.Minute, "現在は閲覧のみ可能です", "The server is read-only at the moment"},
	Unavailable:         {503, true, 2 * time.Second, "一時的に利用できません。端末の記録は保持されています", "Temporarily unavailable; the device keeps its records"},
	InsufficientStorage: {507, true, time.Minute, "サーバーの保存容量が不足しています", "The server has no room to store this"},
	Internal:            {http.StatusInternalServerError, true, 5 * time.Second, "サーバー内部でエラーが発生しました", "An internal error occurred"},
}

// Codes returns every code of the table, in no particular order.
func Codes() []Code {
	all := make([]Code, 0, len(table))
	for code := range table {
		all = append(all, code)
	}
	return all
}
