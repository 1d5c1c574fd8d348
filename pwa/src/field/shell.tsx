import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { warm } from '../engine/index.ts';
import { arrived, Button, LanguageSwitch, Notice, Page } from '../ui/index.ts';
import { LockPage } from './enrol/lock.tsx';
import { inBrowserTab } from './enrol/platform.ts';
import { isSetUp } from './enrol/setup.ts';
import { Gone } from './gone.tsx';
import { Outdated, OutdatedHere } from './outdated.tsx';
import { handed } from './paper/handed.ts';
import { isOpen, open, phone, refused } from './phone.ts';
import { Today } from './today/today.tsx';
import { t } from './words/index.ts';

const CasePage = lazy(() => import('./case/case.tsx').then((m) => m.CasePage));
const ContactPage = lazy(() => import('./case/contact.tsx').then((m) => m.ContactPage));
const StartPage = lazy(() => import('./case/start.tsx').then((m) => m.StartPage));
const VisitPage = lazy(() => import('./visit/visit.tsx').then((m) => m.VisitPage));
const EnrolPage = lazy(() => import('./enrol/enrol.tsx').then((m) => m.EnrolPage));
const InstallPage = lazy(() => import('./enrol/install.tsx').then((m) => m.InstallPage));
const SetupPage = lazy(() => import('./enrol/permissions.tsx').then((m) => m.SetupPage));
const PhotoPage = lazy(() => import('./photo/photo.tsx').then((m) => m.PhotoPage));
const RedactPage = lazy(() => import('./photo/redact.tsx').then((m) => m.RedactPage));
const NotePage = lazy(() => import('./visit/note.tsx').then((m) => m.NotePage));
const PlacePage = lazy(() => import('./visit/move.tsx').then((m) => m.PlacePage));
const IdentityPage = lazy(() => import('./visit/identity.tsx').then((m) => m.IdentityPage));
const HearingPage = lazy(() => import('./visit/hearing.tsx').then((m) => m.HearingPage));
const AbsencePage = lazy(() => import('./visit/absence.tsx').then((m) => m.AbsencePage));
const PapersPage = lazy(() => import('./paper/choose.tsx').then((m) => m.PapersPage));
const PaperPage = lazy(() => import('./paper/paper.tsx').then((m) => m.PaperPage));
const EndPage = lazy(() => import('./visit/end.tsx').then((m) => m.EndPage));
const RecordPage = lazy(() => import('./record/record.tsx').then((m) => m.RecordPage));
const OutboxPage = lazy(() => import('./outbox/outbox.tsx').then((m) => m.OutboxPage));
const SettingsPage = lazy(() => import('./settings/settings.tsx').then((m) => m.SettingsPage));

/** The next steps from the list: they are at hand before they are tapped. */
const next = [CasePage, StartPage, VisitPage, ContactPage, PhotoPage, OutboxPage];

const idle = () =>
  new Promise<unknown>((then) => {
    const wait = globalThis.requestIdleCallback ?? ((next: typeof then) => setTimeout(next, 200));
    wait(then);
  });

/** Fetches the next steps one by one, while nobody waits for anything else. What cannot be had now is fetched when it is called for. */
async function fetchAhead(): Promise<void> {
  for (const load of [warm, ...next.map((page) => () => page.preload())]) {
    await idle();
    await load().catch(() => undefined);
  }
}

/** Shell decides what may be shown: nothing before the store is open, no case before enrolment, nothing behind a lock. */
export function Shell({ version }: { version: string }) {
  const isIn = isOpen() && phone().enrolment.value.state === 'enrolled';
  useEffect(() => {
    if (isIn) void fetchAhead();
  }, [isIn]);
  const isNew = isOpen() && phone().enrolment.value.state === 'none';
  useEffect(() => {
    if (isNew) void SetupPage.preload().catch(() => undefined); // what comes after the code is at hand when the server answers
  }, [isNew]);
  if (inBrowserTab()) return <Alone page={InstallPage} />;
  if (refused.value === 'outdated') return <OutdatedHere />;
  if (refused.value) return <Refused version={version} />;
  if (!isOpen()) return <Opening />;
  const enrolment = phone().enrolment.value;
  if (enrolment.state === 'none') return <Alone page={EnrolPage} />;
  if (enrolment.state === 'locked') return <Alone page={Locked} />;
  if (!isSetUp.value) return <Alone page={SetupPage} />;
  const over = handed.value;
  if (over && phone().visits.value.some((v) => v.visit === over.visit)) {
    return (
      <Rooms>
        <PaperPage visitID={over.visit} template={over.template} />
      </Rooms>
    );
  }
  return (
    <Rooms>
      <Router onRouteChange={arrived}>
        <Route path="/field" component={Today} />
        <Route path="/field/case/:caseID" component={CasePage} />
        <Route path="/field/case/:caseID/contact" component={ContactPage} />
        <Route path="/field/case/:caseID/start" component={StartPage} />
        <Route path="/field/case/:caseID/photo" component={PhotoPage} />
        <Route path="/field/case/:caseID/note" component={NotePage} />
        <Route path="/field/visit/:visitID" component={VisitPage} />
        <Route path="/field/visit/:visitID/photo" component={PhotoPage} />
        <Route path="/field/visit/:visitID/note" component={NotePage} />
        <Route path="/field/visit/:visitID/place" component={PlacePage} />
        <Route path="/field/visit/:visitID/identity" component={IdentityPage} />
        <Route path="/field/visit/:visitID/hearing" component={HearingPage} />
        <Route path="/field/visit/:visitID/absence" component={AbsencePage} />
        <Route path="/field/visit/:visitID/papers" component={PapersPage} />
        <Route path="/field/visit/:visitID/paper/:template" component={PaperPage} />
        <Route path="/field/visit/:visitID/end" component={EndPage} />
        <Route path="/field/record/:hash" component={RecordPage} />
        <Route path="/field/record/:hash/hide" component={RedactPage} />
        <Route path="/field/outbox" component={OutboxPage} />
        <Route path="/field/settings" component={SettingsPage} />
        <Route path="/field/enrol" component={EnrolPage} />
        <Route default component={Lost} />
      </Router>
    </Rooms>
  );
}

/** Opening is what field.html shows already. */
function Opening() {
  return (
    <div class="fd-opening" aria-busy="true">
      <p>{t('title')}</p>
    </div>
  );
}

/** Rooms keeps a part of the app that could not be loaded from taking the rest with it. */
function Rooms({ children }: { children: ComponentChildren }) {
  const broken = useSignal(false);
  if (broken.value) return <Broken />;
  return (
    <LocationProvider scope="/field">
      <Gone />
      <Outdated />
      <ErrorBoundary
        onError={() => {
          broken.value = true;
        }}
      >
        {children}
      </ErrorBoundary>
    </LocationProvider>
  );
}

/** Locked asks for the PIN; who forgot it, and who is another person, enrols with a code. */
function Locked() {
  return useLocation().path === '/field/enrol' ? <EnrolPage /> : <LockPage />;
}

function Alone({ page: One }: { page: () => ComponentChildren }) {
  return (
    <Rooms>
      <One />
    </Rooms>
  );
}

function Refused({ version }: { version: string }) {
  return (
    <Page title={t('title')} beside={<LanguageSwitch />}>
      <Notice
        kind="error"
        title={t('refused_title')}
        actions={
          <Button kind="primary" onClick={() => open(version)}>
            {t('again')}
          </Button>
        }
      >
        <p>{t('refused_why')}</p>
      </Notice>
    </Page>
  );
}

function Broken() {
  return (
    <Page title={t('title')}>
      <Notice
        kind="warning"
        title={t('broken_title')}
        actions={
          <Button kind="primary" onClick={() => location.reload()}>
            {t('reload')}
          </Button>
        }
      >
        <p>{t('broken_why')}</p>
      </Notice>
    </Page>
  );
}

function Lost() {
  return (
    <Page title={t('lost_title')} back="/field">
      <p>{t('lost_why')}</p>
    </Page>
  );
}
