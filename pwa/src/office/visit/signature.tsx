import { useEffect, useRef, useState } from 'preact/hooks';
import { outlineMatches, parseOutline, parseStrokes, type Strokes, type Values } from '../../core/form/index.ts';
import type { Opened, Tree } from '../../core/record/index.ts';
import { Button, Chip } from '../../ui/index.ts';
import { t } from '../words/index.ts';
import { plain } from './entry.ts';
import { begun, lasted, nextStroke, pathsAt, viewOf } from './replay.ts';

/** Signature draws a hand out of its strokes, and replays it as it moved. */
export function Signature({ record: r }: { record: Opened }) {
  const data = objectOf(plain(r, 'strokes'));
  if (!data) return <p class="ta-soft">{t('sign.none')}</p>;
  const { strokes, faults } = parseStrokes(data);
  if (strokes.lines.length === 0 || strokes.canvas.w === 0) return <p>{t('sign.unreadable')}</p>;
  const outline = objectOf(plain(r, 'signature_outline'));
  const same = outline !== undefined && outlineMatches(strokes, parseOutline(outline).outline);
  return (
    <div class="ta-stack">
      <Replay strokes={strokes} />
      <p class="ta-row">
        <Chip>{`${t('sign.strokes')} ${strokes.lines.length}`}</Chip>
        <Chip>{`${t('sign.lasted')} ${seconds(lasted(strokes))} s`}</Chip>
        {outline && (
          <Chip tone={same ? 'success' : 'danger'} icon={same ? 'check' : 'seal-broken'}>
            {same ? t('sign.outline_same') : t('sign.outline_differs')}
          </Chip>
        )}
        {faults.length > 0 && <Chip tone="warning">{t('sign.unreadable')}</Chip>}
      </p>
    </div>
  );
}

function objectOf(v: Tree | undefined): Values | undefined {
  return v !== null && typeof v === 'object' && !Array.isArray(v) ? v : undefined;
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

function Replay({ strokes }: { strokes: Strokes }) {
  const end = lasted(strokes);
  const [at, setAt] = useState(end);
  const [playing, setPlaying] = useState(false);
  const from = useRef({ clock: 0, at: 0 });
  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function draw(clock) {
      if (from.current.clock === 0) from.current.clock = clock;
      const now = from.current.at + clock - from.current.clock;
      setAt(Math.min(now, end));
      if (now < end) frame = requestAnimationFrame(draw);
      else setPlaying(false);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, end]);
  const play = () => {
    from.current = { clock: 0, at: at >= end ? 0 : at };
    setPlaying(!playing);
  };
  const go = (to: number) => {
    setPlaying(false);
    setAt(to);
  };
  return (
    <figure class="office-sign">
      <svg viewBox={viewOf(strokes)} role="img" aria-label={t('sign.picture', { n: strokes.lines.length })}>
        {pathsAt(strokes, end).map((d) => (
          <path key={d} class="office-sign__ghost" d={d} />
        ))}
        {pathsAt(strokes, at).map((d, i) => (
          <path key={i} class="office-sign__ink" d={d} />
        ))}
      </svg>
      <figcaption class="ta-stack ta-stack--close">
        <input
          type="range"
          class="office-range"
          aria-label={t('sign.position')}
          min={0}
          max={end}
          value={Math.round(at)}
          onInput={(e) => go(e.currentTarget.valueAsNumber)}
        />
        <p class="ta-small ta-soft">
          {t('sign.time', { at: seconds(at), of: seconds(end), n: begun(strokes, at), total: strokes.lines.length })}
        </p>
        <div class="ta-row">
          <Button icon={playing ? 'pause' : 'play'} onClick={play}>
            {playing ? t('sign.pause') : t('sign.play')}
          </Button>
          <Button kind="quiet" onClick={() => go(at >= end ? nextStroke(strokes, -1) : nextStroke(strokes, at))}>
            {t('sign.step')}
          </Button>
          <Button kind="quiet" onClick={() => go(end)}>
            {t('sign.whole')}
          </Button>
        </div>
      </figcaption>
    </figure>
  );
}
