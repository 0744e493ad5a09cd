"""Both ends of transfers over the kernel's own TCP.

transfer.py receive PORT SKIP: says `ready`, then for each connection how many microseconds passed from the moment
when SKIP bytes had arrived to its end. transfer.py send ADDRESS PORT BYTES TIMES: one connection after the other, with CUBIC as congestion control.
"""
import os
import socket
import sys
import time

PIECE = bytes(65536)


def receive(port, skip):
    listener = socket.create_server(('0.0.0.0', port))
    print('ready', flush=True)
    while True:
        connection, _ = listener.accept()
        begin = 0
        received = 0
        piece = connection.recv(1 << 16)
        while piece:
            received += len(piece)
            if begin == 0 and received >= skip:
                begin = time.monotonic_ns()
            piece = connection.recv(1 << 16)
        print((time.monotonic_ns() - begin) // 1000, flush=True)
        connection.close()


def send(address, port, size, times):
    for _ in range(times):
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'cubic')
        connection.connect((address, port))
        left = size
        while left > 0:
            left -= connection.send(PIECE[:min(left, len(PIECE))])
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
        connection.close()


if __name__ == '__main__':
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(40))
    if sys.argv[1] == 'receive':
        receive(int(sys.argv[2]), int(sys.argv[3]))
    else:
        send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
