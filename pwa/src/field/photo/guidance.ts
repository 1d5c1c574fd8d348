type Guide =
  | 'guide_badge'
  | 'guide_pieces'
  | 'guide_paper'
  | 'guide_absence'
  | 'guide_exterior'
  | 'guide_police'
  | 'guide_other';

/** What to look at when photographing. */
export function guidance(code: string): Guide {
  switch (code) {
    case 'badge_front':
    case 'badge_back':
      return 'guide_badge';
    case 'badge_pieces':
      return 'guide_pieces';
    case 'paper_page':
      return 'guide_paper';
    case 'absence_note':
      return 'guide_absence';
    case 'exterior':
      return 'guide_exterior';
    case 'police_slip':
      return 'guide_police';
    default:
      return 'guide_other';
  }
}
