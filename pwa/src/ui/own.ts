import { dictionary } from './words.ts';

const ja = {
  required: '必須',
  optional: '任意',
  back: '戻る',
  close: '閉じる',
  working: '処理しています',
  info: 'お知らせ',
  success: '完了',
  warning: '注意',
  error: 'エラー',
  day: '{n}日',
  hour: '{n}時間',
  minute: '{n}分',
  second: '{n}秒',
  language: '言語',
} as const;

const en: Record<keyof typeof ja, string> = {
  required: 'Required',
  optional: 'Optional',
  back: 'Back',
  close: 'Close',
  working: 'Working',
  info: 'Note',
  success: 'Done',
  warning: 'Caution',
  error: 'Error',
  day: '{n} d',
  hour: '{n} h',
  minute: '{n} min',
  second: '{n} s',
  language: 'Language',
};

/** The few words that the controls say themselves. */
export const { t } = dictionary(ja, en);
