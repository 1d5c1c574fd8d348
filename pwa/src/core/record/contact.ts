import { codeList } from './code.ts';

/** The way a contact was tried (連絡試行). */
export type Channel = 'phone' | 'sms' | 'mail' | 'line' | 'post' | 'certified_mail' | 'in_person';

/** Every Channel. */
export const channels = codeList<Channel>(
  ['phone', '電話', 'phone'],
  ['sms', 'SMS', 'SMS'],
  ['mail', 'メール', 'e-mail'],
  ['line', 'LINE', 'LINE'],
  ['post', '郵便', 'post'],
  ['certified_mail', '内容証明', 'certified mail'],
  ['in_person', '対面', 'in person'],
);

/** What came of it. do_not_come blocks further visits; disputed goes to legal and blocks visits. */
export type ContactResult =
  | 'reached'
  | 'no_answer'
  | 'voicemail'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'replied'
  | 'promised'
  | 'refused'
  | 'do_not_come'
  | 'disputed'
  | 'wrong_address';

/** Every ContactResult. */
export const contactResults = codeList<ContactResult>(
  ['reached', '応答あり', 'reached'],
  ['no_answer', '応答なし', 'no answer'],
  ['voicemail', '留守番電話', 'voicemail'],
  ['sent', '送信・発送済', 'sent'],
  ['delivered', '配達済', 'delivered'],
  ['undelivered', '不達・返戻', 'not delivered'],
  ['replied', '返信あり', 'replied'],
  ['promised', '返却の約束', 'promised to return it'],
  ['refused', '対応拒否', 'refused'],
  ['do_not_come', '来訪拒否', 'said not to come'],
  ['disputed', '係争主張', 'disputed'],
  ['wrong_address', '宛先違い', 'wrong number or address'],
);
