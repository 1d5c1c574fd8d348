package record

// Channel is the way a contact was tried (連絡試行).
type Channel string

const (
	ChannelPhone         Channel = "phone"
	ChannelSMS           Channel = "sms"
	ChannelMail          Channel = "mail"
	ChannelLINE          Channel = "line"
	ChannelPost          Channel = "post"
	ChannelCertifiedMail Channel = "certified_mail"
	ChannelInPerson      Channel = "in_person" // what was said face to face
)

// Channels lists every Channel.
var Channels = []Code{
	{"phone", Label{"電話", "phone"}},
	{"sms", Label{"SMS", "SMS"}},
	{"mail", Label{"メール", "e-mail"}},
	{"line", Label{"LINE", "LINE"}},
	{"post", Label{"郵便", "post"}},
	{"certified_mail", Label{"内容証明", "certified mail"}},
	{"in_person", Label{"対面", "in person"}},
}

// Label returns what people read.
func (c Channel) Label() Label { return labelOf(Channels, string(c)) }

// ContactResult is what came of it.
type ContactResult string

const (
	ContactReached      ContactResult = "reached"
	ContactNoAnswer     ContactResult = "no_answer"
	ContactVoicemail    ContactResult = "voicemail"
	ContactSent         ContactResult = "sent"
	ContactDelivered    ContactResult = "delivered"
	ContactUndelivered  ContactResult = "undelivered"
	ContactReplied      ContactResult = "replied"
	ContactPromised     ContactResult = "promised"
	ContactRefused      ContactResult = "refused"
	ContactDoNotCome    ContactResult = "do_not_come" // blocks further visits
	ContactDisputed     ContactResult = "disputed"    // goes to legal, blocks visits
	ContactWrongAddress ContactResult = "wrong_address"
)

// ContactResults lists every ContactResult.
var ContactResults = []Code{
	{"reached", Label{"応答あり", "reached"}},
	{"no_answer", Label{"応答なし", "no answer"}},
	{"voicemail", Label{"留守番電話", "voicemail"}},
	{"sent", Label{"送信・発送済", "sent"}},
	{"delivered", Label{"配達済", "delivered"}},
	{"undelivered", Label{"不達・返戻", "not delivered"}},
	{"replied", Label{"返信あり", "replied"}},
	{"promised", Label{"返却の約束", "promised to return it"}},
	{"refused", Label{"対応拒否", "refused"}},
	{"do_not_come", Label{"来訪拒否", "said not to come"}},
	{"disputed", Label{"係争主張", "disputed"}},
	{"wrong_address", Label{"宛先違い", "wrong number or address"}},
}

// Label returns what people read.
func (c ContactResult) Label() Label { return labelOf(ContactResults, string(c)) }
