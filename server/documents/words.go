package documents

import (
	"fmt"
	"time"

	"tachiai/sync/form"
)

// words are what a document says around the paper's own text, in one language.
type words struct {
	editions          [2]string
	practice          string // "練習案件"
	recipient         string // with a name
	issued            string // with a time
	record            string
	colon             string
	yes, no           string
	above, aboveShort string // what was signed ends here: full, client edition
	otherHand         string // a signature that another record holds
	onPaper, onOwn    string // in place of strokes

	signer, receiver, method, signedAt, witness string
	figure                                      string // signer's label, method, strokes, points

	circumstances                              string
	clock, clockNever, shown, shownValue       string
	consents, consentValue                     string
	place, matches, differs, unknown, accuracy string
	noFix                                      string
	reasons, bands                             map[string]string // by code of the record
	fix, fixValue, distance                    string
	strokes, strokesValue                      string
	kept, companions, note, witnessRecord      string

	proof                                        string
	hash, key, identity, identityValue, sealed   string
	receipt, receiptValue, received, receiptNone string
	skew, verify                                 string
	root, rootSame                               string
	url                                          [2]string // where it is verified: full, client edition
	qr                                           string

	lacking, comma               string // texts without a form; between two of them
	photos, original, derivative string
	means                        map[string]string // what the document proves and what not, by author of the paper
}

var language = map[string]*words{
	form.JA: {
		editions: [2]string{"全項目版(派遣元控え)", "提供版"}, practice: "練習案件", recipient: "提供先：%s", issued: "%s 作成",
		record: "記録", colon: "：", yes: "はい", no: "いいえ",
		above:      "以上は、署名の前に示された書面の全文と、その署名です。",
		aboveShort: "以上は、署名の前に示された書面と、その署名です。「提供先には開示しません」とある値だけを省いています。",
		otherHand:  "この記録は、この署名を含みません。",
		onPaper:    "紙の原本に自署", onOwn: "本人の端末で確認",
		signer: "申告者", receiver: "受領者", method: "署名の方式", signedAt: "署名の日時", witness: "立会人",
		figure: "%s。%s。%d画、%d点の筆跡を線で描いたもの。",

		circumstances: "署名の状況",
		clock:         "(端末の時計をサーバーの時計で補正)", clockNever: "(端末の時計。サーバーとの照合なし)",
		shown: "書面の表示", shownValue: "署名の前に%s表示。末尾まで表示：%s。読み上げ：%s。",
		consents: "同意への回答", consentValue: "%s：%s(表示から%s後)",
		place: "登録住所と一致", matches: "はい", differs: "いいえ", unknown: "照合不可", accuracy: "(精度 ±%d m)",
		noFix: "位置情報なし", reasons: map[string]string{"denied": "許可されず", "timeout": "時間切れ", "unavailable": "測位できず", "stale": "古い値のみ", "off": "測位オフ"},
		fix: "位置", fixValue: "北緯 %s、東経 %s(精度 ±%d m、%s前の測位)", distance: "登録住所からの距離",
		bands:   map[string]string{"le_50": "50 m以内", "le_100": "100 m以内", "le_500": "500 m以内", "le_2000": "2 km以内", "gt_2000": "2 km超", "unknown": "不明"},
		strokes: "筆跡", strokesValue: "%d画、%d点、%s",
		kept: "原本の保管場所", companions: "同席者", note: "記録者の付記", witnessRecord: "立会人",

		proof: "記録の証明",
		hash:  "記録のハッシュ", key: "端末鍵の指紋", identity: "記録の番号", identityValue: "この端末の%d番目の記録",
		sealed:  "書面のハッシュ",
		receipt: "受信証", receiptValue: "台帳 %s の %d 番", received: "%s 受信", receiptNone: "なし(この文書の作成時)",
		root: "ルート鍵の指紋", rootSame: "検証の画面に表示される指紋と、同じであることを確かめてください。",
		skew: "記録した時刻との差 %s", verify: "検証", url: [2]string{"派遣元の事務局の画面で、記録と署名を検証できます。", "この書面とともに届いたリンクを開くと、お使いのブラウザーで記録と署名を検証できます。リンクの先は、次のサーバーです。"},
		means: map[string]string{
			form.AuthorWorker: "この文書は、申告者が上記のとおり述べ、その時に記録されたことを示します。述べられた内容が事実であること、誰が筆を持っていたか、位置情報が本物であることは証明しません。",
			form.AuthorAgency: "この文書は、上記の書面が作成され、その時に記録されたことを示します。書かれた内容が事実であること、誰が筆を持っていたか、位置情報が本物であることは証明しません。",
		},
		qr: "サーバーの所在を示すQRコード。%s",

		lacking: "次の文字は、この文書の書体に該当する字形がないため、枠に入れ、基本の字形または文字番号で示しています。コピーや検索で得られる文字は、記録のとおりです：%s", comma: "、",

		photos: "写真", original: "原本", derivative: "掲載した画像",
	},
	form.EN: {
		editions: [2]string{"Full edition (kept by the agency)", "Client edition"}, practice: "PRACTICE CASE", recipient: "For %s", issued: "Made %s",
		record: "Record", colon: ": ", yes: "yes", no: "no",
		above:      "The above is the whole text of the paper that was shown before signing, and the signature.",
		aboveShort: "The above is the paper that was shown before signing, and the signature. Only the values marked “not disclosed to the client” are left out.",
		otherHand:  "This record does not hold this signature.",
		onPaper:    "Signed by hand on the paper original", onOwn: "Confirmed on the declarant's own device",
		signer: "Declarant", receiver: "Receiver", method: "Method of signing", signedAt: "Signed", witness: "Witness",
		figure: "%s. %s. Handwriting of %d strokes, %d points, drawn as lines.",

		circumstances: "How it was signed",
		clock:         "(clock of the device, corrected by the server's)", clockNever: "(clock of the device, never compared with the server's)",
		shown: "How the paper was shown", shownValue: "Shown for %s before signing. To the end: %s. Read aloud: %s.",
		consents: "Answers to consents", consentValue: "%s: %s (%s after it was shown)",
		place: "At the registered address", matches: "yes", differs: "no", unknown: "cannot be compared", accuracy: " (accuracy ±%d m)",
		noFix: "no position", reasons: map[string]string{"denied": "not allowed", "timeout": "timed out", "unavailable": "not available", "stale": "old values only", "off": "switched off"},
		fix: "Position", fixValue: "%s N, %s E (accuracy ±%d m, measured %s before)", distance: "Distance from the registered address",
		bands:   map[string]string{"le_50": "up to 50 m", "le_100": "up to 100 m", "le_500": "up to 500 m", "le_2000": "up to 2 km", "gt_2000": "more than 2 km", "unknown": "unknown"},
		strokes: "Handwriting", strokesValue: "%d strokes, %d points, %s",
		kept: "Where the original is kept", companions: "Others present", note: "Remark of the writer", witnessRecord: "Witness",

		proof: "Proof of the record",
		hash:  "Hash of the record", key: "Fingerprint of the device key", identity: "Number of the record", identityValue: "Record %d of this device",
		sealed:  "Hash of the paper",
		receipt: "Receipt", receiptValue: "Ledger %s, entry %d", received: "Received %s", receiptNone: "none when this document was made",
		root: "Fingerprint of the root key", rootSame: "Make sure that the page of the verification shows the same one.",
		skew: "Against the time of the record: %s", verify: "Verification", url: [2]string{"The agency's office verifies the record and its signature on its screen.", "Open the link that came with this document: your own browser verifies the record and its signature. The link leads to this server."},
		means: map[string]string{
			form.AuthorWorker: "This document shows that the declarant stated the above, and that it was recorded then. It does not prove that what is stated is true, who held the pen, or that the position is genuine.",
			form.AuthorAgency: "This document shows that the above was written, and that it was recorded then. It does not prove that what is written is true, who held the pen, or that the position is genuine.",
		},
		qr: "QR code of the server's address. %s",

		lacking: "The fonts of this document have no form for the following characters. They stand in a frame, in their basic form or as their number. The text itself, as it is copied or searched, is that of the record: %s", comma: ", ",

		photos: "Photos", original: "Original", derivative: "Picture shown",
	},
}

func wordsIn(lang string) *words { return language[lang] }

// japan is the zone of every time that is printed. It has no summer time.
var japan = time.FixedZone("JST", 9*60*60)

// instant prints a moment, ms since 1970, to the second.
func instant(ms int64, lang string) string {
	t := time.UnixMilli(ms).In(japan)
	if lang == form.EN {
		return t.Format("2 January 2006, 15:04:05") + " JST"
	}
	return t.Format("2006年1月2日 15時04分05秒")
}

// span of time in words, from ms.
func lasting(ms int64, lang string) string {
	sign := ""
	if ms < 0 {
		sign, ms = "−", -ms
	}
	units := []string{"時間", "分", "秒", "秒"}
	if lang == form.EN {
		units = []string{" h ", " min ", " s", " s"}
	}
	switch seconds := ms / 1000; {
	case seconds >= 3600:
		return fmt.Sprintf("%s%d%s%d%s%d%s", sign, seconds/3600, units[0], seconds/60%60, units[1], seconds%60, units[2])
	case seconds >= 60:
		return fmt.Sprintf("%s%d%s%d%s", sign, seconds/60, units[1], seconds%60, units[2])
	default:
		return fmt.Sprintf("%s%d.%d%s", sign, seconds, ms%1000/100, units[3])
	}
}
