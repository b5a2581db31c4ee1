#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Writes the question of a call of gRPC as Envoy asks it about a GET of an agent: a framed CheckRequest, for h2load."""
import struct
import sys


def field(number, value):
    value = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2]) + size(len(value)) + value


def size(count):
    output = b""
    while count >= 0x80:
        output += bytes([count & 0x7F | 0x80])
        count >>= 7
    return output + bytes([count])


def pair(number, name, value):
    return field(number, field(1, name) + field(2, value))


headers = {
    ":authority": "127.0.0.1:10000", ":method": "GET", ":path": "/x", ":scheme": "https",
    "x-forwarded-proto": "https", "x-request-id": "0d6d1d1c-6c4b-4ad0-9f6e-2a3a6f0d6a11", "user-agent": "bench",
}
http = field(1, "4611686018427387904") + field(2, "GET")
http += b"".join(pair(3, name, value) for name, value in headers.items())
http += field(4, "/x") + field(5, "127.0.0.1:10000") + field(6, "https") + field(10, "HTTP/1.1")
socket = field(1, field(1, field(2, "127.0.0.1") + bytes([3 << 3]) + size(40000)))
attributes = field(1, socket + field(4, "spiffe://bench.test/agent/load")) + field(2, socket)
attributes += field(4, field(2, http)) + pair(10, "service", "app")
message = field(1, attributes)
sys.stdout.buffer.write(struct.pack(">BI", 0, len(message)) + message)
