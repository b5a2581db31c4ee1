# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""The plan of what goes wrong, the log of what was done, and the guest of the fake Firecracker with its channel: it runs jobs
with the agent's own code."""

import json
import os
import select
import socket
import struct
import subprocess
import threading
import time

PLAN = json.load(open("/fixture/plan.json"))
NUMBER_OF_MACHINE = int(os.environ["FAKE_NUMBER"])
if PLAN.get("only", NUMBER_OF_MACHINE) != NUMBER_OF_MACHINE:
    PLAN = {"only": -1}


def log(**entry):
    line = json.dumps({"machine": NUMBER_OF_MACHINE} | entry, sort_keys=True) + "\n"
    file = os.open("/fixture/calls.log", os.O_WRONLY | os.O_APPEND)
    os.write(file, line.encode())
    os.close(file)


class Listener:
    """What the guest's agent takes for its listener."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        self.waiting = []

    def fileno(self):
        return self.reading

    def give(self, connection):
        self.waiting.append(connection)
        os.write(self.writing, b"x")

    def accept(self):
        os.read(self.reading, 1)
        return self.waiting.pop(0), None


class Guest:
    """The channel's end here, and the agent behind it."""

    def __init__(self, vsock, is_copy):
        self.listener, self.connections = Listener(), []
        self.is_copy = is_copy
        if vsock is None:
            return
        path = vsock["uds_path"]
        if "bind" in PLAN:
            exec(PLAN["bind"], {"os": os, "socket": socket, "path": path})
        else:
            front = socket.socket(socket.AF_UNIX)
            front.bind(path)
            front.listen(16)
            threading.Thread(target=self.connect, args=(front,), daemon=True).start()
        threading.Thread(target=self.serve, daemon=True).start()

    def reset(self):
        for each in self.connections:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections = []

    def connect(self, front):
        while True:
            connection, _ = front.accept()
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        line = b""
        while not line.endswith(b"\n"):
            byte = connection.recv(1)
            if not byte or len(line) > 32:
                return connection.close()
            line += byte
        if line != b"CONNECT 1024\n":
            log(guest="refused", line=line.decode("latin1"))
            return connection.close()
        if "vsock" in PLAN:
            return exec(PLAN["vsock"], {"connection": connection, "time": time, "os": os})
        connection.sendall(b"OK 1073741824\n")
        if "hello" in PLAN:
            return exec(PLAN["hello"], {"connection": connection, "time": time, "os": os, "struct": struct})
        self.connections.append(connection.dup())
        self.listener.give(connection)

    def serve(self):
        """The agent's main function, but for what takes a kernel of its own."""
        time.sleep(PLAN.get("boot_seconds", 0))
        agent = {"__name__": "agent"}
        with open("/fixture/agent.py") as file:
            exec(compile(file.read().replace("\nmain()\n", "\n"), "agent", "exec"), agent)
        agent["fcntl"] = Recorder(self, "entropy")
        agent["time"] = Recorder(self, "time")
        port = agent["VsockPort"](self.listener)
        if self.is_copy and PLAN.get("copy") == "deaf":
            # The connection that the saved machine had, of whose end nobody tells it.
            self.stale = socket.socketpair()
            port.descriptor = self.stale[0].fileno()
        while True:
            magic = port.greet()
            if magic == b"YVJ1":
                break
            if magic != b"YVW1":
                log(guest="no job", magic=magic.hex())
                os._exit(1)
            log(guest="rehearsal")
        try:
            job = agent["Job"].read(port)
            log(guest="job", language=job.language, processes=job.processes, memory=job.memory, filters=len(job.filters))
            if PLAN.get("guest") == "fallen":
                exec(compile(job.source, "job", "exec"), {"port": port, "job": job, "os": os, "struct": struct, "time": time})
                time.sleep(3600)
            self.run(job, port)
        except OSError:
            pass
        time.sleep(3600)

    def run(self, job, port):
        os.mkdir("/work")
        for name, data in job.files:
            os.makedirs(os.path.dirname(f"/work/{name}"), exist_ok=True)
            with open(f"/work/{name}", "wb") as file:
                file.write(data)
        with open("/program", "wb") as file:
            file.write(job.source)
        program = ["/usr/bin/python3", "-I", "-u"] if job.language == 1 else ["/usr/bin/sh"]
        port.send(b"S")
        child = subprocess.Popen(
            program + ["/program", *job.arguments], cwd="/work", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={})
        threading.Thread(target=self.feed, args=(child.stdin, job.stdin), daemon=True).start()
        streams = {child.stdout.fileno(): 1, child.stderr.fileno(): 2}
        while streams:
            for descriptor in select.select(list(streams), [], [])[0]:
                piece = os.read(descriptor, 32768)
                if piece:
                    port.output(streams[descriptor], piece)
                else:
                    del streams[descriptor]
        code = child.wait()
        port.end((1, -code, 0, 0, 1000, 1 << 20) if code < 0 else (0, code, 0, 0, 1000, 1 << 20))

    @staticmethod
    def feed(pipe, data):
        try:
            pipe.write(data)
            pipe.close()
        except OSError:
            pass


class Recorder:
    """Stands for a module of the agent's, and notes what the agent tells the kernel."""

    CLOCK_REALTIME = time.CLOCK_REALTIME

    def __init__(self, guest, what):
        self.guest, self.what = guest, what

    def ioctl(self, device, request, *rest):
        log(guest="ioctl", request=request, content=rest[0].hex() if rest else "")

    def clock_settime_ns(self, clock, nanoseconds):
        log(guest="clock", microseconds=nanoseconds // 1000)

    def sleep(self, seconds):
        time.sleep(seconds)
