# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""HTTP/2 as attackers speak it to the Workload API: hostile_http2.py SOCKET. Prints "done" when nothing of it was served."""

import select
import socket
import struct
import sys
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FIELDS = [
    (":method", "POST"), (":scheme", "http"), (":path", "/SpiffeWorkloadAPI/FetchX509SVID"),
    (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
    ("workload.spiffe.io", "true"),
]


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def headers(stream, fields):
    def text(value):
        value = value.encode("latin-1")
        return bytes([len(value)]) + value
    return frame(1, 4, stream, b"".join(b"\0" + text(name) + text(value) for name, value in fields))


def connect():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    connection.connect(sys.argv[1])
    connection.sendall(PREFACE + frame(4, 0, 0, b""))
    return connection


def served(connection, seconds):
    """Whether a message of data arrives before the stream or the connection ends."""
    buffer, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        ready, _, _ = select.select([connection], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = connection.recv(65536)
        except ConnectionError:
            return False
        if not data:
            return False
        buffer += data
        while len(buffer) >= 9 and len(buffer) >= 9 + int.from_bytes(buffer[:3], "big"):
            length, kind, flags = int.from_bytes(buffer[:3], "big"), buffer[3], buffer[4]
            if kind == 0 and length > 5:
                return True
            if kind in (3, 7) or (kind == 1 and flags & 1):
                return False
            buffer = buffer[9 + length:]
    return False


def replaced(name, value):
    return [(key, value if key == name else old) for key, old in FIELDS]


cases = {"plain": FIELDS}
for name, _ in FIELDS:
    for what, text in (("CR", "\r"), ("LF", "\n"), ("NUL", "\0"), ("CRLF", "\r\nx: y")):
        cases[f"{what} in {name}"] = replaced(name, dict(FIELDS)[name] + text)
cases["no path"] = [field for field in FIELDS if field[0] != ":path"]
cases["two paths"] = FIELDS[:3] + FIELDS[2:]
cases["pseudo-header last"] = FIELDS[1:] + FIELDS[:1]
cases["unknown pseudo-header"] = [(":yett", "1")] + FIELDS
cases["upper case"] = FIELDS[:-1] + [("Workload.Spiffe.Io", "true")]
cases["two security headers"] = FIELDS + [("workload.spiffe.io", "true")]
cases["connection header"] = FIELDS + [("connection", "close")]
cases["transfer-encoding"] = FIELDS + [("transfer-encoding", "chunked")]
for name, fields in cases.items():
    connection = connect()
    connection.sendall(headers(1, fields) + frame(0, 1, 1, b"\0" * 5))
    if served(connection, 20 if name == "plain" else 5) != (name == "plain"):
        raise SystemExit(f"{name}: {'not ' if name == 'plain' else ''}served")
    connection.close()

# Streams that are begun and reset, as fast as they can be written (CVE-2023-44487).
for _ in range(3):
    connection = connect()
    try:
        for batch in range(200):
            connection.sendall(b"".join(
                headers(1 + 2 * (batch * 50 + index), FIELDS) + frame(3, 0, 1 + 2 * (batch * 50 + index), b"\0\0\0\x08")
                for index in range(50)))
    except (ConnectionError, socket.timeout):
        pass
    connection.close()

# Frames that never end a header block (CVE-2024-27316), and settings without end.
for flood in (frame(9, 0, 1, b"\0\x01a\x01b" * 100), frame(4, 0, 0, b"\0\x03\0\0\0\x64"), frame(6, 0, 0, b"\0" * 8)):
    connection = connect()
    connection.setblocking(False)
    sent, deadline = 0, time.monotonic() + 3
    try:
        connection.send(frame(1, 0, 1, b"\0\x01a\x01b"))
        while sent < 20_000 and time.monotonic() < deadline:
            try:
                connection.send(flood)
                sent += 1
            except BlockingIOError:
                select.select([], [connection], [], 0.1)
    except ConnectionError:
        pass
    connection.close()

deadline = time.monotonic() + 20
while True:
    connection = connect()
    connection.sendall(headers(1, FIELDS) + frame(0, 1, 1, b"\0" * 5))
    if served(connection, 5):
        break
    if time.monotonic() > deadline:
        raise SystemExit("not served after the floods")
print("done", flush=True)
