// What stands at some path of a container instead of its image's files.

/** One mount, as inspect shows it. A type alias: it travels in events. */
export type MountSpec = {
  readonly type: 'volume' | 'bind' | 'tmpfs';
  /** The volume's name. */
  readonly name: string;
  /** The host's path of a bind mount. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly mode: string;
  /** A volume made up for this container: it goes with it when `rm -v` says so. Or a tmpfs that inspect does not
   * list, as it was asked for by --tmpfs. */
  readonly anonymous: boolean;
};

export const NO_MOUNTS: readonly MountSpec[] = [];
