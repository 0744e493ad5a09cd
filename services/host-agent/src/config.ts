// The only reader of this process' environment.

import { type ServiceConfig, readServiceConfig } from '@netreel/runtime';

export const loadConfig = (): ServiceConfig => readServiceConfig(process.env, true);
