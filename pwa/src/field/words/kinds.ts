import { jp1, photoRole } from '../../core/policy/index.ts';
import { inLanguage } from '../../core/record/index.ts';
import { lang, t } from './index.ts';

/** What a kind of record is called on the rep's screens. */
export function kindWord(kind: string): string {
  switch (kind) {
    case 'contact.logged':
      return t('kind_contact');
    case 'visit.started':
      return t('kind_started');
    case 'place.changed':
      return t('kind_place');
    case 'identity.checked':
      return t('kind_identity');
    case 'photo.captured':
      return t('kind_photo');
    case 'photo.redacted':
      return t('kind_redacted');
    case 'note.written':
      return t('kind_note');
    case 'hearing.read_back':
      return t('kind_hearing');
    case 'policy.explained':
      return t('kind_policy');
    case 'declaration.signed':
      return t('kind_signed');
    case 'declaration.declined':
      return t('kind_declined');
    case 'item.received':
      return t('kind_item');
    case 'file.attached':
      return t('kind_file');
    case 'visit.ended':
      return t('kind_ended');
    case 'record.amended':
      return t('kind_amended');
    default:
      return kind;
  }
}

/** The papers that come with the product, by name; the templates themselves are loaded only when one is opened. */
export function paperWord(id: string): string {
  switch (id) {
    case 'disposal_declaration':
      return t('paper_disposal');
    case 'loss_report':
      return t('paper_loss');
    case 'return_receipt':
      return t('paper_receipt');
    case 'absence_note':
      return t('paper_absence');
    default:
      return id;
  }
}

/** What a photo shows, by its role. */
export function roleWord(role: string): string {
  const found = photoRole(jp1, role);
  if (!found) return role === 'preview' ? t('role_preview') : role === 'redacted' ? t('role_redacted') : role;
  if (found.role.reason) return t('role_other'); // its name in the list asks for the reason
  const name = inLanguage(found.role.name, lang.value);
  return found.page > 0 ? t('role_page', { name, page: found.page }) : name;
}
