/** What the loop does, apart from the loop: the first screen does not wait for it. */
export { takePage } from './feed.ts';
export { pushRecords } from './push.ts';
export { release } from './release.ts';
export { enrolSuccessors } from './succession.ts';
export { rekey } from './trust.ts';
export { confirmBlobs, lanes, readBlob, sendBlobs } from './uploads.ts';
