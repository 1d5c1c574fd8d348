import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { cut } from './leaves.ts';

export interface UnrollProps<T extends object> {
  items: readonly T[];
  /** Draws one, with a key. It is asked again only for what stands beside an item that is another object. */
  draw(item: T): VNode;
  /** How tall one is, more or less, in CSS pixels: what nobody has looked at yet takes as much room. */
  tall: number;
  label: string;
}

/** Unroll is a list of any length. Only what is near the screen is drawn; the rest is room, as much as it had when it was seen. */
export function Unroll<T extends object>({ items, draw, tall, label }: UnrollProps<T>) {
  const leaves = useRef<(readonly T[])[]>([]);
  const drawn = useRef(new WeakMap<readonly T[], VNode>());
  leaves.current = cut(items, leaves.current);
  const leafOf = (own: readonly T[], n: number) => {
    const known = drawn.current.get(own);
    if (known) return known;
    const fresh = <Leaf key={n} items={own} draw={draw} tall={tall * own.length} isFirst={n < 3} />;
    drawn.current.set(own, fresh);
    return fresh;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: between ul and li nothing may stand, and here leaves do
    <div role="list" aria-label={label}>
      {leaves.current.map(leafOf)}
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
      else if (seen) {
        const { height } = seen.boundingClientRect;
        requestAnimationFrame(() => leave(height)); // with what is drawn then: one layout for both
      }
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
