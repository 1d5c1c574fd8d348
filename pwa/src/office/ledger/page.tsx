import { useState } from 'preact/hooks';
import { spell } from '../../core/encoding/fingerprint.ts';
import { fromUTF8 } from '../../core/encoding/text.ts';
import { parseHash } from '../../core/record/index.ts';
import { Button, DescriptionList, Field, Notice, Page, TextInput } from '../../ui/index.ts';
import { records, site } from '../api.ts';
import { useAct, useLoaded } from '../hooks.ts';
import { kindText } from '../label.ts';
import { Refused, Until } from '../refused.tsx';
import { seesCases } from '../state.ts';
import { readEntries } from '../visit/entry.ts';
import type { Ground } from '../visit/ground.ts';
import { type Judged, judgeAll } from '../visit/integrity.ts';
import { stand } from '../visit/judged.ts';
import { Checks } from '../visit/panel.tsx';
import { findTemplate } from '../visit/template.ts';
import { t } from '../words/index.ts';

/** LedgerPage shows what the server has promised with its signature, and looks one record up in it. */
export function LedgerPage() {
  const loaded = useLoaded(async () => {
    const [{ ground }, note] = await Promise.all([stand(), site.checkpoint().catch(() => undefined)]);
    return { ground, note: note && fromUTF8(note) };
  }, []);
  return (
    <Page
      title={t('ledger.title')}
      beside={
        <Button kind="quiet" icon="refresh" busy={loaded.loading && loaded.at > 0} onClick={loaded.reload}>
          {t('reload')}
        </Button>
      }
    >
      <p>{t('ledger.lead')}</p>
      <Until loaded={loaded}>
        {({ ground, note }) => (
          <>
            <section class="ta-sheet ta-stack" aria-label={t('ledger.checkpoint')}>
              <h2>{t('ledger.checkpoint')}</h2>
              <Checkpoint ground={ground} />
              <h3>{t('ledger.judged')}</h3>
              <Checks checks={ground.checks} />
              {note && (
                <details class="office-details">
                  <summary>{t('ledger.note')}</summary>
                  <textarea
                    class="office-bytes"
                    readOnly
                    rows={8}
                    spellcheck={false}
                    aria-label={t('ledger.note')}
                    value={note}
                  />
                </details>
              )}
            </section>
            {seesCases() && <LookUp ground={ground} />}
          </>
        )}
      </Until>
    </Page>
  );
}

function Checkpoint({ ground: g }: { ground: Ground }) {
  return (
    <DescriptionList
      items={[
        g.checkpoint && { term: t('ledger.size'), value: t('records.count', { n: g.checkpoint.size }) },
        g.checkpoint && { term: t('ledger.root_hash'), value: <code>{g.checkpoint.root}</code> },
        g.checkpoint && { term: t('ledger.origin'), value: <code>{g.checkpoint.origin}</code> },
        g.root !== undefined && {
          term: t('ledger.root'),
          value: (
            <>
              <code>{spell(g.root)}</code>
              <p class="ta-small ta-soft">{t('ledger.root_hint')}</p>
            </>
          ),
        },
      ]}
    />
  );
}

/** LookUp fetches one record by its hash and judges it on the ledger. */
function LookUp({ ground }: { ground: Ground }) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const [judged, setJudged] = useState<Judged | undefined>(undefined);
  const looking = useAct();
  const submit = async (event: Event) => {
    event.preventDefault();
    const hash = parseHash(typed.trim());
    setWrong(!hash);
    setJudged(undefined);
    if (!hash) return;
    await looking.run(async () => {
      const entries = await readEntries([await records.read(hash)]);
      setJudged(
        (
          await judgeAll(entries, ground, { inclusion: site.inclusion, record: records.read, template: findTemplate })
        )[0],
      );
    });
  };
  const r = judged?.entry.opened;
  return (
    <form class="ta-sheet ta-stack" onSubmit={submit} noValidate>
      <h2>{t('ledger.look_up')}</h2>
      <Field label={t('ledger.hash')} error={wrong ? t('ledger.hash_wrong') : ''}>
        <TextInput value={typed} spellcheck={false} maxLength={60} onInput={(e) => setTyped(e.currentTarget.value)} />
      </Field>
      <Refused refusal={looking.refusal} />
      <div class="ta-row">
        <Button type="submit" icon="search" busy={looking.busy}>
          {t('ledger.do')}
        </Button>
      </div>
      {judged && (
        <>
          <Notice kind={judged.verdict === 'holds' ? 'success' : judged.verdict === 'differs' ? 'error' : 'warning'}>
            {t('ledger.found', { kind: r ? kindText(r.kind) : '?', index: judged.entry.held.index })}
          </Notice>
          <Checks checks={judged.checks} />
        </>
      )}
    </form>
  );
}
