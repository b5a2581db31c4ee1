# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Plays the service manager's part of sd_notify(3) and sd_listen_fds(3): one run of the gate follows another.

usage: service_manager.py PROGRAM CONFIGURATION PORT UPSTREAM

A tunnel is open all the time, and new ones are opened at a steady rate. Prints one line for each thing that was seen.
"""

import array
import os
import signal
import socket
import sys
import time

from traffic import Load, Path, echoes

PROGRAM, CONFIGURATION, PATH = sys.argv[1], sys.argv[2], Path(int(sys.argv[3]), int(sys.argv[4]))
PATIENCE = 30


class Manager:
    """Starts gates, hears them, and keeps their sockets."""

    def __init__(self):
        self.path = CONFIGURATION + ".notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)
        self.kept = []

    def start(self, names=None):
        """Starts a gate with all that is kept; names: what the sockets are called instead."""
        child = os.fork()
        if child:
            return child
        environment = {
            "PATH": os.environ["PATH"], "NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": "400000",
            "WATCHDOG_PID": str(os.getpid()),
        }
        if self.kept:
            environment |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(self.kept))}
            environment["LISTEN_FDNAMES"] = ":".join(names or ["yett-kept"] * len(self.kept))
        copies = [os.dup(kept) for kept in self.kept]
        os.dup2(os.open(CONFIGURATION + ".log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # Beyond the places that are given away.
        copies = [os.dup2(copy, 100 + number) for number, copy in enumerate(copies)]
        for number, copy in enumerate(copies):
            os.dup2(copy, 3 + number, inheritable=True)
        os.closerange(3 + len(copies), 400)
        os.execve(PROGRAM, [PROGRAM, "run", "--config", CONFIGURATION], environment)

    def hear(self):
        """The next message, as a dictionary; keeps the sockets that came with it."""
        text, control, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(4 * 253))
        message = dict(line.split("=", 1) for line in text.decode().split("\n"))
        descriptors = array.array("i")
        for _, _, data in control:
            descriptors.frombytes(data[: len(data) - len(data) % 4])
        if "FDSTOREREMOVE" in message:
            for kept in self.kept:
                os.close(kept)
            self.kept = []
        if "FDSTORE" in message:
            self.kept += descriptors
        return message

    def hear_until(self, name):
        """Hears messages until one has this variable."""
        while True:
            message = self.hear()
            if name in message:
                return message

    def alive(self, count):
        """Hears signs of life."""
        for _ in range(count):
            self.hear_until("WATCHDOG")


def main():
    PATH.serve()
    manager = Manager()
    first = manager.start()
    print("ready:", manager.hear_until("READY")["STATUS"].split(",")[0])
    print("kept:", len(manager.kept))
    manager.alive(3)
    os.kill(first, signal.SIGHUP)
    reload = manager.hear_until("RELOADING")
    print("reloading:", 0 <= time.monotonic_ns() // 1000 - int(reload["MONOTONIC_USEC"]) < 60_000_000)
    print("ready again:", manager.hear_until("READY")["STATUS"].split(", ")[-1])

    open_tunnel = PATH.tunnel()
    load = Load(PATH)
    time.sleep(0.5)
    os.kill(first, signal.SIGTERM)
    stopping = manager.hear_until("STOPPING")
    print("stopping:", int(stopping["EXTEND_TIMEOUT_USEC"]) >= 20_000_000)
    print("the tunnel carries on:", echoes(open_tunnel, b"still here"))
    manager.alive(2)
    # What comes meanwhile waits in the kernel.
    time.sleep(1)
    print("the tunnel carries on:", echoes(open_tunnel, b"and still"))
    print("the first one waits for it:", os.waitpid(first, os.WNOHANG)[0] == 0)
    open_tunnel.close()
    print("the first one ended:", os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
    second = manager.start()
    manager.hear_until("READY")
    time.sleep(0.5)
    results = load.end()
    print("others than served:", {key: count for key, count in results.items() if key != "served"})
    print("measured:", results["served"], "tunnels, the slowest", f"{load.slowest:.1f} s", file=sys.stderr)
    print("kept:", len(manager.kept))
    os.kill(second, signal.SIGTERM)
    print("the second one ended:", os.waitstatus_to_exitcode(os.waitpid(second, 0)[1]))

    # An address that the configuration does not have, as from a socket unit.
    stranger = socket.create_server(("127.0.0.1", 0))
    manager.kept.append(stranger.detach())
    third = manager.start(["yett-kept"] * (len(manager.kept) - 1) + ["front.socket"])
    print("with a stranger:", os.waitstatus_to_exitcode(os.waitpid(third, 0)[1]))
    os.unlink(manager.path)


main()
