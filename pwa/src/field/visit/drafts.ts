/** The names of what is half filled in a visit and in no record yet. */

/** What is chosen and written before a visit is ended. */
export const endKey = (visit: string) => `end/${visit}`;

/** The words of a 不在票. */
export const absenceKey = (visit: string) => `absence/${visit}`;

export const identityKey = (visit: string) => `identity/${visit}`;

export const placeKey = (visit: string) => `place/${visit}`;
