import type { OutputChunk } from '@netreel/docker-api';

/** Collects what a command writes, in order. */
export class Output {
  readonly chunks: OutputChunk[] = [];

  /** With `sink` nothing is kept: it gets everything at once. */
  constructor(private readonly sink?: (chunk: OutputChunk) => void) {}

  /** A line on standard output. */
  line(text: string): void {
    this.write('stdout', `${text}\n`);
  }

  /** A line on standard error. */
  complain(text: string): void {
    this.write('stderr', `${text}\n`);
  }

  write(stream: OutputChunk['stream'], text: string): void {
    if (text === '') return;
    if (this.sink === undefined) this.chunks.push({ stream, text });
    else this.sink({ stream, text });
  }

  /** What the streams of an attached call carried. */
  relay(chunks: readonly OutputChunk[] | undefined): void {
    for (const chunk of chunks ?? []) this.write(chunk.stream, chunk.text);
  }

  text(stream: OutputChunk['stream']): string {
    return this.chunks.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.text).join('');
  }
}
