/** What was thrown away: what to say of it, and how much room it took. */
export interface Pruned {
  readonly text: string;
  readonly bytes: number;
}
