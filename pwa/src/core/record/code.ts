/** What people read in place of a code. */
export interface Label {
  ja: string;
  en: string;
}

/** The label in the language "en", and in Japanese for any other. */
export function inLanguage(label: Label, lang: string): string {
  return lang === 'en' ? label.en : label.ja;
}

/** One value of a closed list, with its label. */
export interface Code<C extends string = string> extends Label {
  code: C;
}

/** The label of a code in a list; the code itself for both languages when it is not in there. */
export function labelOf(list: readonly Code[], code: string): Label {
  const c = list.find((c) => c.code === code);
  return c ? { ja: c.ja, en: c.en } : { ja: code, en: code };
}

/** Makes a list out of rows of code, ja, en. */
export function codeList<C extends string>(...rows: readonly (readonly [C, string, string])[]): readonly Code<C>[] {
  return rows.map(([code, ja, en]) => ({ code, ja, en }));
}

/** What a member may do; a member may hold several. */
export type Role = 'rep' | 'reviewer' | 'approver' | 'auditor' | 'admin';

/** Every Role. */
export const roles = codeList<Role>(
  ['rep', '営業担当', 'rep'],
  ['reviewer', '内勤・審査', 'reviewer'],
  ['approver', '承認者', 'approver'],
  ['auditor', '監査者', 'auditor'],
  ['admin', '管理者', 'admin'],
);

/** Where a case stands. */
export type State =
  | 'received'
  | 'contacting'
  | 'visiting'
  | 'recovered'
  | 'stated'
  | 'refused'
  | 'disputed'
  | 'review'
  | 'disclosed'
  | 'acknowledged'
  | 'closed'
  | 'welfare';

/** Every State in the order of a case's life; welfare is a branch of its own. */
export const states = codeList<State>(
  ['received', '受付', 'received'],
  ['contacting', '連絡中', 'contacting'],
  ['visiting', '訪問中', 'visiting'],
  ['recovered', '回収済', 'recovered'],
  ['stated', '申告取得', 'statement obtained'],
  ['refused', '拒否', 'refused'],
  ['disputed', '係争', 'disputed'],
  ['review', '審査', 'in review'],
  ['disclosed', '提供', 'disclosed'],
  ['acknowledged', '受領確認', 'receipt acknowledged'],
  ['closed', '完了', 'closed'],
  ['welfare', '安否確認', 'welfare check'],
);
