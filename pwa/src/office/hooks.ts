import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isAwake } from './activity.ts';
import { type Refusal, refusalOf } from './http.ts';
import { once } from './once.ts';

/** What was asked of the server, and how far that is. value stays while it is asked again. */
export interface Loaded<T> {
  value: T | undefined;
  refusal: Refusal | undefined;
  loading: boolean;
  /** ms, 0: never. */
  at: number;
  reload(): void;
}

/** Asks for something whenever one of the keys changes; an answer to an older question is dropped. */
export function useLoaded<T>(ask: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, set] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    refusal: undefined,
    loading: true,
    at: 0,
  });
  const turn = useRef(0);
  const latest = useRef(ask);
  latest.current = ask;
  const reload = useCallback(() => {
    const mine = ++turn.current;
    set((s) => ({ ...s, loading: true }));
    latest.current().then(
      (value) => {
        if (mine === turn.current) set({ value, refusal: undefined, loading: false, at: Date.now() });
      },
      (error) => {
        if (mine === turn.current) set((s) => ({ ...s, refusal: refusalOf(error), loading: false }));
      },
    );
  }, []);
  useEffect(() => {
    set((s) => ({ ...s, value: undefined, refusal: undefined }));
    reload();
    return () => {
      turn.current++;
    };
  }, keys);
  return { ...state, reload };
}

/** A deed that is done once, however often it is pressed, until it has an answer. */
export interface Act {
  busy: boolean;
  refusal: Refusal | undefined;
  /** Does nothing while something is being done. Gives true when it was done; a deed that gives false was not. */
  run(deed: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | undefined>(undefined);
  const guard = useRef(once());
  const run = useCallback(async (deed: () => Promise<unknown>) => {
    const done = guard.current(async () => {
      setBusy(true);
      setRefusal(undefined);
      try {
        return (await deed()) !== false;
      } catch (error) {
        setRefusal(refusalOf(error));
        return false;
      } finally {
        setBusy(false);
      }
    });
    return (await done) ?? false;
  }, []);
  return { busy, refusal, run, clear: () => setRefusal(undefined) };
}

/** Deeds by key. A key does nothing while something is typed, while a dialog is open, with a modifier, and when it is held down. */
export function useKeys(deeds: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(deeds);
  latest.current = deeds;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.isComposing || typing(event.target) || document.querySelector('dialog[open]')) return;
      const deed = latest.current[event.key.toLowerCase()];
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** The time, anew every so many ms, for what says how long ago something was. */
export function useNow(every = 30_000): number {
  const [now, set] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Does something when the page comes back into view, and every so many ms while it is and somebody is there. */
export function useRefresh(deed: () => void, every: number): void {
  const latest = useRef(deed);
  latest.current = deed;
  useEffect(() => {
    const visible = () => {
      if (document.visibilityState === 'visible' && isAwake()) latest.current();
    };
    const timer = setInterval(visible, every);
    document.addEventListener('visibilitychange', visible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', visible);
    };
  }, [every]);
}
