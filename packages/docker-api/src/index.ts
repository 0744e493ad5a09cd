export type { ApiRequest, ApiAnswer, OutputChunk, RawContent } from './http.js';
export { PatientCall } from './call.js';
export type { AnswerHead, ApiCall, CallInput } from './call.js';
export { decodeJson } from './go/syntax.js';
export { DockerApi } from './docker-api.js';
export { readAnswer } from './read.js';
export type { ReadContext } from './read.js';
export { API_VERSION, ENGINE_VERSION, engineIdentity } from './system/shape.js';
export { rfc3339, unixSeconds, humanDuration } from './time.js';
export { containerRequest } from './container/request.js';
// Archives are bodies of requests and answers; clients write and read them too.
export { base64Of, bytesOf, fromBase64, readArchive, textOf, writeArchive, type ArchiveEntry } from '@netreel/engine';
