import type { ComponentType } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Opening, openLetter } from './api.ts';
import type { Door } from './door.ts';
import { isOver } from './fault.ts';
import { Gate } from './gate.tsx';
import type { Letter } from './letter.ts';
import type { Report } from './verify.ts';
import { lang, t } from './words/index.ts';

export interface OpenLetter {
  letter: Letter;
  report: Report;
}

interface Rest {
  read(body: Uint8Array): Promise<OpenLetter>;
  LetterPage: ComponentType<OpenLetter & { onOver(fault: unknown): void }>;
}

/** What comes after the number: verification and letter. It is fetched while the number is typed. */
const loadRest = (): Promise<Rest> => import('./rest.ts');

/** App is the gate, then the letter. Nothing is kept: whoever loads the page anew begins at the gate. */
export function App({ door }: { door: Door }) {
  const [open, setOpen] = useState<(OpenLetter & Pick<Rest, 'LetterPage'>) | undefined>();
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const rest = useRef<Promise<Rest> | undefined>(undefined);

  useEffect(() => {
    rest.current = loadRest();
    rest.current.catch(() => {
      rest.current = undefined; // asked for again when it is needed
    });
  }, []);
  const language = lang.value;
  useEffect(() => {
    if (open === undefined) document.title = t(door.kind === 'copy' ? 'copy_title' : 'title');
  }, [open, door, language]);

  const enter = async (opening: Opening) => {
    setBusy(true);
    setFault(undefined);
    try {
      const body = await openLetter(opening);
      rest.current ??= loadRest();
      const { read, LetterPage } = await rest.current;
      setOpen({ ...(await read(body)), LetterPage });
      scrollTo(0, 0);
    } catch (cause) {
      setFault(cause);
    } finally {
      setBusy(false);
    }
  };
  const onOver = useCallback((cause: unknown) => {
    if (!isOver(cause)) return;
    setOpen(undefined);
    setFault(cause);
  }, []);

  if (open === undefined) return <Gate door={door} fault={fault} busy={busy} onOpen={enter} />;
  const { LetterPage } = open;
  return <LetterPage letter={open.letter} report={open.report} onOver={onOver} />;
}
