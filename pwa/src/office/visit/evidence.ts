import type { Case } from '../../core/history/index.ts';
import { count, type Facts, jp1, type Policy, photo, visit } from '../../core/policy/index.ts';
import {
  blobFields,
  checkSchema,
  corrected,
  inLanguage,
  isOffice,
  type Opened,
  text,
} from '../../core/record/index.ts';
import { formatDateTime, formatDuration, formatSeconds } from '../../ui/date.ts';
import type { Device } from '../api.ts';
import { listed } from '../label.ts';
import { lang, t } from '../words/index.ts';
import { type Entry, numberOf, plain, textOf } from './entry.ts';
import { ruleText } from './label.ts';
import type { Line } from './telling.ts';

/** What evidence may be drawn from, beside the record itself. */
export interface Surroundings {
  entries: readonly Entry[];
  case: Pick<Case, 'assignees' | 'attempts' | 'visits'>;
  devices: readonly Pick<Device, 'kid' | 'member' | 'revoked_at'>[];
  nameOf(member: string): string;
}

/** What stands beside a flag, so that a reviewer need not believe it: times, numbers, names, as the record itself has them. */
export function evidence(flag: string, { held, opened: r }: Entry, s: Surroundings): Line[] {
  const line = (name: string, label: string, value: string): Line => ({ name, label, value });
  const device = s.devices.find((d) => d.kid === r?.keyID);
  const received = line('received', t('evidence.received'), moment(held.received_at));
  if (!r) return [received];
  const at = line('at', t('evidence.at'), moment(r.at));
  const actor = line('actor', t('evidence.actor'), s.nameOf(r.actor));
  switch (flag) {
    case 'late': {
      const delay = formatDuration(held.received_at - corrected(r));
      return [at, received, line('delay', t('evidence.delay'), delay), line('skew', t('evidence.skew'), skewText(r))];
    }
    case 'clock':
      return [at, received, line('skew', t('evidence.skew'), skewText(r))];
    case 'gap':
    case 'fork':
    case 'chain': {
      const before = s.entries.some((e) => e.opened?.keyID === r.keyID && e.opened.seq === r.seq - 1);
      return [
        line('seq', t('evidence.seq'), t('evidence.seq_of', { seq: r.seq })),
        ...(r.seq > 1
          ? [
              line(
                'before',
                t('evidence.before_here', { seq: r.seq - 1 }),
                before ? t('evidence.here') : t('evidence.not_here'),
              ),
            ]
          : []),
        received,
      ];
    }
    case 'actor':
      return [actor, line('owner', t('evidence.owner'), device ? s.nameOf(device.member) : t('unknown'))];
    case 'reassigned':
      return [actor, line('assigned', t('evidence.assigned'), listed(s.case.assignees.map(s.nameOf)) || t('none'))];
    case 'revoked_key':
      return [
        at,
        received,
        line('revoked', t('evidence.revoked_at'), device?.revoked_at ? moment(device.revoked_at) : t('unknown')),
      ];
    case 'schema':
      return checkSchema(r).map((f) => line(f.pointer, t('evidence.fault'), `${f.pointer} (${f.code})`));
    case 'stray_field':
      return [line('stray', t('evidence.stray'), String(r.stray.length))];
    case 'unknown_template':
      return [line('template', t('evidence.template'), templateText(r))];
    case 'policy':
      return conduct(r, s);
    default:
      return [at, received];
  }
}

/** What the case knew when the visit began, as the server counts it: contacts before the first visit, earlier visits, and whether the worker wanted none. */
function factsOf(policy: Policy, c: Surroundings['case'], r: Opened): Facts {
  const at = corrected(r);
  const others = (c.visits ?? []).filter((v) => v.visit !== r.visit);
  const first = Math.min(at, ...others.map((v) => v.from));
  const { today, week } = count(
    policy,
    at,
    others.map((v) => v.from),
  );
  const before = (c.attempts ?? []).filter((a) => a.at < at);
  return {
    attempts: before.filter((a) => a.at < first).length,
    visitsToday: today,
    visitsWeek: week,
    toldNotToCome: before.some((a) => a.result === 'do_not_come'),
    disputed:
      before.some((a) => a.result === 'disputed') || others.some((v) => v.outcome === 'disputed' && v.from < at),
    agreedHours: text(r, 'agreed_hours') !== '',
  };
}

/** The rules that a record breaks, with their sources, and what the rep explained in the same visit. */
function conduct(r: Opened, s: Surroundings, policy: Policy = jp1): Line[] {
  const findings =
    r.kind === 'visit.started'
      ? visit(policy, corrected(r), factsOf(policy, s.case, r))
      : blobFields(r)
          .filter((b) => b.of === '')
          .flatMap((b) => photo(policy, b.role, text(r, 'note')));
  const lines: Line[] = findings.flatMap((f) => [
    { name: f.rule, label: t('evidence.rule'), value: inLanguage(f.text, lang.value) },
    { name: `${f.rule}.source`, label: t('evidence.source'), value: inLanguage(f.source, lang.value) },
  ]);
  const explained = s.entries.flatMap((e) => (e.opened?.kind === 'policy.explained' ? e.opened : []));
  for (const e of explained) {
    lines.push({
      name: e.hash,
      label: t('evidence.explained'),
      value: `${ruleText(text(e, 'rule'))}: ${text(e, 'explanation')}`,
      quote: true,
    });
  }
  if (explained.length === 0) {
    lines.push({ name: 'none', label: t('evidence.explained'), value: t('evidence.not_explained') });
  }
  return lines;
}

function templateText(r: Opened): string {
  const shown = plain(r, 'presentation');
  return `${textOf(shown, 'template') ?? '?'} ${numberOf(shown, 'version') ?? '?'}`;
}

function skewText(r: Opened): string {
  if (isOffice(r) || !r.clock) return t('evidence.skew_none');
  const span = formatDuration(Math.abs(r.clock.offsetMS));
  return r.clock.offsetMS < 0 ? t('evidence.skew_ahead', { span }) : t('evidence.skew_behind', { span });
}

function moment(at: number): string {
  return `${formatDateTime(at).replace(/ JST$/, '')}:${formatSeconds(at).slice(-2)}`;
}
