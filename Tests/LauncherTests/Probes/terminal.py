# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Runs the given launch command on a terminal of its own, as a shell would, and types. The program inside must read
lines, get the interrupt key as a signal, stop and go on with the launcher, and be unable to type into the terminal."""
import os
import pty
import signal
import sys
import time

INSIDE = r"""
import fcntl, os, signal, sys, termios
print("terminal", os.isatty(0), flush=True)
print("read", sys.stdin.readline().strip(), flush=True)
for request in (termios.TIOCSTI, 1 << 32 | termios.TIOCSTI):
    try:
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        result = libc.ioctl(0, ctypes.c_ulong(request), b"x")
        print("injected" if result == 0 else "refused", ctypes.get_errno(), flush=True)
    except OSError as error:
        print("refused", error, flush=True)
def interrupted(number, frame):
    print("interrupted", flush=True)
    os._exit(5)
signal.signal(signal.SIGINT, interrupted)
count = 0
print("waiting", flush=True)
while True:
    signal.sigtimedwait([], 0.02)
    count += 1
    if count % 10 == 0: print("alive", flush=True)
"""

process, terminal = pty.fork()
if process == 0:
    os.execv(sys.argv[1], sys.argv[1:] + ["/usr/bin/python3", "-c", INSIDE])
seen = b""


def expect(text):
    global seen
    deadline = time.monotonic() + 100
    while text not in seen:
        assert time.monotonic() < deadline, (text, seen)
        try:
            part = os.read(terminal, 4096)
        except OSError:
            part = b""
        assert part, (text, seen)
        seen += part
    seen = seen[seen.index(text) + len(text):]


expect(b"terminal True")
os.write(terminal, b"hello\n")
expect(b"read hello")
expect(b"refused 1")
expect(b"refused 1")
expect(b"waiting")
expect(b"alive")
os.write(terminal, b"\x1a")
_, status = os.waitpid(process, os.WUNTRACED)
assert os.WIFSTOPPED(status), status
os.kill(process, signal.SIGCONT)
expect(b"alive")
expect(b"alive")
os.write(terminal, b"\x03")
expect(b"interrupted")
_, status = os.waitpid(process, 0)
assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 5, status
print("all")
