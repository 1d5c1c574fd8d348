import { useEffect, useState } from 'preact/hooks';
import { phone } from './phone.ts';

/** What a promise gives, asked again whenever own records change; undefined until it is there, which for local data is the next frame. */
export function useOwn<T>(ask: () => Promise<T>, ...on: readonly unknown[]): T | undefined {
  const [value, set] = useState<T>();
  const revision = phone().revision.value;
  useEffect(() => {
    let live = true;
    ask().then(
      (v) => {
        if (live) set(() => v);
      },
      () => undefined, // a store that does not answer is told by the strip, and by what is to be kept
    );
    return () => {
      live = false;
    };
  }, [revision, ...on]);
  return value;
}

/** The device clock, read again every so many ms. */
export function useNow(every: number): number {
  const [now, set] = useState(() => phone().now());
  useEffect(() => {
    const timer = setInterval(() => set(phone().now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** ms that a store has for what stands above the rest of a page; one that hangs does not keep a rep from his tiles. */
export const patience = 1000;

/** So many ms have gone by since this was drawn. */
export function useAfter(ms: number): boolean {
  const [is, set] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return is;
}
