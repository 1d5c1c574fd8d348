export type { Agency } from './agency.ts';
export { type MissingBlob, type PushAnswer, parsePushAnswer, type Result, type ResultStatus } from './answer.ts';
export { type EnrolCode, enrolLink, enrolPath, parseCode, parseEnrolLink, spaced } from './code.ts';
export { beginning, type Cursor, formatCursor, parseCursor } from './cursor.ts';
export { type EnrolAnswer, type EnrolRequest, marshalEnrolRequest, parseEnrolAnswer } from './enrol.ts';
export {
  type Change,
  defaultChanges,
  type FeedAnswer,
  type FeedQuery,
  formatFeedQuery,
  parseFeedAnswer,
  parseFeedQuery,
} from './feed.ts';
export { type Problem, type ProblemCode, parseProblem, problemType } from './problem.ts';
export { type Consistency, type Inclusion, parseConsistency, parseInclusion } from './proof.ts';
export { marshalPush, type Push, type Status } from './push.ts';
export { uploadChecksum, uploadMetadata } from './upload.ts';
export {
  type Code,
  maxAnswer,
  maxBody,
  maxChanges,
  maxHashes,
  maxLabel,
  maxRecords,
  type Standing,
  WireError,
} from './wire.ts';
