export type { ApiRequest, ApiAnswer, OutputChunk } from './http.js';
