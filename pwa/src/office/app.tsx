import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { Button, LinkButton, Notice, Page } from '../ui/index.ts';
import { Closed } from './enrol/closed.tsx';
import { Enrol } from './enrol/page.tsx';
import { type Refusal, refusalOf } from './http.ts';
import { Refused } from './refused.tsx';
import { Shell } from './shell.tsx';
import { resume, screenChanged, seesCases, signed } from './state.ts';
import { t } from './words/index.ts';

const InboxPage = lazy(() => import('./inbox/page.tsx').then((m) => m.InboxPage));
const VisitPage = lazy(() => import('./visit/page.tsx').then((m) => m.VisitPage));
const CasesPage = lazy(() => import('./cases/page.tsx').then((m) => m.CasesPage));
const NewCasePage = lazy(() => import('./cases/new.tsx').then((m) => m.NewCasePage));
const CasePage = lazy(() => import('./case/page.tsx').then((m) => m.CasePage));
const PreparePage = lazy(() => import('./disclosures/prepare.tsx').then((m) => m.PreparePage));
const DisclosuresPage = lazy(() => import('./disclosures/page.tsx').then((m) => m.DisclosuresPage));
const DisclosurePage = lazy(() => import('./disclosures/one.tsx').then((m) => m.DisclosurePage));
const QuarantinePage = lazy(() => import('./quarantine/page.tsx').then((m) => m.QuarantinePage));
const QuarantineItemPage = lazy(() => import('./quarantine/one.tsx').then((m) => m.QuarantineItemPage));
const DevicesPage = lazy(() => import('./devices/page.tsx').then((m) => m.DevicesPage));
const MembersPage = lazy(() => import('./members/page.tsx').then((m) => m.MembersPage));
const LedgerPage = lazy(() => import('./ledger/page.tsx').then((m) => m.LedgerPage));

/** App decides between the entrance and the office. */
export function App() {
  return (
    <LocationProvider scope="/office">
      <Gate />
    </LocationProvider>
  );
}

function Gate() {
  const { path } = useLocation();
  const [refusal, setRefusal] = useState<Refusal | undefined>(undefined);
  const ask = () => {
    setRefusal(undefined);
    resume().catch((error) => setRefusal(refusalOf(error)));
  };
  const entering = path === '/office/enrol';
  useEffect(() => {
    if (!entering && signed.value.is === 'asking') ask();
  }, [entering]);
  if (entering) return <Enrol />;
  if (refusal) {
    return (
      <Page title={t('title')}>
        <Refused refusal={refusal} retry={ask} />
      </Page>
    );
  }
  if (signed.value.is === 'asking') {
    return (
      <p class="office-loading" role="status">
        {t('loading')}
      </p>
    );
  }
  return signed.value.is === 'out' ? <Closed expired={signed.value.expired} /> : <Screens />;
}

function Screens() {
  const [crashed, setCrashed] = useState(false);
  const { path } = useLocation();
  useEffect(() => setCrashed(false), [path]);
  return (
    <Shell>
      {crashed ? (
        <Page title={t('crashed')}>
          <Notice kind="warning" actions={<Button onClick={() => location.reload()}>{t('reload')}</Button>}>
            {t('crashed_hint')}
          </Notice>
        </Page>
      ) : (
        <ErrorBoundary onError={() => setCrashed(true)}>
          <Router onRouteChange={screenChanged}>
            <Route path="/office" component={Home} />
            <Route path="/office/inbox" component={InboxPage} />
            <Route path="/office/cases" component={CasesPage} />
            <Route path="/office/cases/new" component={NewCasePage} />
            <Route path="/office/cases/:case" component={CasePage} />
            <Route path="/office/cases/:case/visits/:visit" component={VisitPage} />
            <Route path="/office/cases/:case/disclose" component={PreparePage} />
            <Route path="/office/disclosures" component={DisclosuresPage} />
            <Route path="/office/disclosures/:id" component={DisclosurePage} />
            <Route path="/office/quarantine" component={QuarantinePage} />
            <Route path="/office/quarantine/:sha256" component={QuarantineItemPage} />
            <Route path="/office/devices" component={DevicesPage} />
            <Route path="/office/members" component={MembersPage} />
            <Route path="/office/ledger" component={LedgerPage} />
            <Route default component={Nowhere} />
          </Router>
        </ErrorBoundary>
      )}
    </Shell>
  );
}

/** Home is the screen that a member came for. */
function Home() {
  const { route } = useLocation();
  useEffect(() => route(seesCases() ? '/office/inbox' : '/office/members', true), []);
  return null;
}

function Nowhere() {
  return (
    <Page title={t('not_found')} actions={<LinkButton href="/office">{t('to_inbox')}</LinkButton>}>
      <p>{t('not_found_hint')}</p>
    </Page>
  );
}
