import { useId } from 'preact/hooks';

export interface ProgressProps {
  /** Absent while nobody knows how far it is. */
  value?: number | undefined;
  max?: number | undefined;
  label: string;
  /** What stands at the end of the line; default: per cent. */
  text?: string | undefined;
}

/** Progress shows how far something is that takes longer than a moment. */
export function Progress({ value, max = 1, label, text }: ProgressProps) {
  const id = useId();
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, value / max);
  return (
    <div class="ta-progress">
      <label for={id}>{label}</label>
      <span class="ta-progress__text">{text ?? (share === undefined ? '' : `${Math.floor(share * 100)} %`)}</span>
      <progress id={id} max={1} {...(share === undefined ? {} : { value: share })} />
    </div>
  );
}
