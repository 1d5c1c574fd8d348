import { EngineError } from '../../engine/index.ts';

/** What came of a PIN that was tried; failed: the store did not answer, and nothing is said of the PIN. */
export type Tried = 'right' | 'wrong' | 'wait' | 'failed';

/** Tries a PIN with a deed of the lock. */
export async function tryPin(deed: () => Promise<unknown>): Promise<Tried> {
  try {
    return (await deed()) === false ? 'wrong' : 'right';
  } catch (fault) {
    const code = fault instanceof EngineError ? fault.code : '';
    return code === 'pin_wait' ? 'wait' : code === 'pin_wrong' ? 'wrong' : 'failed';
  }
}
