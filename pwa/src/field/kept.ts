import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Failure, failureOf } from './failure.tsx';
import { Keeping } from './keeping.ts';
import { phone } from './phone.ts';

/** A form in progress. */
export interface Kept<T> {
  readonly form: Signal<T>;
  /** Changes the form, and keeps it. */
  change(part: Partial<T>): void;
  /** Why the last change, or the seal, was not saved. */
  readonly failure: Signal<Failure>;
  /** Runs what seals the form and consumes its draft; meanwhile nothing changes it. Undefined: it failed, and failure says why. */
  seal<R>(work: () => Promise<R>): Promise<R | undefined>;
}

/** useKept keeps a form as a draft at each change: it is there again when the page was killed. isOf: what was kept still belongs to this moment. */
export function useKept<T extends object>(key: string, empty: T, isOf: (kept: T) => boolean = () => true): Kept<T> {
  const { drafts } = phone();
  const form = useSignal(empty);
  const failure = useSignal<Failure>('');
  const keeping = useMemo(
    () =>
      new Keeping<T>((next) =>
        drafts.put(key, next).catch((fault) => {
          failure.value = failureOf(fault);
        }),
      ),
    [key],
  );
  useEffect(() => {
    drafts.get<T>(key).then(
      (kept) => {
        if (kept && isOf(kept) && form.peek() === empty) form.value = { ...empty, ...kept };
      },
      (fault) => {
        failure.value = failureOf(fault);
      },
    );
  }, [key]);
  return {
    form,
    failure,
    change(part) {
      const next = { ...form.peek(), ...part };
      if (keeping.keep(next)) form.value = next;
    },
    async seal(work) {
      try {
        return await keeping.seal(work);
      } catch (fault) {
        failure.value = failureOf(fault);
        return undefined;
      }
    },
  };
}
