import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button, Icon, type IconName, LanguageSwitch, Notice } from '../ui/index.ts';
import { useRefresh } from './hooks.ts';
import { endIfOver, leave, may, refreshWaiting, said, seesCases, self, waiting } from './state.ts';
import { type Theme, theme } from './theme.ts';
import { type Key, t } from './words/index.ts';

interface Place {
  href: string;
  icon: IconName;
  word: Key;
  waits?: number | undefined;
}

/** The screens that are for the member who is signed in. */
function places(): Place[] {
  const w = waiting.value;
  const cases: Place[] = [
    { href: '/office/inbox', icon: 'inbox', word: 'nav.inbox', waits: w?.visits.length },
    { href: '/office/cases', icon: 'case', word: 'nav.cases' },
    { href: '/office/disclosures', icon: 'send', word: 'nav.disclosures', waits: may('approver') ? w?.approvals : 0 },
    { href: '/office/quarantine', icon: 'caution', word: 'nav.quarantine', waits: w?.quarantine },
  ];
  return [
    ...(seesCases() ? cases : []),
    { href: '/office/devices', icon: 'device', word: 'nav.devices' },
    { href: '/office/members', icon: 'members', word: 'nav.members' },
    { href: '/office/ledger', icon: 'ledger', word: 'nav.ledger' },
  ];
}

/** How many places stand at the foot of a narrow screen; the others are behind その他. */
const atFoot = 3;

/** Shell is the frame: where one can go, who one is, and the screen. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  useRefresh(() => void refreshWaiting().catch(() => undefined), 60_000);
  useEffect(() => {
    const timer = setInterval(endIfOver, 15_000);
    document.addEventListener('visibilitychange', endIfOver);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', endIfOver);
    };
  }, []);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [open]);
  const all = places();
  const hidden = all.slice(atFoot);
  const waitsThere = hidden.some((p) => p.waits);
  return (
    <div class={open ? 'office office--open' : 'office'}>
      <a class="office-skip" href="#screen">
        {t('skip')}
      </a>
      <nav class="office-nav" aria-label={t('nav')}>
        <p class="office-nav__brand">{t('title')}</p>
        <ul class="office-nav__places">
          {all.map((p, i) => (
            <li key={p.href} class={i >= atFoot ? 'office-nav__rest' : undefined}>
              <a href={p.href} aria-current={path === p.href || path.startsWith(`${p.href}/`) ? 'page' : undefined}>
                <Icon name={p.icon} />
                <span>{t(p.word)}</span>
                {p.waits ? (
                  <span class="office-count" title={t('nav.waiting', { n: p.waits })}>
                    {p.waits}
                  </span>
                ) : null}
              </a>
            </li>
          ))}
          <li class="office-nav__more">
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name={open ? 'close' : 'more'} />
              <span>{open ? t('nav.close') : t('nav.more')}</span>
              {waitsThere && !open && <span class="office-count office-count--dot" />}
            </button>
          </li>
        </ul>
        <Self />
      </nav>
      <div class="office-screen" id="screen" tabIndex={-1}>
        <div role="status" class="office-said">
          {said.value !== '' && <Notice kind="success">{said.value}</Notice>}
        </div>
        {children}
      </div>
    </div>
  );
}

/** Self is who is signed in, and how he likes his screens. */
function Self() {
  const { route } = useLocation();
  return (
    <div class="office-nav__self">
      <p class="office-nav__name">
        <Icon name="member" />
        <span>{t('signed_in', { name: self()?.name ?? '' })}</span>
      </p>
      <LanguageSwitch />
      <label class="office-nav__theme">
        <span class="ta-hidden">{t('theme')}</span>
        <select
          class="ta-input"
          value={theme.value}
          onChange={(e) => {
            theme.value = e.currentTarget.value as Theme;
          }}
        >
          {(['auto', 'light', 'dark'] as const).map((name) => (
            <option key={name} value={name}>
              {`${t('theme')}: ${t(`theme.${name}`)}`}
            </option>
          ))}
        </select>
      </label>
      <Button
        icon="logout"
        kind="quiet"
        onClick={() => {
          void leave().catch(() => undefined);
          route('/office');
        }}
      >
        {t('signout')}
      </Button>
    </div>
  );
}
