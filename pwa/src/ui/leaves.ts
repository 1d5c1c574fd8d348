/** Cuts a list into pieces of a size. One whose items are the same objects, at the same place, as before stays the same object: it is not drawn again. */
export function cut<T extends object>(
  items: readonly T[],
  size: number,
  before: readonly (readonly T[])[] = [],
): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => {
    const own = items.slice(n * size, (n + 1) * size);
    const known = before[n];
    return known?.length === own.length && own.every((item, i) => item === known[i]) ? known : own;
  });
}
