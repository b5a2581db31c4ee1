# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Ways out over system calls, processes and the terminal."""
import ctypes
import mmap
import os
import pty
import resource
import signal
import struct
import subprocess

from attempts import attempt, call, fails, host_process, ipc_key, refused


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
def host_processes():
    assert not os.path.exists(f"/proc/{host_process}/status") or int(host_process) < 20
    assert len([name for name in os.listdir("/proc") if name.isdigit()]) < 20
    return fails(os.kill, int(host_process), 0)


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
