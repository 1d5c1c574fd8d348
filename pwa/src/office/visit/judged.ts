import { useEffect, useState } from 'preact/hooks';
import { fromUTF8, utf8 } from '../../core/encoding/text.ts';
import { type Device, devices, records, site } from '../api.ts';
import { keepCheckpoint, lastCheckpoint, pinnedRoot } from '../state.ts';
import type { Entry } from './entry.ts';
import { type Check, type Ground, groundOf, type Verdict, worst } from './ground.ts';
import { type Judged, judgeAll } from './integrity.ts';
import { findTemplate } from './template.ts';

/** What the browser found out about the records of a page. */
export interface Verification {
  ground: Ground;
  judged: Judged[];
  verdict: Verdict;
  devices: Device[];
}

const text = async (ask: Promise<Uint8Array>) => fromUTF8(await ask);

/** Asks the server for what it says of itself, and judges it. A good checkpoint is remembered, so that the next one is held against it. */
export async function stand(): Promise<{ ground: Ground; devices: Device[] }> {
  const [keys, checkpoint, list] = await Promise.all([
    text(site.keys()).catch(() => undefined),
    site.checkpoint().catch(() => undefined),
    devices.list().catch((): Device[] => []),
  ]);
  const last = lastCheckpoint();
  const ground = await groundOf({
    keys: keys?.trim(),
    pinned: pinnedRoot(),
    devices: list,
    checkpoint,
    remembered: last === undefined ? undefined : utf8(last),
    consistency: site.consistency,
  });
  const sound = ground.checks.every((c: Check) => c.name === 'certificates' || c.verdict !== 'differs');
  if (checkpoint && ground.checkpoint && sound) keepCheckpoint(fromUTF8(checkpoint) ?? '');
  return { ground, devices: list };
}

/** Verifies records in this browser; undefined until it is done. again begins anew. */
export function useVerification(entries: readonly Entry[] | undefined): {
  result: Verification | undefined;
  again(): void;
} {
  const [result, setResult] = useState<Verification | undefined>(undefined);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!entries) return;
    let stale = false;
    setResult(undefined);
    void verify(entries).then((v) => {
      if (!stale) setResult(v);
    });
    return () => {
      stale = true;
    };
  }, [entries, turn]);
  return { result, again: () => setTurn((n) => n + 1) };
}

async function verify(entries: readonly Entry[]): Promise<Verification> {
  const { ground, devices: list } = await stand();
  const judged = await judgeAll(entries, ground, {
    inclusion: site.inclusion,
    record: records.read,
    template: findTemplate,
  });
  // An unpinned root or a certificate of a device that has no part in this is said, and does not colour the records.
  const server = ground.checks.filter((c) => c.verdict === 'differs' && c.name !== 'certificates');
  return { ground, judged, verdict: worst([...judged, ...server]), devices: list };
}
