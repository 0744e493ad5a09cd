"""A path of a given delay between two TAP devices: what one sends, the other receives so much later.

Usage: relay.py NAME NAME MICROSECONDS, in a network namespace of its own. Says `ready` once both devices are there;
they may be moved to other namespaces then. On SIGTERM it says how many frames passed, and how late they were on average.
"""
import fcntl
import json
import os
import select
import signal
import struct
import sys
import time
from collections import deque

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
FRAME_BYTES = 2048
FRAMES_A_TURN = 16


def tap(name):
    device = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TAP | IFF_NO_PI))
    return device


def hurry():
    """Others on a busy machine must not make the path longer."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    except OSError:
        pass


def relay(left, right, delay_ns):
    other = {left: right, right: left}
    waiting = deque()
    told = {'frames': 0, 'lateNs': 0}

    def end(*_):
        frames = told['frames']
        print(json.dumps({'frames': frames, 'meanLateUs': round(told['lateNs'] / 1000 / max(1, frames))}), flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    print('ready', flush=True)
    while True:
        wait = max(0, (waiting[0][0] - time.monotonic_ns()) / 1e9) if waiting else None
        readable, _, _ = select.select([left, right], [], [], wait)
        for device in readable:
            try:
                for _ in range(FRAMES_A_TURN):
                    frame = os.read(device, FRAME_BYTES)
                    waiting.append((time.monotonic_ns() + delay_ns, other[device], frame))
            except BlockingIOError:
                pass
        now = time.monotonic_ns()
        while waiting and waiting[0][0] <= now:
            due, device, frame = waiting.popleft()
            told['frames'] += 1
            told['lateNs'] += now - due
            try:
                os.write(device, frame)
            except OSError:
                pass  # The other end is down.


if __name__ == '__main__':
    hurry()
    relay(tap(sys.argv[1]), tap(sys.argv[2]), int(sys.argv[3]) * 1000)
