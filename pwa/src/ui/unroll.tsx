import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { cut } from './leaves.ts';

export interface UnrollProps<T extends object> {
  items: readonly T[];
  /** Draws one. It is asked again only for an item that is another object, or has come to another place. */
  draw(item: T): VNode;
  /** How tall one is, more or less, in CSS pixels: what nobody has looked at yet takes as much room. */
  tall: number;
  label: string;
  /** Names the list: who comes back to it finds every room as tall as he left it. */
  name: string;
}

/** So many items have one room together while they are far: what is far costs little to find, to lay out and to keep. */
const perBranch = 16;

/** Unroll is a list of any length. Only what is near the screen is drawn; the rest is room, as much as it had when it was seen. */
export function Unroll<T extends object>({ items, draw, tall, label, name }: UnrollProps<T>) {
  const known = useRef<(readonly T[])[]>([]);
  const boxes = useRef(new WeakMap<object, VNode>());
  known.current = cut(items, perBranch, known.current);
  /** The box of a piece at its place: the same as before, so that it is not gone into, unless something is another one. */
  const boxOf = (own: object, place: string, make: () => VNode) => {
    const before = boxes.current.get(own);
    if (before?.key === place) return before;
    const box = make();
    boxes.current.set(own, box);
    return box;
  };
  const itemAt = (item: T, n: number) => {
    const place = `${name} ${n}`;
    return boxOf(item, place, () => (
      <Near key={place} place={place} class="ta-leaf" role="listitem" tall={tall} isFirst={n < few} ahead="100% 0px">
        {() => draw(item)}
      </Near>
    ));
  };
  const branchAt = (own: readonly T[], n: number) => {
    const place = `${name} from ${n * perBranch}`;
    return boxOf(own, place, () => (
      <Near key={place} place={place} class="ta-branch" tall={tall * own.length} isFirst={n === 0} ahead="200% 0px">
        {() => own.map((item, m) => itemAt(item, n * perBranch + m))}
      </Near>
    ));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: between ul and li nothing may stand, and here branches do
    <div role="list" aria-label={label}>
      {known.current.map(branchAt)}
    </div>
  );
}

/** So many are drawn at once, before anyone knows what is near. */
const few = 6;

/** What is to be drawn, and whether it was on the screen then. One in each frame, those first: however fast the thumb, no frame is long. */
const waiting = new Map<() => void, boolean>();
let isDue = false;

function soon(draw: () => void, { top, bottom }: DOMRectReadOnly): void {
  waiting.set(draw, bottom > 0 && top < innerHeight);
  if (!isDue) requestAnimationFrame(next);
  isDue = true;
}

function next(): void {
  const [draw] = [...waiting].find(([, isSeen]) => isSeen) ?? [...waiting][0] ?? [];
  isDue = waiting.size > 1;
  if (isDue) requestAnimationFrame(next);
  if (!draw) return;
  waiting.delete(draw);
  draw();
}

interface NearProps {
  class: string;
  /** Of what is drawn; empty room has none. */
  role?: 'listitem';
  /** The name of the list, and where in it this is. */
  place: string;
  /** How tall it is, more or less, as long as nobody has seen it. */
  tall: number;
  isFirst: boolean;
  /** How far from the screen it is drawn: a root margin. */
  ahead: string;
  children(): VNode | VNode[];
}

/** The room that was last taken at a place, in CSS pixels. */
const rooms = new Map<string, number>();

/** Near is drawn while it is near the screen; elsewhere it is empty, and as tall as it was. */
function Near({ class: name, role, place, tall, isFirst, ahead, children }: NearProps) {
  const box = useRef<HTMLDivElement>(null);
  /** The room that it takes while it is not drawn. */
  const [room, setRoom] = useState(() => (isFirst ? null : (rooms.get(place) ?? tall)));
  useEffect(() => {
    if (!box.current) return;
    const enter = () => setRoom(null);
    const leave = () => setRoom(rooms.get(place) ?? tall);
    const near = ([seen]: IntersectionObserverEntry[]) => {
      waiting.delete(enter);
      if (seen?.isIntersecting) soon(enter, seen.boundingClientRect);
      else if (seen && seen.boundingClientRect.height > 0) {
        // in what is folded up nothing has a height, and all stays as it is
        rooms.set(place, seen.boundingClientRect.height);
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
    <div class={name} role={room === null ? role : undefined} ref={box} style={{ minBlockSize: `${room ?? 0}px` }}>
      {room === null && children()}
    </div>
  );
}
