import type { Strokes } from '../../core/form/index.ts';

/** Points have x, y, t and pressure. */
const per = 4;

/** How long the hand moved, ms from the first pen-down to the last point. */
export function lasted(s: Strokes): number {
  return Math.max(0, ...s.lines.map((line) => line[line.length - 2] ?? 0));
}

/** How many strokes have begun at a time, ms after the first pen-down. */
export function begun(s: Strokes, t: number): number {
  return s.lines.filter((line) => (line[2] ?? 0) <= t).length;
}

/** What stood on the glass at a time: one SVG path per stroke that had begun. A stroke of one point is a dot. */
export function pathsAt(s: Strokes, t: number): string[] {
  return s.lines.flatMap((line) => {
    const points: string[] = [];
    for (let i = 0; i < line.length && (line[i + 2] ?? 0) <= t; i += per) {
      points.push(`${hundredths(line[i])} ${hundredths(line[i + 1])}`);
    }
    const [first, ...rest] = points;
    if (!first) return [];
    return rest.length === 0 ? `M${first}l.01 0` : `M${first}L${rest.join(' ')}`;
  });
}

/** The moment at which the stroke after those at t begins, or the end. For stepping from stroke to stroke. */
export function nextStroke(s: Strokes, t: number): number {
  const i = begun(s, t);
  const line = s.lines[i];
  return line ? (line[line.length - 2] ?? 0) : lasted(s);
}

/** The canvas in CSS pixels, as the view of an SVG. */
export function viewOf(s: Strokes): string {
  return `0 0 ${hundredths(s.canvas.w)} ${hundredths(s.canvas.h)}`;
}

function hundredths(n: number | undefined): number {
  return (n ?? 0) / 100;
}
