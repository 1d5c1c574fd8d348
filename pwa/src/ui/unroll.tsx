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
  /** Names the list: who comes back to it finds every room as tall as he left it. */
  name: string;
}

/** So many items are drawn together: few enough that a slow phone draws them within a frame or two. */
const perLeaf = 2;
/** So many leaves are made room for together: what is far from the screen is one box, whose size and place are found at once. */
const perBranch = 10;

type Leaf<T> = readonly T[];
type Branch<T> = readonly Leaf<T>[];

/** Unroll is a list of any length. Only what is near the screen is drawn; the rest is room, as much as it had when it was seen. */
export function Unroll<T extends object>({ items, draw, tall, label, name }: UnrollProps<T>) {
  const known = useRef<{ leaves: Leaf<T>[]; branches: Branch<T>[] }>({ leaves: [], branches: [] });
  const drawn = useRef(new WeakMap<object, VNode>());
  const leaves = cut(items, perLeaf, known.current.leaves);
  const branches = cut(leaves, perBranch, known.current.branches);
  known.current = { leaves, branches };
  const once = (own: Leaf<T> | Branch<T>, make: () => VNode) => {
    const before = drawn.current.get(own);
    if (before) return before;
    const fresh = make();
    drawn.current.set(own, fresh);
    return fresh;
  };
  const leafOf = (own: Leaf<T>, n: number, b: number) =>
    once(own, () => (
      <Near
        key={n}
        class="ta-leaf"
        place={`${name} ${b}.${n}`}
        tall={tall * own.length}
        isFirst={b === 0 && n < 3}
        ahead="100% 0px"
      >
        {() => own.map(draw).map(listed)}
      </Near>
    ));
  const branchOf = (own: Branch<T>, n: number) =>
    once(own, () => (
      <Near
        key={n}
        class="ta-branch"
        place={`${name} ${n}`}
        tall={tall * own.flat().length}
        isFirst={n === 0}
        ahead="200% 0px"
      >
        {() => own.map((leaf, m) => leafOf(leaf, m, n))}
      </Near>
    ));
  return (
    // biome-ignore lint/a11y/useSemanticElements: between ul and li nothing may stand, and here leaves do
    <div role="list" aria-label={label}>
      {branches.map(branchOf)}
    </div>
  );
}

const listed = (item: VNode) => (
  // biome-ignore lint/a11y/useSemanticElements: its list is no ul
  <div role="listitem" key={item.key}>
    {item}
  </div>
);

/** What is to be drawn, each in a frame of its own: however fast the thumb, no frame is long. */
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

interface NearProps {
  class: string;
  /** The name of the list, and where in it this is. */
  place: string;
  /** How tall it is, more or less, as long as nobody has seen it. */
  tall: number;
  isFirst: boolean;
  /** How far from the screen it is drawn: a root margin. */
  ahead: string;
  children(): VNode[];
}

/** The room that was last taken at a place, in CSS pixels. */
const rooms = new Map<string, number>();

/** Near is drawn while it is near the screen; elsewhere it is empty, and as tall as it was. */
function Near({ class: name, place, tall, isFirst, ahead, children }: NearProps) {
  const box = useRef<HTMLDivElement>(null);
  /** The room that it takes while it is not drawn. */
  const [room, setRoom] = useState(() => (isFirst ? null : (rooms.get(place) ?? tall)));
  useEffect(() => {
    if (!box.current) return;
    const enter = () => setRoom(null);
    const leave = () => setRoom(rooms.get(place) ?? tall);
    const near = ([seen]: IntersectionObserverEntry[]) => {
      waiting.delete(enter);
      if (seen?.isIntersecting) soon(enter);
      else if (seen) {
        const { height } = seen.boundingClientRect;
        if (height > 0) rooms.set(place, height); // in what is folded up, nothing takes room
        requestAnimationFrame(leave); // with what is drawn then: one layout for both
      }
    };
    const screen = new IntersectionObserver(near, { rootMargin: ahead });
    screen.observe(box.current);
    return () => {
      waiting.delete(enter);
      screen.disconnect();
    };
  }, []);
  return (
    <div class={name} ref={box} style={{ minBlockSize: `${room ?? 0}px` }}>
      {room === null && children()}
    </div>
  );
}
