import { Icon } from '../../ui/index.ts';

interface PickerProps {
  label: string;
  icon: 'camera' | 'photo';
  primary?: boolean;
  disabled: boolean;
  capture?: boolean;
  onAsk(): void;
  onGiven(files: File[]): void;
  onCancel(): void;
}

/** Picker is a real file input that looks like a button: the phone's own camera, or its library. */
export function Picker({ label, icon, primary, disabled, capture, onAsk, onGiven, onCancel }: PickerProps) {
  return (
    <label
      class={`ta-button ta-button--wide ta-button--${primary ? 'primary' : 'secondary'} fd-picker`}
      aria-disabled={disabled}
    >
      <Icon name={icon} />
      <span>{label}</span>
      <input
        type="file"
        class="ta-hidden"
        accept="image/*"
        disabled={disabled}
        {...(capture ? { capture: 'environment' as const } : { multiple: true })}
        onClick={onAsk}
        onCancel={onCancel}
        onChange={(e) => {
          const files = [...(e.currentTarget.files ?? [])];
          e.currentTarget.value = ''; // the same name and size again is another photo (L05)
          if (files.length > 0) onGiven(files);
        }}
      />
    </label>
  );
}
