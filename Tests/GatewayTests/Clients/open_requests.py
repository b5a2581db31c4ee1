# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Holds one request open through a proxy, and says when its last byte came and how it ended.

Usage: open_requests.py PORT CERTIFICATE KEY get|websocket|upload PATH
"""

import socket
import ssl
import sys
import time

port, certificate, key, mode, path = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.load_cert_chain(certificate, key)
connection = context.wrap_socket(socket.create_connection(("127.0.0.1", int(port))))

method = "POST" if mode == "upload" else "GET"
head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\n"
if mode == "websocket":
    head += "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
    head += "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
if mode == "upload":
    head += "transfer-encoding: chunked\r\n"
connection.sendall((head + "\r\n").encode())
if mode == "upload":
    connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
connection.settimeout(0.02)
received, last = b"", time.monotonic()
while True:
    try:
        if mode == "upload" and not received:
            connection.sendall(b"1\r\nx\r\n")
        data = connection.recv(65536)
    except TimeoutError:
        continue
    except OSError:
        break
    if not data:
        break
    if not received:
        print("open", flush=True)
    received, last = received + data, time.monotonic()
print(f"last={last} end={time.monotonic()}")
print(received[:2000].decode("latin1"), flush=True)
