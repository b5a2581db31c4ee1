# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Runs inside of a booted Debian: installs the package, uses it, upgrades it under load, removes and purges it.

usage: installed.py FIRST.deb SECOND.deb

Prints a line for each thing that holds, and ends with 1 at the first that does not.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time

from traffic import Load, Path, echoes

FIRST, SECOND = sys.argv[1], sys.argv[2]
CONFIGURATION = pathlib.Path("/etc/yett/yett.yaml")
SOCKET = "/run/yett/admin.sock"
# What the system itself writes while it runs.
VOLATILE = re.compile(r"/(proc|sys|dev|run|tmp|exchange|var/log|var/lib/systemd|var/lib/dpkg|var/cache/ldconfig)(/|$)|.*\.pyc$|"
                      r"/etc/(group|passwd|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$")


def run(*command, expected=0):
    """Runs a command and gives what it prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    if done.returncode != expected:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def holds(what, condition):
    if not condition:
        raise SystemExit(f"does not hold: {what}")
    print("holds:", what, flush=True)


def eventually(what, condition, within=30):
    deadline = time.monotonic() + within
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    holds(what, condition())


def files():
    """Every file of the machine that the system does not write itself."""
    found = set()
    for directory, names, entries in os.walk("/", topdown=True):
        names[:] = [name for name in names if not VOLATILE.match(os.path.join(directory, name))]
        found |= {os.path.join(directory, name) for name in names + entries}
    return {path for path in found if not VOLATILE.match(path)}


def accounts():
    return {path: sorted(pathlib.Path(path).read_text().splitlines()) for path in ("/etc/passwd", "/etc/group")}


def show(name):
    return run("systemctl", "show", "--value", "-p", name, "yett.service").strip()


def yett(*arguments, expected=0):
    return run("yett", *arguments, "--socket", SOCKET, expected=expected)


def answer(request):
    with socket.create_connection(("127.0.0.1", 3128), 10) as connection:
        connection.sendall(request)
        return connection.recv(4096).decode()


def install_and_use():
    text = run("dpkg", "-i", FIRST)
    holds("the installation says what to do next", "systemctl enable --now yett" in text)
    run("systemctl", "enable", "--now", "yett.service")
    holds("the service runs", show("ActiveState") == "active")
    holds("systemd was told", show("StatusText").startswith("serving 127.0.0.1:3128"))
    holds("it is not root's", run("ps", "-o", "user=", "-p", show("MainPID")).strip() == "yett")
    denied = answer(b"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
    holds("it denies everything", denied.startswith("HTTP/1.1 4"))
    score = run("systemd-analyze", "security", "--no-pager", "yett.service").strip().splitlines()[-1]
    print("measured:", score, flush=True)
    holds("its exposure is small", float(re.search(r": ([0-9.]+) ", score).group(1)) <= 2.0)
    holds("the manual is there", os.path.exists("/usr/share/man/man1/yett-run.1.gz"))
    holds("the helpers are beside the program", os.path.exists("/usr/lib/yett/yett-jail"))
    holds("nobody else reads its state", os.stat("/var/lib/yett").st_mode & 0o777 == 0o700)

    run("systemctl", "restart", "yett.service")
    holds("the socket lives on in systemd", show("NFileDescriptorStore") == "1")


def reload():
    shutil.copy("/exchange/yett.yaml", CONFIGURATION)
    run("systemctl", "reload", "yett.service")
    holds("a reload brings a new snapshot", "snapshot" in show("StatusText") and "bot" in yett("status"))
    good = CONFIGURATION.read_text()
    CONFIGURATION.write_text("trust_domain: [\n")
    holds("a refused reload fails", subprocess.run(["systemctl", "reload", "yett.service"]).returncode != 0)
    holds("and the gate serves on", show("ActiveState") == "active" and "bot" in yett("status"))
    before = show("MainPID")
    text = run("dpkg", "-i", FIRST)
    holds("a version that would not start replaces nobody", show("MainPID") == before and "serves on" in text)
    CONFIGURATION.write_text(good)
    run("systemctl", "restart", "yett.service")


def upgrade():
    path = Path(3128, 7007)
    path.serve()
    yett("quarantine", "other", "--why", "a test")
    old = show("MainPID")
    tunnel = path.tunnel()
    load = Load(path)
    time.sleep(0.5)
    upgrade = threading.Thread(target=lambda: run("dpkg", "-i", SECOND))
    upgrade.start()
    eventually("the old run drains", lambda: show("ActiveState") == "deactivating")
    holds("systemd shows why it takes so long", "has 20 s to end" in show("StatusText"))
    holds("the open tunnel carries on", echoes(tunnel, b"still here"))
    time.sleep(1)
    holds("and on, in the old process", echoes(tunnel, b"and still") and os.path.exists(f"/proc/{old}"))
    tunnel.close()
    upgrade.join()
    eventually("the new run serves", lambda: show("ActiveState") == "active" and show("MainPID") != old)
    time.sleep(0.5)
    results = load.end()
    print(f"measured: {results['served']} tunnels, the slowest {load.slowest:.1f} s", flush=True)
    holds(f"no connection was refused or cut: {dict(results)}", set(results) == {"served"} and results["served"] > 20)
    holds("the quarantine survived", "other" in yett("status"))
    holds("the changed configuration survived", "web.test" in CONFIGURATION.read_text())
    run("yett", "audit", "verify", "--directory", "/var/lib/yett/audit")
    holds("the audit log is one tree", True)


def crash():
    old = show("MainPID")
    os.kill(int(old), 9)
    denied = answer(b"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
    holds("after a crash the connection waits for the next run", denied.startswith("HTTP/1.1 4"))
    holds("which is another process", show("MainPID") != old)


def remove(before, known):
    run("dpkg", "-r", "yett")
    refused = socket.socket().connect_ex(("127.0.0.1", 3128)) != 0
    holds("nothing listens after the removal", refused and show("LoadState") == "not-found")
    holds("the removal leaves configuration and records", CONFIGURATION.exists() and os.path.isdir("/var/lib/yett/audit"))
    run("dpkg", "-P", "yett")
    left = sorted(files() - before)
    holds(f"the purge leaves nothing: {left[:10]}", not left)
    holds("no account is left", accounts() == known)
    holds("nothing is left in /run", not [name for name in os.listdir("/run") if name.startswith("yett")])


def main():
    before, known = files(), accounts()
    install_and_use()
    reload()
    upgrade()
    crash()
    remove(before, known)
    print("all holds", flush=True)


main()
