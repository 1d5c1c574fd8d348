export { BlobError, type Code, check, maxSize, parseRef, type Ref, refOf } from './blob.ts';
export { formatContentDigest, parseContentDigest } from './digest.ts';
export { type Part, plan } from './plan.ts';
export { sniff, unknownType } from './sniff.ts';
