export { LabFold, applyRecord, emptyNodeTables, foldLab, inOrder } from './lab-fold.js';
export type { NodeTables, Placed } from './lab-fold.js';
export { checkHistory, describeViolation, tablesAgree, uniqueAddresses } from './oracles.js';
export type { LabCheck, Violation } from './oracles.js';
export { askDocker, askShell } from './ask.js';
export { PastHost } from './past/past-host.js';
export type { LineResult } from './past/past-host.js';
export { captureBlocks } from './pcapng.js';
