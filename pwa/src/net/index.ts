export { enrol, feed, keys, patience, push, rescue } from './api.ts';
export { NetError, type NetFault } from './fault.ts';
export { Pace } from './pace.ts';
export { type Answer, type Call, Caller, type NetPorts } from './request.ts';
export { receipt, type Sending, type Steps, send } from './upload.ts';
