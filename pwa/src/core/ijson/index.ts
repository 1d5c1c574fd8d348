export { type Code, escapeStep, Fault, FaultList, Faults, list } from './fault.ts';
export { type Kind, type Limits, maxInt } from './ijson.ts';
export { marshal, members } from './marshal.ts';
export { parse } from './parse.ts';
export { Arr, arr, Obj, obj } from './read.ts';
export { absent, Value } from './value.ts';
