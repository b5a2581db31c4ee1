# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Runs inside a launch and tries to get out. Prints one line for each attempt: its name and what came of it, which
starts with "stopped" or "ESCAPED". Arguments: the host's address, an abstract socket, a file and a process of the host,
a System V key, the gate's socket, a listening socket in a host directory that is not shown.
"""
import ctypes
import errno
import mmap
import os
import pty
import resource
import signal
import socket
import stat
import struct
import subprocess
import sys
import time

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


@attempt
def direct_tcp():
    return [fails(socket.create_connection, (host, port), 2)
            for host in ("1.1.1.1", address, "169.254.169.254", "8.8.8.8") for port in (53, 443)]


@attempt
def udp_dns():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return [fails(probe.sendto, b"\0" * 12, (host, 53)) for host in ("1.1.1.1", address)]


@attempt
def resolver():
    began = time.monotonic()
    result = fails(socket.getaddrinfo, "example.com", 443)
    assert time.monotonic() - began < 3, "a query waited for an answer"
    return result


@attempt
def ipv6_link_local_and_multicast():
    probe = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    return [fails(probe.sendto, b"x", (host, 53, 0, 0)) for host in ("2606:4700:4700::1111", "fe80::1", "ff02::1")]


@attempt
def broadcast_and_multicast():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    return [fails(probe.sendto, b"x", (host, 5353)) for host in ("224.0.0.251", "255.255.255.255")]


@attempt
def raw_socket():
    return [fails(socket.socket, family, socket.SOCK_RAW, 1) for family in (socket.AF_INET, socket.AF_INET6)]


@attempt
def packet_socket():
    return fails(socket.socket, socket.AF_PACKET, socket.SOCK_RAW, 0x300)


@attempt
def netlink_other_than_route():
    return [fails(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW, protocol) for protocol in range(1, 32)]


@attempt
def netlink_route_changes_nothing():
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    link.bind((0, 0))
    body = struct.pack("=BxHiII", 0, 0, 0, 1, 1)
    name = struct.pack("=HH", 4 + 6, 3) + b"dummy0" + b"\0\0"
    kind = struct.pack("=HH", 4 + 4 + 5, 18) + struct.pack("=HH", 4 + 5, 1) + b"dummy" + b"\0\0\0"
    data = body + name + kind
    link.send(struct.pack("=IHHII", 16 + len(data), 16, 0x605, 1, 0) + data)
    answer = link.recv(4096)
    code = struct.unpack_from("=i", answer, 16)[0]
    assert code < 0, "an interface was made"
    return errno.errorcode[-code]


@attempt
def only_loopback_exists():
    names = sorted(name for _, name in socket.if_nameindex())
    assert names == ["lo"], names
    return names


@attempt
def vsock():
    return fails(socket.socket, 40, socket.SOCK_STREAM)


@attempt
def kernel_crypto_and_other_families():
    return [fails(socket.socket, family, kind) for family in range(3, 64) if family not in (10, 16)
            for kind in (1, 2, 3, 5)][0]


@attempt
def family_with_upper_half_set():
    result, error = call(41, (1 << 32) | 40, 1, 0)
    assert result == -1, "vsock by a 64-bit family"
    return error


@attempt
def multipath_and_sctp_protocols():
    return [fails(socket.socket, socket.AF_INET, socket.SOCK_STREAM, protocol) for protocol in (132, 262, 33, 136)]


@attempt
def abstract_host_socket():
    return fails(socket.socket(socket.AF_UNIX).connect, "\0" + abstract)


@attempt
def pathname_host_sockets():
    paths = [host_socket, gate_socket, "/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private",
             "/run/snapd.socket", "/run/yett/admin.sock", "/dev/log"]
    return [fails(socket.socket(socket.AF_UNIX).connect, path) for path in paths]


@attempt
def mount():
    return [refused(165, b"none", b"/tmp", b"tmpfs", 0, None), refused(166, b"/tmp", 2), refused(155, b"/", b"/"),
            refused(428, -100, b"/", 1), refused(430, b"tmpfs", 0), refused(442, -100, b"/tmp", 0, None, 0)]


@attempt
def chroot():
    return refused(161, b"/tmp")


@attempt
def new_namespaces():
    flags = [0x10000000, 0x20000, 0x40000000, 0x20000000, 0x08000000, 0x02000000]
    found = [refused(272, flag) for flag in flags]
    for flag in flags:
        result, error = call(56, flag | signal.SIGCHLD, None, None, None, None)
        if result == 0:
            os._exit(0)
        assert result == -1, f"clone made a namespace of {flag:#x}"
        result, error = call(56, (1 << 32) | flag | signal.SIGCHLD, None, None, None, None)
        if result == 0:
            os._exit(0)
        assert result == -1, f"clone made a namespace of {flag:#x} by its upper half"
        found.append(error)
    return found


@attempt
def clone3():
    arguments = struct.pack("=11Q", 0x10000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
    return refused(435, arguments, len(arguments))


@attempt
def join_a_namespace():
    try:
        space = os.open("/proc/1/ns/net", os.O_RDONLY)
    except OSError:
        space = os.open("/proc/self/ns/net", os.O_RDONLY)
    result = refused(308, space, 0)
    os.close(space)
    return result


@attempt
def trace():
    return [refused(101, 16, 1, None, None), refused(101, 0, 0, None, None),
            refused(101, 0x4206, os.getppid(), None, 0), refused(310, 1, None, 0, None, 0, 0),
            refused(311, 1, None, 0, None, 0, 0), refused(438, 0, 0, 0), refused(312, 1, 1, 0, 0, 0)]


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
def root_of_the_first_process():
    return [fails(os.listdir, "/proc/1/root/root"), fails(open, "/proc/1/root" + secret_file),
            fails(open, "/proc/self/root" + secret_file)]


@attempt
def kernel_settings():
    paths = ["kernel/core_pattern", "kernel/modprobe", "kernel/hotplug", "vm/swappiness", "net/ipv4/ip_forward",
             "fs/binfmt_misc/register", "user/max_user_namespaces", "kernel/ns_last_pid"]
    found = [fails(os.open, "/proc/sys/" + path, os.O_WRONLY) for path in paths]
    return found + [fails(os.open, "/proc/sysrq-trigger", os.O_WRONLY), fails(os.open, "/proc/kcore", os.O_RDONLY),
                    fails(os.open, "/proc/self/uid_map", os.O_WRONLY), fails(os.listdir, "/sys/fs/cgroup")]


@attempt
def inherited_descriptors():
    numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    extra = [number for number in numbers if number > 2 and os.path.exists(f"/proc/self/fd/{number}")]
    assert not extra, [os.readlink(f"/proc/self/fd/{number}") for number in extra]
    return "none"


@attempt
def terminal_injection():
    primary, secondary = pty.openpty()
    found = []
    for request in (0x5412, (1 << 32) | 0x5412, 0x541C, 0x5423, 0x541D):
        found.append(refused(16, secondary, request, b"x"))
    os.close(primary)
    os.close(secondary)
    return found


@attempt
def controlling_terminal():
    return fails(os.open, "/dev/tty", os.O_RDWR)


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
def host_processes():
    assert not os.path.exists(f"/proc/{host_process}/status") or int(host_process) < 20
    assert len([name for name in os.listdir("/proc") if name.isdigit()]) < 20
    return fails(os.kill, int(host_process), 0)


@attempt
def kill_everything_and_still_have_only_the_gate():
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(-1, signal.SIGKILL)
    os.waitpid(child, 0)
    probe = socket.create_connection(("127.0.0.1", 3128), 30)
    probe.sendall(b"CONNECT denied.example:443 HTTP/1.1\r\nHost: denied.example\r\n\r\n")
    answer = probe.recv(64)
    assert answer.startswith(b"HTTP/1.1 403"), answer
    return "the relay lives outside"


@attempt
def take_the_relays_port():
    found = []
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        found.append(fails(probe.bind, ("127.0.0.1", 3128)))
        found.append(fails(probe.bind, ("127.0.0.1", 1080)))
    return found


@attempt
def kernel_interfaces():
    numbers = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "userfaultfd": 323, "bpf": 321,
               "perf_event_open": 298, "keyctl": 250, "add_key": 248, "request_key": 249, "init_module": 175,
               "finit_module": 313, "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320, "swapon": 167,
               "reboot": 169, "open_by_handle_at": 304, "name_to_handle_at": 303, "syslog": 103, "acct": 163,
               "settimeofday": 164, "clock_settime": 227, "sethostname": 170, "iopl": 172, "ioperm": 173,
               "modify_ldt": 154, "quotactl": 179, "fanotify_init": 300, "memfd_secret": 447, "vmsplice": 278,
               "personality": 135, "move_pages": 279, "mbind": 237, "statmount": 457, "listmount": 458, "lsm_set": 460}
    return {name: refused(number, 0, 0, 0, 0, 0) for name, number in numbers.items()}


@attempt
def persistent_keyring():
    return refused(250, 22, os.getuid(), -3)


def native(code):
    """Runs machine code in a child and returns how it ended."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        area.write(code)
        place = ctypes.addressof(ctypes.c_char.from_buffer(area))
        result = ctypes.CFUNCTYPE(ctypes.c_long)(place)()
        os._exit(0 if result >= 0 else 1)
    return os.waitpid(child, 0)[1]


@attempt
def thirty_two_bit_calls():
    status = native(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS, status
    return "killed"


@attempt
def x32_calls():
    status = native(b"\xb8\x27\x00\x00\x40\x0f\x05\xc3")
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS, status
    return "killed"


@attempt
def program_from_memory_stays_confined():
    image = os.memfd_create("program")
    with open("/usr/bin/cat", "rb") as file:
        os.write(image, file.read())
    child = subprocess.run(["cat", "/proc/self/status"], executable=f"/proc/self/fd/{image}", pass_fds=[image],
                           capture_output=True, text=True)
    os.close(image)
    assert "Seccomp:\t2" in child.stdout and "CapEff:\t0000000000000000" in child.stdout, child.stdout[-300:]
    return "confined"


@attempt
def system_v_shared_memory_of_the_host():
    result, error = call(29, int(ipc_key), 4096, 0)
    assert result == -1, "attached"
    return error


@attempt
def raising_limits():
    found = []
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
        hard = resource.getrlimit(kind)[1]
        assert hard != resource.RLIM_INFINITY, kind
        try:
            resource.setrlimit(kind, (hard, hard + 1))
            raise AssertionError("raised")
        except (ValueError, OSError) as error:
            found.append(str(error))
    return found


@attempt
def core_dump_to_the_hosts_handler():
    """A handler program in core_pattern ignores a limit of 0; only 1 stops it, so it must not be lowered to 0."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    zero, kept = struct.pack("QQ", 0, 0), ctypes.create_string_buffer(16)
    call(160, 4, zero)
    call(302, 0, 4, zero, None)
    call(302, 0, 4, zero, kept)
    call(302, 0, (1 << 32) | 4, zero, None)
    assert resource.getrlimit(resource.RLIMIT_CORE) == (1, 1), resource.getrlimit(resource.RLIMIT_CORE)
    child = os.fork()
    if child == 0:
        os.abort()
    assert not os.WCOREDUMP(os.waitpid(child, 0)[1])
    return "kept"


@attempt
def descriptor_passed_through_a_shown_directory():
    """A socket in the working directory is reachable by design; nothing listens there but what the inside made."""
    listener = socket.socket(socket.AF_UNIX)
    if os.path.exists("own.sock"):
        os.unlink("own.sock")
    listener.bind("own.sock")
    listener.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect("own.sock")
    peer, _ = listener.accept()
    credentials = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    directory = os.open("/", os.O_PATH)
    socket.send_fds(client, [b"x"], [directory])
    _, received, _, _ = socket.recv_fds(peer, 1, 1)
    result = fails(os.open, "root", os.O_RDONLY, dir_fd=received[0])
    for item in (directory, *received):
        os.close(item)
    peer.close()
    client.close()
    listener.close()
    return credentials, result


@attempt
def forged_peer_credentials():
    first, second = socket.socketpair(socket.AF_UNIX)
    second.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    forged = struct.pack("3i", 1, 0, 0)
    return fails(first.sendmsg, [b"x"], [(socket.SOL_SOCKET, 2, forged)])


@attempt
def becoming_another_user():
    found = []
    for user in (0, 1, 65533):
        found.append(fails(os.setresuid, user, user, user))
        found.append(fails(os.chown, "tool", user, -1))
    return found + [fails(os.setgroups, [0])]


for name, function in attempts.items():
    try:
        outcome = f"stopped {function()}"
    except BaseException as error:
        outcome = f"ESCAPED {type(error).__name__}: {error}"
    print(name, outcome.replace("\n", " "), flush=True)
