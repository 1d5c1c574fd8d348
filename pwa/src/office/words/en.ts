import { cases } from './en/case.ts';
import { disclosure } from './en/disclosure.ts';
import { house } from './en/house.ts';
import { problem } from './en/problem.ts';
import { record } from './en/record.ts';
import { shell } from './en/shell.ts';
import { visit } from './en/visit.ts';
import type { ja } from './ja.ts';

export const en: Record<keyof typeof ja, string> = {
  ...shell,
  ...problem,
  ...record,
  ...visit,
  ...cases,
  ...disclosure,
  ...house,
};
