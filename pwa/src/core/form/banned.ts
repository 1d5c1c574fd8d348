import type { Label } from '../record/index.ts';
import { type Fault, Faults, type Path } from './fault.ts';
import { type Item, languages, type Template } from './form.ts';

// What no template may say: a declaration that was given under the threat of
// money, punishment or a forced apology can be avoided as given under duress
// (民法96条), and proves nothing.
//
// The list is asked when a template is published and never when one is read: a
// paper that was signed stays readable even if the list grows.
const banned = [
  // sums of money, claims
  /[0-9０-９一二三四五六七八九十百千万億兆〇]\s*円|[¥￥$€]|金額|代金|弁償|賠償|補償|弁済|支払|請求|費用|実費|天引|控除|給与|賃金|報酬/,
  // penalties
  /違約|罰|過料|科料|反則|制裁|懲戒|損害|没収/,
  // admission of crime
  /[刑犯罪窃]|横領|背任|詐欺|告訴|告発|逮捕|起訴|自白|自供|自首|不法|違法/,
  // forced apology or promise
  /[詫謝悔]|反省|申し訳|申しわけ|始末書|誓約|誓い|二度と|過失を認め|責任を認めます|非を認め/,
  /\b(yen|jpy|usd|fees?|costs?|prices?|pay|pays|paid|payments?|repay\w*|reimburs\w*|compensat\w*|indemni\w*|damages|wages?|salary|salaries|deduct\w*|invoices?|owe[sd]?)\b/i,
  /\b(fines?|fined|penal\w*|punish\w*|sanctions?|disciplin\w*|forfeit\w*)\b/i,
  /\b(crimes?|criminal\w*|guilt\w*|offen[cs]es?|prosecut\w*|arrest\w*|theft|thefts|steal\w*|stole|embezzl\w*|fraud\w*|illegal\w*|unlawful\w*|confess\w*|admit\w*|admission)\b/i,
  /\b(apolog\w*|sorry|regret\w*|remorse\w*|asham\w*|forgive\w*|never again|at fault|my fault)\b/i,
];

/**
 * Names every text of the template that says what no template may say. Pointers
 * are into the template's JSON. A template with any MUST NOT be published.
 */
export function findBanned(t: Template): Fault[] {
  const f = new Faults();
  const look = (label: Label, at: Path) => {
    for (const lang of languages) if (banned.some((re) => re.test(label[lang]))) f.add('banned', ...at, lang);
  };
  const items = (list: readonly Item[], at: Path) => {
    list.forEach((i, n) => {
      const here = [...at, n];
      look(i.label, [...here, 'label']);
      look(i.text, [...here, 'text']);
      look(i.hint, [...here, 'hint']);
      look(i.default, [...here, 'default']);
      i.options.forEach((o, k) => {
        look(o.label, [...here, 'options', k, 'label']);
      });
      items(i.columns, [...here, 'columns']);
    });
  };
  look(t.title, ['title']);
  items(t.items, ['items']);
  return f.list;
}
