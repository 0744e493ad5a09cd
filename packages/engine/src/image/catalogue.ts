// The images that every simulated host has. All hold the same small set of programs; what differs is what they start.

import { hexId } from '@netreel/sim';

/** One image with what a container takes from it. */
export interface Image {
  /** `sha256:` and 64 digits. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[] | null;
  readonly env: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly workingDir: string;
  readonly stopSignal: string;
}

type Entry = { readonly tags: readonly string[]; readonly cmd: readonly string[] } &
  Partial<Pick<Image, 'entrypoint' | 'env' | 'exposedPorts' | 'workingDir' | 'stopSignal'>>;

/** What programs find in PATH. */
export const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Any number does: it keeps image ids apart from all others, and the same in every run. */
const ID_KEY = 0x1a6e;

const ENTRIES: readonly Entry[] = [
  { tags: ['busybox:latest'], cmd: ['sh'] },
  { tags: ['alpine:latest'], cmd: ['/bin/sh'] },
  { tags: ['ubuntu:latest', 'ubuntu:focal', 'ubuntu:18.04', 'ubuntu:14.04', 'ubuntu14.04:latest'], cmd: ['/bin/bash'] },
  { tags: ['debian:latest', 'debian:bullseye', 'debian:bullseye-slim'], cmd: ['bash'] },
  { tags: ['nginx:latest', 'nginx:alpine', 'nginx-custom:latest'], entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'], env: ['NGINX_VERSION=1.23.4'], exposedPorts: ['80/tcp'],
      stopSignal: 'SIGQUIT' },
  { tags: ['mysql:latest', 'mysql:5.7.8', 'mysql-custom:latest'], entrypoint: ['docker-entrypoint.sh'], cmd: ['mysqld'],
    env: ['MYSQL_MAJOR=5.7', 'MYSQL_VERSION=5.7.8'], exposedPorts: ['3306/tcp'] },
  { tags: ['redis:latest', 'redis:alpine'], entrypoint: ['docker-entrypoint.sh'], cmd: ['redis-server'],
    env: ['REDIS_VERSION=7.0.10'], exposedPorts: ['6379/tcp'], workingDir: '/data' },
];

/** All images, in a fixed order. */
export const IMAGES: readonly Image[] = ENTRIES.map((entry) => ({
  id: `sha256:${hexId(ID_KEY, entry.tags[0]!, 64)}`, tags: entry.tags, cmd: entry.cmd,
    entrypoint: entry.entrypoint ?? null,
  env: [DEFAULT_PATH, ...(entry.env ?? [])], exposedPorts: entry.exposedPorts ?? [], workingDir: entry.workingDir ?? '',
  stopSignal: entry.stopSignal ?? '',
}));

/** `busybox` is `busybox:latest`; the public registry's name may stand before it. */
export function fullReference(reference: string): string {
  const bare = reference.replace(/^(docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
  return bare.lastIndexOf(':') > bare.lastIndexOf('/') ? bare : `${bare}:latest`;
}

/** The image of this name, tag, id or start of an id. */
export function findImage(reference: string): Image | undefined {
  const full = fullReference(reference);
  const tagged = IMAGES.find((image) => image.tags.includes(full));
  if (tagged !== undefined) return tagged;
  const digits = reference.startsWith('sha256:') ? reference.slice('sha256:'.length) : reference;
  if (!/^[0-9a-f]{2,64}$/.test(digits)) return undefined;
  return IMAGES.find((image) => image.id.slice('sha256:'.length).startsWith(digits));
}
