export { runDocker } from './run.js';
export type { ApiStep, CliContext, CliResult, Conversation } from './step.js';
export { splitCommandLine } from './words/split.js';
export type { LineFlaw } from './words/split.js';
export { readTemplate } from './template/render.js';
export type { Rendered, RenderOptions, Template } from './template/render.js';
export { rawValue } from './template/value.js';
export type { GoValue } from './template/value.js';
export { EPOCH_SECONDS } from './table/calendar.js';
