export { TestLab, labOf } from './lab.js';
export type { ShellAnswer } from './lab.js';
