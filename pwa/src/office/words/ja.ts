import { cases } from './ja/case.ts';
import { disclosure } from './ja/disclosure.ts';
import { house } from './ja/house.ts';
import { problem } from './ja/problem.ts';
import { record } from './ja/record.ts';
import { shell } from './ja/shell.ts';
import { visit } from './ja/visit.ts';

export const ja = { ...shell, ...problem, ...record, ...visit, ...cases, ...disclosure, ...house } as const;
