import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface UnrollProps<T extends object> {
  items: readonly T[];
  /** Draws one, with a key. It is asked again only for what stands beside an item that is another object. */
  draw(item: T): VNode;
  /** How tall one is, more or less, in CSS pixels: what nobody has looked at yet takes as much room. */
  tall: number;
  label: string;
}

/** So many are drawn together: few enough that no tap has to wait for them. */
const leaf = 3;

/** Unroll is a list of any length. Only what is near the screen is drawn; the rest is room, as much as it had when it was seen. */
export function Unroll<T extends object>({ items, draw, tall, label }: UnrollProps<T>) {
  const leaves = useRef<{ items: readonly T[]; drawn: VNode }[]>([]);
  leaves.current = Array.from({ length: Math.ceil(items.length / leaf) }, (_, n) => {
    const own = items.slice(n * leaf, (n + 1) * leaf);
    const before = leaves.current[n];
    if (before?.items.length === own.length && own.every((item, i) => item === before.items[i])) return before;
    return { items: own, drawn: <Leaf key={n} items={own} draw={draw} tall={tall * own.length} isFirst={n < 2} /> };
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: between ul and li nothing may stand, and here leaves do
    <div role="list" aria-label={label}>
      {leaves.current.map(({ drawn }) => drawn)}
    </div>
  );
}

/** Leaves that are to be drawn, each in a frame of its own: however fast the thumb, no frame is long. */
const waiting = new Set<() => void>();
let isDue = false;

function soon(draw: () => void): void {
  waiting.add(draw);
  if (!isDue) requestAnimationFrame(next);
  isDue = true;
}

function next(): void {
  const [draw] = waiting;
  isDue = waiting.size > 1;
  if (isDue) requestAnimationFrame(next);
  if (!draw) return;
  waiting.delete(draw);
  draw();
}

interface LeafProps<T> {
  items: readonly T[];
  draw(item: T): VNode;
  tall: number;
  isFirst: boolean;
}

function Leaf<T>({ items, draw, tall, isFirst }: LeafProps<T>) {
  const place = useRef<HTMLDivElement>(null);
  /** The room that it takes while it is not drawn. */
  const [room, leave] = useState(isFirst ? 0 : tall);
  useEffect(() => {
    if (!place.current) return;
    const enter = () => leave(0);
    const near = ([seen]: IntersectionObserverEntry[]) => {
      waiting.delete(enter);
      if (seen?.isIntersecting) soon(enter);
      else if (seen) leave(seen.boundingClientRect.height);
    };
    const screen = new IntersectionObserver(near, { rootMargin: '100% 0px' });
    screen.observe(place.current);
    return () => {
      waiting.delete(enter);
      screen.disconnect();
    };
  }, []);
  return (
    <div class="ta-leaf" ref={place} style={{ minBlockSize: `${room}px` }}>
      {room === 0 &&
        items.map(draw).map((item) => (
          // biome-ignore lint/a11y/useSemanticElements: its list is no ul
          <div role="listitem" key={item.key}>
            {item}
          </div>
        ))}
    </div>
  );
}
