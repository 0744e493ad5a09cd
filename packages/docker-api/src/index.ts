export type { ApiRequest, ApiAnswer, OutputChunk, RawContent } from './http.js';
export { PatientCall } from './call.js';
export type { AnswerHead, ApiCall, CallInput } from './call.js';
export { DockerApi } from './docker-api.js';
export { readAnswer } from './read.js';
export type { ReadContext } from './read.js';
export { API_VERSION, ENGINE_VERSION } from './system/shape.js';
export { EPOCH_SECONDS, rfc3339, unixSeconds, humanDuration } from './time.js';
export { containerRequest } from './container/request.js';
