import { pack, StoreError, unpack } from '../store/index.ts';
import type { Drafts } from './app.ts';
import { ofStore } from './fault.ts';
import { places, type Session } from './session.ts';

/** The drafts of whoever works now. Of one key what was asked for last comes last, however long encryption took. */
export function draftsOf(session: () => Session): Drafts {
  const lines = new Map<string, Promise<void>>();
  const inTurn = (key: string, work: () => Promise<void>): Promise<void> => {
    const mine = (lines.get(key) ?? Promise.resolve()).then(work, work);
    lines.set(key, mine);
    const leave = () => {
      if (lines.get(key) === mine) lines.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  };
  return {
    async get<T>(key: string) {
      const s = session();
      const cell = await s.store.draft(s.space.id, key);
      return cell && (unpack(await s.vault.open(places.draft(key), cell)) as T);
    },
    async put(key, value) {
      const s = session();
      const bytes = pack(value);
      await inTurn(key, async () => {
        const cell = await s.vault.seal(places.draft(key), bytes);
        await s.store.putDraft({ space: s.space.id, key, value: cell }).catch((fault) => {
          throw fault instanceof StoreError ? ofStore(fault) : fault;
        });
      });
    },
    delete(key) {
      const s = session();
      return inTurn(key, () => s.store.deleteDraft(s.space.id, key));
    },
    async keys(prefix = '') {
      const s = session();
      return (await s.store.drafts(s.space.id)).filter((key) => key.startsWith(prefix));
    },
  };
}
