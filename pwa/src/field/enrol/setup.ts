import { computed, signal } from '@preact/signals';
import { phone } from '../phone.ts';

/** As it was changed on this page. */
const changed = signal<string[] | undefined>(undefined);

/** The keys whose members have been through the explanations: several people may share a phone. */
const done = computed(() => changed.value ?? ((phone().mark('setup') ?? []) as string[]));

/** Who works here has been through the explanations. Whoever enrols anew sees them again; a key that succeeded another one is no new person. */
export const isSetUp = computed(() => {
  const device = phone().device.value;
  return device !== undefined && [device.kid, ...device.former].some((kid) => done.value.includes(kid));
});

/** The explanations were read. */
export function finishSetup(): void {
  const kid = phone().device.value?.kid;
  if (kid === undefined || done.value.includes(kid)) return;
  changed.value = [...done.value, kid];
  void phone()
    .remember('setup', changed.value)
    .catch(() => undefined); // they are shown once more after the next start
}
