import { useRef, useState } from 'preact/hooks';
import { t } from '../words/redact.ts';
import { type Area, between, type Spot } from './area.ts';

export interface VeilProps {
  /** Address of the picture. */
  url: string;
  label: string;
  areas: readonly Area[];
  onArea(area: Area): void;
}

/** A finger that moved less than this has tapped, CSS pixels. */
const still = 10;

/**
 * Veil is a photo over which one draws: a finger or a mouse pulls an area open, or
 * two taps name its corners, for whoever cannot pull. Two fingers enlarge the page.
 */
export function Veil({ url, label, areas, onArea }: VeilProps) {
  const box = useRef<HTMLDivElement>(null);
  const pen = useRef<{ id: number; from: Spot; at: { x: number; y: number } } | undefined>(undefined);
  const [pulled, setPulled] = useState<Area | undefined>(undefined);
  const [corner, setCorner] = useState<Spot | undefined>(undefined);

  const spot = (e: PointerEvent): Spot => {
    const b = (box.current as HTMLDivElement).getBoundingClientRect();
    return { x: (e.clientX - b.left) / b.width, y: (e.clientY - b.top) / b.height };
  };
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return;
    if (!e.isPrimary || pen.current) return cancel(); // a second finger enlarges
    e.preventDefault();
    box.current?.setPointerCapture(e.pointerId);
    pen.current = { id: e.pointerId, from: spot(e), at: { x: e.clientX, y: e.clientY } };
  };
  const moved = (e: PointerEvent) => {
    const p = pen.current;
    return p !== undefined && p.id === e.pointerId && Math.hypot(e.clientX - p.at.x, e.clientY - p.at.y) >= still;
  };
  const move = (e: PointerEvent) => {
    if (pen.current && (pulled || moved(e))) setPulled(between(pen.current.from, spot(e)));
  };
  const up = (e: PointerEvent) => {
    const p = pen.current;
    if (!p || p.id !== e.pointerId) return;
    cancel();
    if (moved(e) || pulled) onArea(between(p.from, spot(e)));
    else if (corner) onArea(between(corner, p.from));
    setCorner(pulled || corner ? undefined : p.from);
  };
  const cancel = () => {
    pen.current = undefined;
    setPulled(undefined);
  };
  return (
    <div class="fd-veil" ref={box} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={cancel}>
      <img src={url} alt={label} draggable={false} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {areas.map((a, n) => (
          <rect key={n} class="fd-veil__area" x={a.x} y={a.y} width={a.w} height={a.h} />
        ))}
        {pulled && <rect class="fd-veil__pulled" x={pulled.x} y={pulled.y} width={pulled.w} height={pulled.h} />}
        {corner && (
          <rect class="fd-veil__pulled" x={corner.x - 0.015} y={corner.y - 0.015} width={0.03} height={0.03} />
        )}
      </svg>
      <p class="ta-hidden" role="status">
        {corner ? t('corner') : t('count', { n: areas.length })}
      </p>
    </div>
  );
}
