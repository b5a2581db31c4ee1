# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Tunnels through a gate to an echo, at a steady rate."""

import collections
import socket
import threading
import time

PATIENCE = 30


class Path:
    """From a port of the gate to a port of this machine that the gate calls `web.test`."""

    def __init__(self, port, upstream):
        self.port = port
        self.upstream = upstream

    def serve(self):
        """Sends back what comes, to everybody."""
        server = socket.create_server(("127.0.0.1", self.upstream), backlog=512)

        def echo(connection):
            with connection:
                while data := connection.recv(65536):
                    connection.sendall(data)

        def accept():
            while True:
                threading.Thread(target=echo, args=[server.accept()[0]], daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def tunnel(self):
        """A tunnel to the echo."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        target = f"web.test:{self.upstream}"
        connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            data = connection.recv(4096)
            if not data:
                raise ConnectionError("the gate closed: " + answer.decode())
            answer += data
        if b" 200 " not in answer:
            raise ConnectionError(answer.decode())
        return connection


def echoes(connection, text):
    """Whether a tunnel brings a text back."""
    connection.sendall(text)
    got = b""
    while len(got) < len(text) and (data := connection.recv(4096)):
        got += data
    return got == text


class Load:
    """Opens a tunnel each 20 ms, whether the ones before have an answer or not."""

    def __init__(self, path):
        self.path = path
        self.results = collections.Counter()
        self.slowest = 0
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.threads = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.is_over.wait(0.02):
            self.threads.append(threading.Thread(target=self.one))
            self.threads[-1].start()

    def one(self):
        began = time.monotonic()
        try:
            with self.path.tunnel() as connection:
                result = "served" if echoes(connection, b"ping") else "cut"
        except OSError as error:
            result = f"{type(error).__name__}: {str(error).partition(chr(13))[0]}"
        with self.lock:
            self.results[result] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def end(self):
        """What became of the tunnels."""
        self.is_over.set()
        self.thread.join()
        for thread in self.threads:
            thread.join()
        return self.results
