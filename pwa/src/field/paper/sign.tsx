import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/index.ts';
import { t } from '../words/paper.ts';
import { type Dot, type Ink, placed, redo, undo, write } from './pad.ts';

export interface PadProps {
  ink: Ink;
  onInk(ink: Ink): void;
  onBegin(): void;
  label: string;
}

/** The thickness of the line in CSS pixels, by pressure. */
const thin = 1.6;
const thick = 2.6;

/** Pad is where one signs. The strokes are data at pen-up; the canvas only shows them, at any size and turned any way. */
export function Pad({ ink, onInk, onBegin, label }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef(ink);
  const stroke = useRef<Dot[] | undefined>(undefined);
  const pen = useRef(-1);
  held.current = ink;

  const draw = () => {
    const c = canvas.current;
    const context = c?.getContext('2d');
    if (!c || !context) return;
    const pad = { w: c.clientWidth, h: c.clientHeight };
    const dpr = devicePixelRatio || 1;
    if (c.width !== Math.round(pad.w * dpr) || c.height !== Math.round(pad.h * dpr)) {
      c.width = Math.round(pad.w * dpr);
      c.height = Math.round(pad.h * dpr);
    }
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    context.clearRect(0, 0, pad.w, pad.h);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = getComputedStyle(c).color;
    context.fillStyle = context.strokeStyle;
    const f = placed(held.current, pad);
    for (const s of held.current.strokes)
      line(
        context,
        s.map((d) => ({ ...d, x: d.x * f.scale + f.dx, y: d.y * f.scale + f.dy })),
      );
    if (stroke.current) line(context, stroke.current);
  };
  useEffect(draw, [ink]);
  useEffect(() => {
    const c = canvas.current;
    if (!c) return;
    const watch = new ResizeObserver(draw);
    watch.observe(c);
    const dark = new MutationObserver(draw);
    dark.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      watch.disconnect();
      dark.disconnect();
    };
  }, []);

  const dot = (e: PointerEvent): Dot => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    // A mouse or a finger on simple glass reports 0.5 for "no idea".
    const p = e.pointerType === 'mouse' || e.pressure === 0.5 ? 0 : e.pressure;
    return { x: e.clientX - box.left, y: e.clientY - box.top, t: e.timeStamp, p };
  };
  const down = (e: PointerEvent) => {
    if (pen.current !== -1 || e.button !== 0) return;
    e.preventDefault();
    canvas.current?.setPointerCapture(e.pointerId);
    pen.current = e.pointerId;
    stroke.current = [dot(e)];
    onBegin();
    draw();
  };
  const move = (e: PointerEvent) => {
    if (e.pointerId !== pen.current || !stroke.current) return;
    const all = e.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [e]) stroke.current.push(dot(one));
    draw();
  };
  const up = (e: PointerEvent) => {
    if (e.pointerId !== pen.current || !stroke.current || !canvas.current) return;
    const done = stroke.current;
    const pad = { w: canvas.current.clientWidth, h: canvas.current.clientHeight };
    stroke.current = undefined;
    pen.current = -1;
    // Times go on from the strokes that are there, also after the page was killed.
    const last = held.current.strokes.at(-1)?.at(-1);
    const begun = origin.current;
    if (!last || begun === undefined) origin.current = (done[0]?.t ?? 0) - (last ? last.t + 1000 : 0);
    const from = origin.current ?? 0;
    onInk(
      write(
        held.current,
        pad,
        done.map((d) => ({ ...d, t: d.t - from })),
      ),
    );
  };
  /** What counts as 0 on the clock of pointer events. */
  const origin = useRef<number | undefined>(undefined);

  return (
    <div class="fd-pad">
      <canvas
        ref={canvas}
        class="fd-pad__canvas"
        role="img"
        aria-label={label}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      />
      <div class="fd-pad__tools">
        <Button icon="replay" aria-disabled={ink.strokes.length === 0} onClick={() => onInk(undo(ink))}>
          {t('pad_undo')}
        </Button>
        <Button icon="arrow-right" aria-disabled={ink.undone.length === 0} onClick={() => onInk(redo(ink))}>
          {t('pad_redo')}
        </Button>
      </div>
      <p class="ta-hidden" role="status">
        {t('pad_strokes', { n: ink.strokes.length })}
      </p>
    </div>
  );
}

function line(context: CanvasRenderingContext2D, dots: readonly Dot[]): void {
  const [first] = dots;
  if (!first) return;
  if (dots.length === 1) {
    context.beginPath();
    context.arc(first.x, first.y, thick / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  for (let i = 1; i < dots.length; i++) {
    const a = dots[i - 1] as Dot;
    const b = dots[i] as Dot;
    context.lineWidth = b.p > 0 ? thin + (thick - thin) * 2 * b.p : thick;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
}
