// What one acknowledgment told. One object for all connections of a namespace: it lasts as long as the segment.

export class News {
  /** SND.UNA moved. */
  advanced = false;
  /** It told nothing, while something was under way (RFC 5681 section 2). */
  duplicate = false;
  /** Segments acknowledged by number, and by a block of SACK. */
  ackedCount = 0;
  sackedNew = 0;
  /** Segments that have arrived, told for the first time. */
  delivered = 0;
  /** Something that was sent only once arrived (F-RTO). */
  arrivedFirstTime = false;
  /** Segments that are believed lost since. */
  lost = 0;
  lostAgain = false;
  /** RFC 2883: something arrived twice. */
  twice = false;
  /** -1: no sample. */
  rttNs = -1;
  /** The timestamp that it answers; -1 for none. */
  echo = -1;

  begin(echo: number): void {
    this.advanced = this.duplicate = this.arrivedFirstTime = this.lostAgain = this.twice = false;
    this.ackedCount = this.sackedNew = this.delivered = this.lost = 0;
    this.rttNs = -1;
    this.echo = echo;
  }
}
