# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Runs inside a launch and tries to get out. Prints one line for each attempt: its name and what came of it, which
starts with "stopped" or "ESCAPED". Arguments: the host's address, an abstract socket, a file and a process of the host,
a System V key, the gate's socket, a listening socket in a host directory that is not shown.
"""
import file_attempts
import kernel_attempts
import network_attempts
from attempts import attempts

assert network_attempts and file_attempts and kernel_attempts
for name, function in attempts.items():
    try:
        outcome = f"stopped {function()}"
    except BaseException as error:
        outcome = f"ESCAPED {type(error).__name__}: {error}"
    print(name, outcome.replace("\n", " "), flush=True)
