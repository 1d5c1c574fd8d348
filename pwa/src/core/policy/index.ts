export { jp1 } from './builtin.ts';
export { PolicyError, parse } from './parse.ts';
export { photo, photoRole } from './photo.ts';
export {
  type Check,
  count,
  type Facts,
  type Finding,
  type Level,
  type PhotoRole,
  type Policy,
  type Rule,
  visit,
  worst,
} from './policy.ts';
export { dueAt, overdue } from './watch.ts';
