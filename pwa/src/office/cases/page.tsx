import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { states } from '../../core/record/index.ts';
import {
  Button,
  Chip,
  Field,
  formatDate,
  formatDateTime,
  LinkButton,
  Page,
  Select,
  TextInput,
} from '../../ui/index.ts';
import { type CaseRow, cases } from '../api.ts';
import { useKeys, useLoaded, useNow } from '../hooks.ts';
import { listed, stateText } from '../label.ts';
import { Pages } from '../pages.tsx';
import { Until } from '../refused.tsx';
import { may, nameOf } from '../state.ts';
import { t } from '../words/index.ts';

/** Lines of one page: a hundred thousand cases are looked at fifty at a time. */
const perPage = 50;

/** CasesPage is the list of cases: search, filter, and pages by cursor. */
export function CasesPage() {
  const { query, route } = useLocation();
  const [typed, setTyped] = useState(query.search ?? '');
  const [trail, setTrail] = useState<string[]>([]);
  const [search, state] = [query.search ?? '', query.state ?? ''];
  const cursor = trail.at(-1) ?? '';
  const loaded = useLoaded(() => cases.list({ q: search, state, cursor, limit: perPage }), [search, state, cursor]);
  const look = (next: { search?: string; state?: string }) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries({ search, state, ...next })) if (value) params.set(name, value);
    setTrail([]);
    route(`/office/cases${params.size > 0 ? `?${params}` : ''}`, true);
  };
  useEffect(() => {
    if (typed === search) return;
    const timer = setTimeout(() => look({ search: typed.trim() }), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Page
      title={t('cases.title')}
      beside={
        may('reviewer') && (
          <LinkButton kind="primary" icon="plus" href="/office/cases/new">
            {t('cases.new')}
          </LinkButton>
        )
      }
    >
      <search class="office-filter">
        <Field label={t('cases.search')} hint={t('cases.search_hint')}>
          <TextInput type="search" value={typed} maxLength={100} onInput={(e) => setTyped(e.currentTarget.value)} />
        </Field>
        <Field label={t('cases.state')}>
          <Select value={state} onChange={(e) => look({ state: e.currentTarget.value })}>
            <option value="">{t('cases.any_state')}</option>
            {states.map((s) => (
              <option key={s.code} value={s.code}>
                {stateText(s.code)}
              </option>
            ))}
            <option value="practice">{t('cases.practice')}</option>
            <option value="voided">{stateText('voided')}</option>
          </Select>
        </Field>
      </search>
      <Until loaded={loaded}>
        {(page) =>
          page.cases.length === 0 && trail.length === 0 ? (
            <Empty
              filtered={search !== '' || state !== ''}
              clear={() => {
                setTyped('');
                look({ search: '', state: '' });
              }}
            />
          ) : (
            <>
              <List rows={page.cases} />
              <Pages
                onBack={trail.length > 0 ? () => setTrail(trail.slice(0, -1)) : undefined}
                onNext={page.cursor ? () => setTrail([...trail, page.cursor ?? '']) : undefined}
              />
            </>
          )
        }
      </Until>
    </Page>
  );
}

function Empty({ filtered, clear }: { filtered: boolean; clear(): void }) {
  return (
    <div class="ta-empty ta-stack">
      <h2>{filtered ? t('cases.no_match') : t('cases.empty')}</h2>
      <p>{filtered ? t('cases.no_match_hint') : t('cases.empty_hint')}</p>
      {filtered && (
        <div class="ta-row office-center">
          <Button onClick={clear}>{t('cases.clear')}</Button>
        </div>
      )}
    </div>
  );
}

function List({ rows }: { rows: readonly CaseRow[] }) {
  const { route } = useLocation();
  const now = useNow();
  const [at, setAt] = useState(-1);
  const current = rows[at];
  useKeys({
    j: () => setAt(Math.min(rows.length - 1, at + 1)),
    k: () => setAt(Math.max(0, at - 1)),
    enter: current && (() => route(`/office/cases/${current.id}`)),
  });
  useEffect(() => {
    document.querySelector('.office-visit[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ul class="office-visits" aria-label={t('cases.caption')}>
      {rows.map((c) => (
        <li key={c.id}>
          <a class="office-visit" href={`/office/cases/${c.id}`} aria-current={c === current ? 'true' : undefined}>
            <span class="office-visit__who">
              <strong>{c.worker_name || t('unknown')}</strong>
              <span class="ta-small ta-soft">{[c.number, c.worker_kana].filter((s) => s !== '').join('・')}</span>
            </span>
            <span class="office-visit__what">
              {c.client}
              <span class="ta-small ta-soft">{c.item}</span>
            </span>
            <span class="office-visit__when ta-small">
              <span>{c.assignees?.length ? listed(c.assignees.map(nameOf)) : t('cases.unassigned')}</span>
              <span class="ta-soft">
                {c.due_on
                  ? `${t('cases.due')} ${formatDate(Date.parse(`${c.due_on}T00:00:00+09:00`))}`
                  : formatDateTime(c.last_at)}
              </span>
            </span>
            <span class="office-visit__marks">
              {c.overdue !== undefined && c.overdue < now && (
                <Chip tone="warning" icon="clock">
                  {t('inbox.overdue')}
                </Chip>
              )}
              {c.practice && <Chip tone="accent">{t('cases.practice')}</Chip>}
              <Chip>{stateText(c.state)}</Chip>
              {c.flags > 0 && (
                <Chip tone="warning" icon="flag">
                  {t('inbox.flags', { n: c.flags })}
                </Chip>
              )}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
