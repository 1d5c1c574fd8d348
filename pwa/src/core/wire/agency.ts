import type { Obj } from '../ijson/index.ts';

/** What a phone puts into papers before anybody has typed (docs/form.md section 5: agency.name and agency.contact). */
export interface Agency {
  name: string;
  /** Where questions and withdrawals go. */
  contact?: string | undefined;
}

/** Reads the member agency; undefined when it is absent. */
export function readAgency(o: Obj): Agency | undefined {
  const agency = o.optObj('agency');
  return agency && { name: agency.string('name'), contact: agency.optString('contact') };
}
