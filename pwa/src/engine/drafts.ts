import { pack, StoreError, unpack } from '../store/index.ts';
import type { Drafts } from './app.ts';
import { ofStore } from './fault.ts';
import { places, type Session } from './session.ts';

/** The drafts of whoever works now. */
export function draftsOf(session: () => Session): Drafts {
  return {
    async get<T>(key: string) {
      const s = session();
      const cell = await s.store.draft(s.space.id, key);
      return cell && (unpack(await s.vault.open(places.draft(key), cell)) as T);
    },
    async put(key, value) {
      const s = session();
      const cell = await s.vault.seal(places.draft(key), pack(value));
      await s.store.putDraft({ space: s.space.id, key, value: cell }).catch((fault) => {
        throw fault instanceof StoreError ? ofStore(fault) : fault;
      });
    },
    delete(key) {
      const s = session();
      return s.store.deleteDraft(s.space.id, key);
    },
    async keys(prefix = '') {
      const s = session();
      return (await s.store.drafts(s.space.id)).filter((key) => key.startsWith(prefix));
    },
  };
}
