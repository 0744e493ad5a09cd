export { LabFold, foldLab, inOrder } from './lab-fold.js';
export type { NodeTables, Placed } from './lab-fold.js';
export { checkHistory, describeViolation, tablesAgree, uniqueAddresses } from './oracles.js';
export type { LabCheck, Violation } from './oracles.js';
export { askDocker } from './ask.js';
export { captureBlocks } from './pcapng.js';
