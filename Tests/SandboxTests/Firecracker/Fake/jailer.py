#!/usr/bin/python3 -I
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Does what docs/jailer.md of Firecracker says, for a Firecracker that is a program in Python: besides its jail, that
sees /usr, and the directory of this file as /fixture. Whatever is not in that document is refused."""

import argparse
import ctypes
import fcntl
import json
import os
import re
import resource
import shutil
import stat
import sys
import time

NEW_MOUNTS, NEW_PROCESSES = 0x20000, 0x20000000
BIND, RECURSIVE, PRIVATE, REMOUNT, READ_ONLY = 4096, 16384, 1 << 18, 32, 1
OWN = os.path.dirname(os.path.realpath(__file__))
libc = ctypes.CDLL(None, use_errno=True)


def fail(text):
    print(f"Error: {text}", file=sys.stderr)
    sys.exit(1)


def check(result, what):
    if result != 0:
        fail(f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, flags):
    check(libc.mount(source, target.encode(), None, flags, None), f"mount {target}")


def arguments():
    words = sys.argv[1:]
    extra = []
    if "--" in words:
        place = words.index("--")
        words, extra = words[:place], words[place + 1 :]
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    for name in ("id", "exec-file", "uid", "gid"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--chroot-base-dir", default="/srv/jailer")
    parser.add_argument("--cgroup-version", choices=("1", "2"), default="1")
    parser.add_argument("--parent-cgroup")
    parser.add_argument("--netns")
    parser.add_argument("--cgroup", action="append", default=[])
    parser.add_argument("--resource-limit", action="append", default=[])
    parser.add_argument("--daemonize", action="store_true")
    parser.add_argument("--new-pid-ns", action="store_true")
    return parser.parse_args(words), extra


def place_of(controller, version):
    with open("/proc/mounts") as file:
        for line in file:
            _, path, kind, options = line.split()[:4]
            if version == "2" and kind == "cgroup2":
                return path
            if version == "1" and kind == "cgroup" and controller in options.split(","):
                return path
    fail(f"the controller {controller} is not available")


def enter_groups(given, executable, plan):
    parent = given.parent_cgroup or executable
    if any(part in ("", ".", "..") for part in parent.split("/")):
        fail("the parent cgroup is invalid")
    for setting in given.cgroup:
        parts = setting.split("=")
        if len(parts) != 2 or not parts[1] or "/" in parts[0]:
            fail(f"the format of {setting} is wrong")
        if plan.get("jailer") == "forgets groups":
            continue
        group = f"{place_of(parts[0].split('.')[0], given.cgroup_version)}/{parent}/{given.id}"
        os.makedirs(group, exist_ok=True)
        with open(f"{group}/{parts[0]}", "w") as file:
            file.write(parts[1])
        with open(f"{group}/{'tasks' if given.cgroup_version == '1' else 'cgroup.procs'}", "w") as file:
            file.write(str(os.getpid()))


def set_limits(given):
    kinds = {"fsize": resource.RLIMIT_FSIZE, "no-file": resource.RLIMIT_NOFILE}
    limits = {"no-file": 2048}
    for each in given.resource_limit:
        name, _, value = each.partition("=")
        if name not in kinds or not value.isdigit():
            fail(f"the resource limit {each} is wrong")
        limits[name] = int(value)
    for name, value in limits.items():
        resource.setrlimit(kinds[name], (value, value))


def enter(root):
    check(libc.unshare(NEW_MOUNTS), "unshare")
    mount(None, "/", PRIVATE | RECURSIVE)
    for source, target in (("/usr", "/usr"), (OWN, "/fixture")):
        os.makedirs(root + target, exist_ok=True)
        mount(source.encode(), root + target, BIND)
    mount(None, root + "/usr", BIND | REMOUNT | READ_ONLY)
    for link in ("lib", "lib64", "bin"):
        os.symlink(f"usr/{link}", f"{root}/{link}")
    os.chdir(root)
    os.chroot(".")


def make_devices(user, group):
    for path in ("/", "/dev", "/dev/net", "/run"):
        os.makedirs(path, exist_ok=True)
        os.chmod(path, 0o700)
        os.chown(path, user, group)
    for path, major, minor in (("/dev/net/tun", 10, 200), ("/dev/kvm", 10, 232), ("/dev/urandom", 1, 9)):
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(major, minor))
        os.chown(path, user, group)


def number():
    """How many machines there were before."""
    with open(OWN + "/count", "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = int(file.read() or "0")
        file.truncate(0)
        file.write(str(before + 1))
    return before


def main():
    os.closerange(3, 256)
    os.environ.clear()
    with open(OWN + "/plan.json") as file:
        plan = json.load(file)
    given, extra = arguments()
    with open(OWN + "/jailer.log", "a") as file:
        file.write(json.dumps(sys.argv[1:]) + "\n")
    behaviour = plan.get("jailer")
    if behaviour == "fails":
        fail("CgroupHierarchyMissing")
    if behaviour == "hangs":
        time.sleep(3600)
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", given.id):
        fail("the id is invalid")
    executable = os.path.basename(os.path.realpath(given.exec_file))
    if "firecracker" not in executable or not os.path.isfile(given.exec_file):
        fail("the exec file is invalid")
    if not os.path.isdir(given.chroot_base_dir):
        fail("the base directory is none")
    user, group = int(given.uid), int(given.gid)
    root = f"{os.path.realpath(given.chroot_base_dir)}/{executable}/{given.id}/root"
    os.makedirs(root, exist_ok=True)
    shutil.copy(given.exec_file, f"{root}/{executable}")
    set_limits(given)
    enter_groups(given, executable, plan)
    mine = number()
    enter(root)
    make_devices(user, group)
    if behaviour == "leaves nothing running":
        sys.exit(0)
    if given.new_pid_ns:
        check(libc.unshare(NEW_PROCESSES), "unshare")
        child = os.fork()
        if child != 0:
            with open(f"/{executable}.pid", "x") as file:
                file.write(str(child))
            sys.exit(0)
    os.setgroups([])
    os.setresgid(group, group, group)
    if behaviour != "keeps the user":
        os.setresuid(user, user, user)
    if os.path.exists("/dev/kvm") and not os.access("/dev/kvm", os.R_OK | os.W_OK):
        fail("/dev/kvm cannot be used")
    words = [f"./{executable}", "--id", given.id, "--start-time-us", "1", "--start-time-cpu-us", "1"]
    os.execve(words[0], words + ["--parent-cpu-time-us", "1"] + extra, {"FAKE_NUMBER": str(mine)})


main()
