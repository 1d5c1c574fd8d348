import type { ja } from './ja.ts';

export const en: Record<keyof typeof ja, string> = {
  title: 'View a document',
  copy_title: 'Your copy',

  gate_lead: 'A document is waiting for you. It opens with the passcode that you were told separately.',
  gate_copy_lead:
    'This is your copy of the paper that you signed. It opens with the number that you chose when signing.',
  passcode: 'Passcode',
  passcode_hint: '8 digits, told to you by another way than the link, such as by phone.',
  copy_code: 'Your number',
  copy_code_hint: '4 to 12 digits.',
  passcode_bad: 'Enter 8 digits.',
  copy_code_bad: 'Enter 4 to 12 digits.',
  open: 'Open the document',
  gate_note: 'Opening this page does not count as reading. Entering the right passcode does, and is recorded.',
  gate_copy_note: 'If you no longer know the number, ask the contact named in the paper.',
  link_cut: 'The link seems to be cut off. Open the whole link as you received it, up to its end.',

  e_link_passcode: 'The number is wrong, or the link is not a valid one. Please check the number.',
  e_link_paused: 'There were too many wrong numbers. You can try again at {time} (in {wait}).',
  e_link_locked: 'There were too many wrong numbers, and the link is locked. Ask the sender to unlock it.',
  e_link_expired: 'The link has expired. If you still need the document, ask the sender for a new link.',
  e_link_revoked: 'The document is no longer offered. Ask the sender for the reason.',
  e_link_used_up: 'The link was opened as often as it may be. Ask the sender for a new one.',
  e_consent_missing:
    'The declarant has withdrawn the consent to disclosure, so the document cannot be shown. Ask the sender.',
  e_ledger_red: 'A check of the records found an irregularity, and nothing is handed out. Ask the sender.',
  e_evidence_damaged: 'The stored data does not match the record and is not handed out. Please tell the sender.',
  e_unavailable: 'The server cannot answer just now. Wait a moment, then try again.',
  e_rate_limited: 'There are too many requests. Wait {wait}, then try again.',
  e_network: 'The server cannot be reached. Check the connection and try again.',
  e_session: 'The 15 minutes of this session are over. Enter the passcode again to go on.',
  e_other: 'It could not be opened. Try again in a moment. If it keeps failing, tell the sender “{code}”.',
  e_unreadable: 'The server’s answer could not be read. Do not rely on it, and contact the sender.',
};
