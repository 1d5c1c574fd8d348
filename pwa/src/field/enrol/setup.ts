import { computed, signal } from '@preact/signals';
import { phone } from '../phone.ts';

const key = 'tachiai.setup';

function read(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

const done = signal(read());

/** The member who works here has been through the explanations. Whoever enrols anew sees them again. */
export const isSetUp = computed(() => done.value !== '' && done.value === phone().device.value?.kid);

/** The explanations were read. */
export function finishSetup(): void {
  done.value = phone().device.value?.kid ?? '';
  try {
    localStorage.setItem(key, done.value);
  } catch {
    // they are shown once more after the next start
  }
}
