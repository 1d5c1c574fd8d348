import './tokens.css';
import './base.css';
import './controls.css';
import './page.css';

export { Button, type ButtonKind, type ButtonProps, LinkButton, type LinkButtonProps } from './button.tsx';
export { Chip, type Tone } from './chip.tsx';
export { Checkbox, type CheckboxProps, type Choice, RadioGroup, type RadioGroupProps } from './choice.tsx';
export {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatSeconds,
  formatTime,
} from './date.ts';
export { Dialog, type DialogProps } from './dialog.tsx';
export { Field, type FieldProps, Select, TextArea, TextInput } from './field.tsx';
export { Icon, type IconName } from './icon.tsx';
export { LanguageSwitch } from './language.tsx';
export { DescriptionList, type Item } from './list.tsx';
export { Notice, type NoticeKind, type NoticeProps } from './notice.tsx';
export { Page, type PageProps } from './page.tsx';
export { digits, PinField, type PinFieldProps } from './pin.tsx';
export { Progress, type ProgressProps } from './progress.tsx';
export { type Column, Table, type TableProps } from './table.tsx';
export { scriptURL } from './trusted.ts';
export { Unroll, type UnrollProps } from './unroll.tsx';
export { arrived, isWayBack, rememberTheWay } from './way.ts';
export { type Dictionary, dictionary, fill, type Lang, lang, lateDictionary, type Params, setLang } from './words.ts';
