# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Runs one job in a virtual machine, for a host that trusts nothing it says.

The host is at the other end of a serial port, or connects to a port of the machine's socket for its host.

Every frame to the host is a letter, a number, two zero bytes, a length of four bytes, and so many bytes:
R: ready. S: the code starts. O: output, of stream 1 or 2. X: the end, see Port.end.
The host sends b"YVW1" for a rehearsal, after which the agent is ready again, or a job, see Job.read. Numbers are
little-endian.
"""

import ctypes
import fcntl
import gc
import io
import os
import random
import resource
import select
import signal
import struct
import sys
import time
import traceback

OWN = "/usr/lib/yett/guest"
USER = 65534
PIECE = 32768
PYTHON, SHELL = 1, 2
READY = b"yett-guest 1"
ADD_ENTROPY, RESEED = 0x40085203, 0x5207
NOSUID, NODEV, RDONLY, REMOUNT = 2, 4, 1, 32
SET_NO_NEW_PRIVS, SET_SECCOMP, DROP_BOUND = 38, 22, 24

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
libc.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]


def check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), "refused")


class Port:
    """The channel to the host."""

    def __init__(self, path):
        self.descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def greet(self):
        """Says that it is ready; the first four bytes that the host answers."""
        self.send(b"R", 0, READY)
        return self.read(4)

    def read(self, count):
        data = bytearray()
        while len(data) < count:
            piece = os.read(self.descriptor, min(count - len(data), 1 << 20))
            if not piece:
                # The host has not connected yet.
                time.sleep(0.001)
            data += piece
        return bytes(data)

    def send(self, kind, stream=0, data=b""):
        data = kind + bytes((stream, 0, 0)) + struct.pack("<I", len(data)) + data
        while data:
            data = data[os.write(self.descriptor, data) :]

    def output(self, stream, data):
        self.send(b"O", stream, data)

    def end(self, result):
        """How it ended, with which code or signal, memory kills, microseconds of processor time, bytes of memory."""
        self.send(b"X", 0, struct.pack("<BBHIQQ", *result))


class VsockPort(Port):
    """The same, where the host connects. Connections end when the machine is copied; the listener stays."""

    NUMBER = 1024

    def __init__(self, listener):
        self.listener, self.descriptor = listener, None

    @classmethod
    def open(cls):
        import socket

        listener = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        listener.bind((socket.VMADDR_CID_ANY, cls.NUMBER))
        listener.listen(4)
        return cls(listener)

    def greet(self):
        # Who connects last is the host: a copy may never hear that the connection before is gone.
        is_told = False
        while True:
            try:
                if self.descriptor is None:
                    self.accept()
                elif not is_told:
                    self.send(b"R", 0, READY)
                is_told = True
                data = bytearray()
                while len(data) < 4:
                    if select.select([self.listener, self.descriptor], [], [])[0][0] is self.listener:
                        self.accept()
                        data.clear()
                        continue
                    piece = os.read(self.descriptor, 4 - len(data))
                    if not piece:
                        raise ConnectionError
                    data += piece
                return bytes(data)
            except OSError:
                self.drop()

    def accept(self):
        connection, _ = self.listener.accept()
        self.drop()
        self.descriptor = connection.detach()
        self.send(b"R", 0, READY)

    def drop(self):
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class Job:
    """What is to be run."""

    HEADER = struct.Struct("<32sQB3xIQQQQIIIIIIII")

    def __init__(self, language, source):
        self.language, self.source = language, source
        self.processes, self.memory, self.scratch, self.shared, self.file = 64, 64 << 20, 64 << 20, 16 << 20, 64 << 20
        self.stdin, self.arguments, self.files, self.filters = b"", [], [], []

    @classmethod
    def read(cls, port):
        """The job of the host, after randomness and the time were taken from it."""
        (entropy, nanoseconds, language, processes, memory, scratch, shared, file, source, stdin, arguments, words, files,
         content, filters, programs) = cls.HEADER.unpack(port.read(cls.HEADER.size))
        with open("/dev/urandom", "wb") as device:
            fcntl.ioctl(device, ADD_ENTROPY, struct.pack("ii32s", 256, 32, entropy))
            fcntl.ioctl(device, RESEED)
        time.clock_settime_ns(time.CLOCK_REALTIME, nanoseconds)
        job = cls(language, port.read(source))
        job.processes, job.memory, job.scratch, job.shared, job.file = processes, memory, scratch, shared, file
        job.stdin = port.read(stdin)
        job.arguments = [os.fsdecode(word) for word in port.read(words).split(b"\0")[:arguments]]
        content, at = port.read(content), 0
        for _ in range(files):
            name, size = struct.unpack_from("<HI", content, at)
            at += 6
            job.files.append((content[at : at + name].decode(), content[at + name : at + name + size]))
            at += name + size
        programs, at = port.read(programs), 0
        for _ in range(filters):
            (size,) = struct.unpack_from("<I", programs, at)
            job.filters.append(programs[at + 4 : at + 4 + size])
            at += 4 + size
        return job

    @property
    def path(self):
        return "/job/main.py" if self.language == PYTHON else "/job/main.sh"

    def place(self):
        """Makes the places that the job sees as large as they may be, and puts the program where it belongs."""
        flags = REMOUNT | NOSUID | NODEV
        check(libc.mount(b"tmp", b"/tmp", None, flags, b"size=%d,mode=1777" % self.scratch))
        check(libc.mount(b"shm", b"/dev/shm", None, flags, b"size=%d,mode=1777" % self.shared))
        with open(self.path, "wb") as file:
            os.fchmod(file.fileno(), 0o444)
            file.write(self.source)
        check(libc.mount(b"job", b"/job", None, flags | RDONLY, None))


class Group:
    """A control group for one job."""

    path = OWN + "/groups/job"

    def __init__(self, job):
        os.mkdir(self.path)
        self.write("memory.max", job.memory)
        self.write("pids.max", job.processes)
        self.members = os.open(self.path + "/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)

    def write(self, name, value):
        with open(f"{self.path}/{name}", "w") as file:
            file.write(str(value))

    def enter(self):
        os.write(self.members, b"0")

    def close(self):
        """Memory kills and the most memory."""
        os.close(self.members)
        with open(self.path + "/memory.events") as file:
            kills = sum(int(line.split()[1]) for line in file if line.startswith("oom_kill "))
        with open(self.path + "/memory.peak") as file:
            peak = int(file.read())
        for _ in range(100):
            try:
                os.rmdir(self.path)
                break
            except OSError:
                time.sleep(0.001)
        return kills, peak


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]

    def __init__(self, program):
        super().__init__(len(program) // 8, program)


def become(job, group, pipes, filters):
    """In the child: turns into the job."""
    os.setsid()
    group.enter()
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
    os.closerange(3, 1 << 16)
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):
            pass
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if job.language == PYTHON:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    for kind, limit in (
        (resource.RLIMIT_NPROC, job.processes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_FSIZE, job.file),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_SIGPENDING, 256),
    ):
        resource.setrlimit(kind, (limit, limit))
    capability = 0
    while libc.prctl(DROP_BOUND, capability, 0, 0, 0) == 0:
        capability += 1
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.chdir("/tmp")
    for name, data in job.files:
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "wb") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(data)
    check(libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    for each in filters:
        check(libc.prctl(SET_SECCOMP, 2, ctypes.addressof(each), 0, 0))
    if job.language == SHELL:
        os.execve("/usr/bin/sh", ["sh", job.path, *job.arguments], os.environ)
    run_python(job)


def run_python(job):
    """Runs a program as the interpreter would, and ends the process."""
    code = 0
    random.seed()
    for number, name, mode, errors in ((0, "stdin", "r", "strict"), (1, "stdout", "w", "strict"),
                                       (2, "stderr", "w", "backslashreplace")):
        if mode == "w":
            # What was printed before a deadline is there.
            stream = io.TextIOWrapper(
                io.FileIO(number, "w", closefd=False), encoding="utf-8", errors=errors, write_through=True)
        else:
            stream = open(number, encoding="utf-8", errors=errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = [job.path, *job.arguments]
    sys.path[:0] = ["/job", "/tmp"]
    module = type(sys)("__main__")
    module.__builtins__ = __builtins__
    module.__file__ = job.path
    sys.modules["__main__"] = module
    try:
        exec(compile(job.source, job.path, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as end:
        if end.code is None:
            code = 0
        elif isinstance(end.code, int):
            code = end.code & 0xFF
        else:
            print(end.code, file=sys.stderr)
            code = 1
    except BaseException as error:
        # Without the frames of this file.
        traceback.print_exception(type(error), error, error.__traceback__.tb_next if error.__traceback__ else None)
        code = 1
    threads = sys.modules.get("threading")
    try:
        if threads is not None:
            threads._shutdown()
        import atexit

        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BaseException:
        code = code or 120
    os._exit(code)


def run(job, output, started):
    """Runs a job to its end: what Port.end takes. Nothing of it lives afterwards."""
    group = Group(job)
    filters = [Filter(program) for program in job.filters]
    inputs, outputs, errors = os.pipe(), os.pipe(), os.pipe()
    started()
    child = os.fork()
    if child == 0:
        try:
            become(job, group, (inputs[0], outputs[1], errors[1]), filters)
        except BaseException as error:
            os.write(2, b"the agent could not start the program: %s\n" % repr(error).encode())
        os._exit(127)
    for descriptor in (inputs[0], outputs[1], errors[1]):
        os.close(descriptor)
    os.set_blocking(inputs[1], False)
    ended = os.pidfd_open(child)
    stdin, streams = job.stdin, {outputs[0]: 1, errors[0]: 2}
    poll = select.poll()
    for descriptor in (outputs[0], errors[0], ended):
        poll.register(descriptor, select.POLLIN)
    poll.register(inputs[1], select.POLLOUT)
    is_over = False
    while not is_over:
        for descriptor, _ in poll.poll():
            if descriptor == ended:
                is_over = True
            elif descriptor == inputs[1]:
                try:
                    stdin = stdin[os.write(descriptor, stdin[:PIECE]) :] if stdin else b""
                except BlockingIOError:
                    continue
                except OSError:
                    stdin = b""
                if not stdin:
                    poll.unregister(descriptor)
                    os.close(descriptor)
                    inputs = None, None
            else:
                piece = os.read(descriptor, PIECE)
                if piece:
                    output(streams[descriptor], piece)
                else:
                    poll.unregister(descriptor)
    _, status, usage = os.wait4(child, 0)
    # What was left running ends, and what it wrote before is taken.
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    until = time.monotonic() + 0.05
    for descriptor, stream in streams.items():
        while select.select([descriptor], [], [], max(0, until - time.monotonic()))[0]:
            piece = os.read(descriptor, PIECE)
            if not piece:
                break
            output(stream, piece)
    for descriptor in (*streams, ended, inputs[1]):
        if descriptor is not None:
            os.close(descriptor)
    kills, peak = group.close()
    used = int((usage.ru_utime + usage.ru_stime) * 1e6)
    if os.WIFSIGNALED(status):
        return 1, os.WTERMSIG(status), 0, kills, used, peak
    return 0, os.WEXITSTATUS(status), 0, kills, used, peak


def rehearse():
    """Goes the way of a job once, so that it is known when one comes."""
    source = b"import json, re\nprint(json.dumps({'a': 1}), re.sub('a', 'b', 'aa'))"
    run(Job(PYTHON, source), lambda stream, data: None, lambda: None)


def main():
    port = Port(OWN + "/vport0p1") if os.path.exists(OWN + "/vport0p1") else VsockPort.open()
    with open(OWN + "/groups/cgroup.subtree_control", "w") as file:
        file.write("+memory +pids")
    # What programs import most is there already.
    for module in ("json re math datetime collections itertools functools hashlib base64 decimal statistics string io csv "
                   "textwrap uuid threading subprocess").split():
        try:
            __import__(module)
        except ImportError:
            pass
    gc.collect()
    gc.freeze()
    for _ in range(3):
        rehearse()
    while True:
        magic = port.greet()
        if magic == b"YVJ1":
            break
        if magic != b"YVW1":
            raise SystemExit("no job")
        rehearse()
    job = Job.read(port)
    job.place()
    port.end(run(job, port.output, lambda: port.send(b"S")))
    while True:
        time.sleep(3600)


main()
