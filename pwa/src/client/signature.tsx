import type { Outline } from '../core/form/index.ts';

const margin = 400;

/** Signature draws the lines of a pen, cut to what was written on. */
export function Signature({ outline, label }: { outline: Outline; label: string }) {
  const xs = outline.lines.flatMap((line) => line.filter((_, i) => i % 2 === 0));
  const ys = outline.lines.flatMap((line) => line.filter((_, i) => i % 2 === 1));
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  const width = Math.max(...xs) + margin - left;
  const height = Math.max(...ys) + margin - top;
  return (
    <svg class="signature" viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <g
        fill="none"
        stroke="currentColor"
        stroke-width={Math.max(width, height * 3) / 130}
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        {outline.lines.map((line, n) => (
          <path key={n} d={pathOf(line)} />
        ))}
      </g>
    </svg>
  );
}

/** pathOf goes from point to point; a single point is a dot. */
function pathOf(line: readonly number[]): string {
  const points: string[] = [];
  for (let i = 0; i + 1 < line.length; i += 2) points.push(`${line[i]} ${line[i + 1]}`);
  return points.length === 1 ? `M${points[0]}h1` : `M${points.join('L')}`;
}
