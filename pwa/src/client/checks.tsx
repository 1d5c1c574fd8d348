import { spell } from '../core/encoding/fingerprint.ts';
import { Chip, formatDate, formatSeconds, Icon, type IconName, type Tone } from '../ui/index.ts';
import { type Claim, type Evidence, overall, type Status } from './claim.ts';
import type { Report } from './verify.ts';
import { t } from './words/letter/index.ts';

const looks: Record<Status, { tone: Tone; icon: IconName }> = {
  holds: { tone: 'success', icon: 'check' },
  differs: { tone: 'danger', icon: 'error' },
  unknown: { tone: 'warning', icon: 'help' },
  pending: { tone: 'neutral', icon: 'clock' },
};

/** What is wrong comes first. */
const order: Record<Status, number> = { differs: 0, unknown: 1, holds: 2, pending: 3 };

/** Checks is the one line that says what the verification found. It unfolds into plain words, and each of these into the bytes. */
export function Checks({ claims, report }: { claims: readonly Claim[]; report: Report }) {
  const { status, holds } = overall(claims);
  const line =
    status === 'holds' ? t('verified', { n: holds }) : t(status === 'differs' ? 'not_verified' : 'partly_verified');
  const note =
    status === 'holds' ? t('verified_note') : t(status === 'differs' ? 'not_verified_note' : 'partly_verified_note');
  return (
    <details class={`checks checks--${status}`} open={status !== 'holds'}>
      <summary class="checks__line">
        <Icon name={status === 'holds' ? 'seal' : 'seal-broken'} />
        <span class="checks__words">
          <h2>{line}</h2>
          <span class="checks__note">{note}</span>
        </span>
        <span class="checks__more">
          {t('show_claims')}
          <Icon name="down" />
        </span>
      </summary>
      <ul class="checks__list">
        {[...claims]
          .sort((a, b) => order[a.status] - order[b.status])
          .map((c) => (
            <One key={c.id} claim={c} report={report} />
          ))}
      </ul>
      <section class="checks__limits">
        <h3>{t('not_proven')}</h3>
        <ul>
          {(['n_truth', 'n_pen', 'n_gps', 'n_clock', 'n_keys'] as const).map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </section>
    </details>
  );
}

function One({ claim, report }: { claim: Claim; report: Report }) {
  const { tone, icon } = looks[claim.status];
  const said = new Set<string>();
  const findings = claim.findings.filter(({ fault, at }) => !said.has(`${fault}@${at}`) && said.add(`${fault}@${at}`));
  return (
    <li class="check">
      <div class="check__head">
        <h3>{t(`c_${claim.id}`)}</h3>
        <Chip tone={tone} icon={icon}>
          {t(`s_${claim.status}`)}
        </Chip>
      </div>
      {claim.status === 'holds' && <p>{t(`c_${claim.id}_holds`)}</p>}
      {claim.status === 'pending' && <p>{t(claim.id === 'photos' ? 'c_photos_pending' : 'c_document_pending')}</p>}
      {findings.map(({ fault, at }) => (
        <p class="check__fault" key={`${fault}@${at}`}>
          {at !== undefined && at >= 0 && <span class="check__where">{nameOf(report, at)}</span>}
          {t(`f_${fault}`)}
        </p>
      ))}
      {claim.id === 'keys' && report.root !== '' && <p class="ta-mono check__root">{spell(report.root)}</p>}
      {claim.evidence.length > 0 && <Bytes evidence={claim.evidence} report={report} />}
    </li>
  );
}

/** A longer text gets a box of its own, to be scrolled and copied. */
const long = 200;

/** Bytes shows what a claim rests on, for whoever wants to check it with other means. */
function Bytes({ evidence, report }: { evidence: readonly Evidence[]; report: Report }) {
  return (
    <details class="bytes">
      <summary>{t('show_bytes')}</summary>
      <dl>
        {evidence.map(({ label, value, at }, n) => {
          const name = at !== undefined && at >= 0 ? `${t(`b_${label}`)}  ${nameOf(report, at)}` : t(`b_${label}`);
          const text = shown(label, value);
          return (
            <div key={n}>
              <dt>{name}</dt>
              <dd class="ta-mono">
                {text.length > long ? (
                  <textarea readOnly rows={5} aria-label={name} spellcheck={false} value={text} />
                ) : (
                  text
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

function shown(label: Evidence['label'], value: string): string {
  if (label === 'root' || label === 'key') return `${spell(value)}\n${value}`;
  if (label !== 'received_at') return value;
  return `${formatDate(Number(value))} ${formatSeconds(Number(value))} (${value})`;
}

const kinds = {
  'declaration.signed': 'k_declaration_signed',
  'declaration.declined': 'k_declaration_declined',
  'item.received': 'k_item_received',
  'photo.captured': 'k_photo_captured',
  'photo.redacted': 'k_photo_redacted',
  'disclosure.prepared': 'k_disclosure_prepared',
  'disclosure.approved': 'k_disclosure_approved',
} as const;

function nameOf(report: Report, at: number): string {
  const kind = report.records[at]?.kind;
  const word = kind === undefined ? 'k_unreadable' : kind in kinds ? kinds[kind as keyof typeof kinds] : 'k_other';
  return t('record_n', { n: at + 1, kind: t(word) });
}
