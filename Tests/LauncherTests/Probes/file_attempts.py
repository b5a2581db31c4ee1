# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Ways out over files, /proc and other users."""
import os
import stat
import struct
import subprocess

from attempts import attempt, fails, refused, secret_file


@attempt
def making_a_set_user_id_file():
    with open("tool", "wb") as file:
        file.write(b"#!/bin/sh\n")
    found = [refused(90, b"tool", 0o4755), refused(268, -100, b"tool", 0o2755), refused(452, -100, b"tool", 0o4755, 0),
             refused(2, b"made", os.O_CREAT | os.O_WRONLY, 0o4755), refused(257, -100, b"made", 0o101, 0o6755),
             refused(85, b"made", 0o4755), refused(83, b"made", 0o2755), refused(133, b"made", 0o104755, 0),
             refused(257, -100, b".", 0o20200000 | os.O_RDWR, 0o4755), refused(437, -100, b"made", None, 24)]
    descriptor = os.open("tool", os.O_RDWR)
    found.append(refused(91, descriptor, (1 << 32) | 0o4755))
    os.close(descriptor)
    os.umask(0)
    assert not os.stat("tool").st_mode & 0o6000
    return found


@attempt
def file_capabilities():
    data = struct.pack("=IIIII", 0x02000001, 0x3000, 0, 0, 0)
    return fails(os.setxattr, "tool", "security.capability", data)


@attempt
def becoming_another_user():
    found = []
    for user in (0, 1, 65533):
        found.append(fails(os.setresuid, user, user, user))
        found.append(fails(os.chown, "tool", user, -1))
    return found + [fails(os.setgroups, [0])]


@attempt
def device_nodes():
    found = [fails(os.mknod, name, mode | 0o666, os.makedev(*number)) for name, mode, number in (
        ("disk", stat.S_IFBLK, (254, 0)), ("memory", stat.S_IFCHR, (1, 1)), ("kvm", stat.S_IFCHR, (10, 232)))]
    for name in ("kvm", "mem", "kmsg", "vda", "sda", "fuse", "net/tun", "vhost-vsock", "loop0"):
        assert not os.path.exists("/dev/" + name), name
    return found


@attempt
def system_directories_are_read_only():
    return [fails(open, path, "w") for path in ("/usr/bin/x", "/etc/passwd", "/x", "/run/yett/jail", "/dev/x", "/lib/x",
                                                "/etc/ld.so.preload", "/proc/self/oom_score_adj")]


@attempt
def symbolic_links_out_of_the_working_directory():
    found = []
    for index, target in enumerate(("/etc/shadow", secret_file, "/root", "../../../../.." + secret_file)):
        name = f"link{index}"
        if not os.path.islink(name):
            os.symlink(target, name)
        found.append(fails(lambda: open(name).read() if not os.path.isdir(name) else os.listdir(name)))
    return found


@attempt
def hard_links_to_the_system():
    return [fails(os.link, path, "hard") for path in ("/usr/bin/su", "/etc/passwd", "/run/yett/jail")]


@attempt
def rename_over_a_mount():
    return [fails(os.rename, os.getcwd(), "/tmp/moved"), fails(os.rename, "/run/yett/jail", "tool2")]


@attempt
def home_directories_are_hidden():
    assert os.listdir("/home") == ["agent"] and os.listdir("/home/agent") == [], "homes"
    return [fails(os.listdir, "/root"), fails(os.listdir, "/var/lib"), fails(os.listdir, "/opt"),
            fails(os.listdir, "/srv/www")] if "/root/" not in os.getcwd() else "inside"


@attempt
def kernel_settings():
    paths = ["kernel/core_pattern", "kernel/modprobe", "kernel/hotplug", "vm/swappiness", "net/ipv4/ip_forward",
             "fs/binfmt_misc/register", "user/max_user_namespaces", "kernel/ns_last_pid"]
    found = [fails(os.open, "/proc/sys/" + path, os.O_WRONLY) for path in paths]
    return found + [fails(os.open, "/proc/sysrq-trigger", os.O_WRONLY), fails(os.open, "/proc/kcore", os.O_RDONLY),
                    fails(os.open, "/proc/self/uid_map", os.O_WRONLY), fails(os.listdir, "/sys/fs/cgroup")]


@attempt
def root_of_the_first_process():
    return [fails(os.listdir, "/proc/1/root/root"), fails(open, "/proc/1/root" + secret_file),
            fails(open, "/proc/self/root" + secret_file)]


@attempt
def memory_of_the_first_process():
    return fails(open, "/proc/1/mem", "r+b")


@attempt
def environment_of_the_first_process():
    try:
        with open("/proc/1/environ", "rb") as file:
            data = file.read()
    except OSError as error:
        return str(error)
    assert data == b"", data
    return "empty"


@attempt
def canary_in_any_environment_or_command_line():
    for process in filter(str.isdigit, os.listdir("/proc")):
        for name in ("environ", "cmdline"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    data = file.read()
            except OSError:
                continue
            if int(process) != os.getpid() or name == "environ":
                assert b"host-secret-canary" not in data, (process, name)
    return "absent"


@attempt
def inherited_descriptors():
    numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    extra = [number for number in numbers if number > 2 and os.path.exists(f"/proc/self/fd/{number}")]
    assert not extra, [os.readlink(f"/proc/self/fd/{number}") for number in extra]
    return "none"


@attempt
def set_user_id_programs():
    with open("/proc/self/mountinfo") as file:
        for line in file:
            fields = line.split()
            assert "nosuid" in fields[5].split(","), fields[4]
    found = []
    for program in ("/usr/bin/su", "/usr/bin/mount", "/usr/bin/newgrp", "/usr/bin/passwd"):
        if os.path.exists(program):
            child = subprocess.run([program, "--version"], capture_output=True, stdin=subprocess.DEVNULL)
            found.append(child.returncode)
    with open("/proc/self/status") as file:
        assert "NoNewPrivs:\t1" in file.read()
    return found
