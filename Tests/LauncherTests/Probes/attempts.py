# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""What the attempts to escape share: the host's baits, from the command line, and how an attempt is made."""
import ctypes
import errno
import socket
import sys

address, abstract, secret_file, host_process, ipc_key, gate_socket, host_socket = sys.argv[1:8]
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
attempts = {}


def attempt(function):
    attempts[function.__name__.replace("_", "-")] = function
    return function


def call(number, *given):
    ctypes.set_errno(0)
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in given]
    result = libc.syscall(ctypes.c_long(number), *words)
    return result, errno.errorcode.get(ctypes.get_errno(), "0")


def refused(number, *given):
    """Stopped only when the filter answers: EPERM or ENOSYS, not an error of the call's own."""
    result, error = call(number, *given)
    assert result == -1 and error in ("EPERM", "ENOSYS"), f"answered {result} {error}"
    return error


def fails(function, *given, **named):
    try:
        result = function(*given, **named)
    except (OSError, PermissionError, socket.gaierror) as error:
        return str(error)
    raise AssertionError(f"succeeded: {result!r}")
