// What the kernel does not do for its administrator is a value: the line that iproute2 prints.

export interface Refused {
  readonly refused: string;
}

/** `RTNETLINK answers: ` and the text of an errno. */
export function netlinkRefusal(text: string): Refused {
  return { refused: `RTNETLINK answers: ${text}` };
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}

export const FILE_EXISTS = netlinkRefusal('File exists');
export const NO_SUCH_DEVICE = netlinkRefusal('No such device');
export const INVALID_ARGUMENT = netlinkRefusal('Invalid argument');
export const NOT_SUPPORTED = netlinkRefusal('Operation not supported');

/** `ip -n NAME` where there is no such namespace. */
export function noSuchNetns(netns: string): Refused {
  return { refused: `Cannot open network namespace "${netns}": No such file or directory` };
}
