/** Runs one deed at a time: while one is under way every other is dropped, so that an impatient hand does nothing twice. */
export type Once = <T>(deed: () => Promise<T>) => Promise<T> | undefined;

export function once(): Once {
  let running = false;
  return (deed) => {
    if (running) return undefined;
    running = true;
    return deed().finally(() => {
      running = false;
    });
  };
}
