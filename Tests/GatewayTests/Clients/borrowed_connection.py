# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Connections to the Workload API that outlive the process that opened them: borrowed_connection.py SOCKET ROUNDS.

Each round, a process opens a stream, hands the connection to a child, and then ends or becomes another program. The child
keeps the connection and must be given nothing more: the stream ends, and a new one is refused.
"""

import os
import select
import socket
import struct
import sys
import time

PATIENCE = 10


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def text(value):
    return bytes([len(value)]) + value.encode()


def call(stream):
    fields = [
        (":method", "POST"), (":scheme", "http"), (":path", "/SpiffeWorkloadAPI/FetchX509SVID"),
        (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
        ("workload.spiffe.io", "true"),
    ]
    block = b"".join(b"\0" + text(name) + text(value) for name, value in fields)
    return frame(1, 4, stream, block) + frame(0, 1, stream, b"\0" * 5)


class Reader:
    def __init__(self, connection):
        self.connection, self.buffer = connection, b""

    def next(self, deadline):
        """The next frame as kind, flags, stream; None at the end of the connection."""
        while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
            ready, _, _ = select.select([self.connection], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise SystemExit("the stream did not end")
            data = self.connection.recv(65536)
            if not data:
                return None
            self.buffer += data
        length = int.from_bytes(self.buffer[:3], "big")
        head = self.buffer[3], self.buffer[4], int.from_bytes(self.buffer[5:9], "big")
        self.buffer = self.buffer[9 + length:]
        return head


def ends(reader, stream):
    """Waits until nothing more can come on a stream; counts the messages until then."""
    deadline, messages = time.monotonic() + PATIENCE, 0
    while True:
        got = reader.next(deadline)
        if got is None:
            return messages
        kind, flags, number = got
        messages += kind == 0 and number == stream
        if number == stream and (kind == 3 or (kind in (0, 1) and flags & 1)):
            return messages


def child(connection, gone, started):
    reader = Reader(connection)
    while reader.next(time.monotonic() + PATIENCE)[0] != 0:
        pass
    os.write(started, b"s")
    os.read(gone, 1)
    ends(reader, 1)
    try:
        connection.sendall(call(3))
        if ends(reader, 3):
            raise SystemExit("a new stream was served")
    except (BrokenPipeError, ConnectionResetError):
        pass


def opener(path, becomes):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + call(1))
    (gone, alive), (begun, started) = os.pipe(), os.pipe()
    if os.fork() == 0:
        os.close(alive)
        try:
            child(connection, gone, started)
        except BaseException as error:
            print(f"round failed: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    os.read(begun, 1)
    if becomes:
        # The same process and connection, another program; the descriptor closes with it.
        os.set_inheritable(connection.fileno(), True)
        os.execv("/bin/sleep", ["sleep", "2"])
    os._exit(0)


path, rounds = sys.argv[1], int(sys.argv[2])
processes = []
for index in range(rounds):
    pid = os.fork()
    if pid == 0:
        opener(path, becomes=index % 2 == 1)
    processes.append(pid)
for pid in processes:
    os.waitpid(pid, 0)
print("done", flush=True)
