// A socket as something to wait for until it can be written.

import type { TcpSocket } from '@netreel/kernel';

export function writableOf(socket: TcpSocket): { onReadable: (() => void) | undefined; readable(): boolean } {
  return {
    get onReadable() { return socket.onWritable; },
    set onReadable(wake) { socket.onWritable = wake; },
    readable: () => socket.writable(),
  };
}
