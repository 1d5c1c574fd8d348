import { computed, signal } from '@preact/signals';
import { phone } from '../phone.ts';

const key = 'tachiai.setup';

function read(): string[] {
  try {
    return (localStorage.getItem(key) ?? '').split(' ').filter(Boolean);
  } catch {
    return [];
  }
}

/** The keys whose members have been through the explanations: several people may share a phone. */
const done = signal(read());

/** Who works here has been through the explanations. Whoever enrols anew sees them again; a key that succeeded another one is no new person. */
export const isSetUp = computed(() => {
  const device = phone().device.value;
  return device !== undefined && [device.kid, ...device.former].some((kid) => done.value.includes(kid));
});

/** The explanations were read. */
export function finishSetup(): void {
  const kid = phone().device.value?.kid;
  if (kid === undefined || done.value.includes(kid)) return;
  done.value = [...done.value, kid];
  try {
    localStorage.setItem(key, done.value.join(' '));
  } catch {
    // they are shown once more after the next start
  }
}
