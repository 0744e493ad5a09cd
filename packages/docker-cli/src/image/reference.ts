// Names of images: `busybox`, `ubuntu:18.04`, `registry.example:5000/team/app@sha256:...`.

import { refuse } from '../refusal.js';

export interface ImageName {
  /** With the registry and `library/` that a short name stands for. */
  readonly full: string;
  /** As people write it. */
  readonly familiar: string;
  /** Empty when neither a tag nor a digest was typed. */
  readonly tag: string;
  readonly digest: string;
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::\\d+)?$`);
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Whether the text is a whole image id rather than a name. */
export function isImageId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text) || /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Reads a name, or refuses it as Docker does. */
export function readImageName(text: string): ImageName {
  if (/^[0-9a-f]{64}$/.test(text)) refuse(
    `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const at = text.indexOf('@');
  const digest = at < 0 ? '' : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? '' : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const { domain, path } = splitDomain(name);
  if (path.toLowerCase() !== path) refuse(`invalid reference format: repository name (${path}) must be lowercase`);
  const valid = PATH.test(path) && DOMAIN.test(domain) && (colon < 0 || TAG.test(tag))
    && (at < 0 || DIGEST.test(digest));
  if (!valid) refuse('invalid reference format');
  const short = domain === 'docker.io' ? path.replace(/^library\/(?=[^/]+$)/, '') : `${domain}/${path}`;
  const version = `${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  return { full: `${domain}/${path}`, familiar: `${short}${version}`, tag, digest };
}

/** The first part is a registry when it looks like a host. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  const domain = isHost ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const rest = isHost ? name.slice(slash + 1) : name;
  return { domain, path: domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest };
}

/** The same name with `latest` where it says no version. */
export function withTag(name: ImageName): ImageName {
  if (name.tag !== '' || name.digest !== '') return name;
  return { ...name, tag: 'latest', familiar: `${name.familiar}:latest` };
}
