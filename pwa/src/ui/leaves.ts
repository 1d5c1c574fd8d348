/** So many items are drawn together: few enough that a slow phone draws them within a frame or two. */
const leaf = 2;

/** Cuts a list into leaves. One whose items are the same objects, at the same place, as before stays the same object: it is not drawn again. */
export function cut<T extends object>(items: readonly T[], before: readonly (readonly T[])[] = []): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / leaf) }, (_, n) => {
    const own = items.slice(n * leaf, (n + 1) * leaf);
    const known = before[n];
    return known?.length === own.length && own.every((item, i) => item === known[i]) ? known : own;
  });
}
