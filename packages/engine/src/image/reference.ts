// Names of images: `busybox` is `busybox:latest`, and the public registry's name may stand before it.

/** `busybox` is `busybox:latest`. */
export function fullReference(reference: string): string {
  const bare = familiarName(reference);
  return bare.includes('@') || bare.lastIndexOf(':') > bare.lastIndexOf('/') ? bare : `${bare}:latest`;
}

function familiarName(reference: string): string {
  return reference.replace(/^(docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
}

/** Name and tag of a full reference. */
export function splitReference(full: string): { readonly repository: string; readonly tag: string } {
  const colon = full.lastIndexOf(':');
  return { repository: full.slice(0, colon), tag: full.slice(colon + 1) };
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;

/** What Docker says of a name that is none; undefined when it is one. */
export function referenceFlaw(reference: string): string | undefined {
  const { repository, tag } = splitReference(fullReference(reference));
  if (REPOSITORY.test(repository) && TAG.test(tag)) return undefined;
  return repository.toLowerCase() !== repository
    ? `invalid reference format: repository name must be lowercase` : 'invalid reference format';
}
