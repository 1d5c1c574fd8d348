import type { Outline } from '../../core/form/index.ts';

/** Drawing shows a hand out of its data: vectors, never a picture that was read back from a canvas. */
export function Drawing({ outline, label }: { outline: Outline; label: string }) {
  const { w, h } = outline.canvas;
  const paths = outline.lines.map((line) => {
    let d = '';
    for (let i = 0; i < line.length; i += 2) d += `${i === 0 ? 'M' : 'L'}${line[i]} ${line[i + 1]}`;
    return line.length === 2 ? `${d}l1 0` : d;
  });
  return (
    <svg class="fd-signature" viewBox={`0 0 ${w} ${h}`} role="img" aria-label={label}>
      {paths.map((d, n) => (
        <path key={n} d={d} />
      ))}
    </svg>
  );
}
