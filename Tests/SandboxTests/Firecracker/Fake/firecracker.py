#!/usr/bin/python3 -I
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A Firecracker without a processor: its API by the published OpenAPI file (1.17), strictly, its channel to the guest, and
a guest that runs jobs with the agent's own code. The plan in /fixture says what goes wrong."""

import ctypes
import json
import os
import re
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, "/fixture")
from guest import Guest, PLAN, log

TEXT, NUMBER, BOOL, ANY = str, int, bool, object
LIMITER = {"bandwidth": ANY, "ops": ANY}
# Each body: its fields with their types, and which of them must be there.
BODIES = {
    "PUT /actions": ({"action_type": ("FlushMetrics", "InstanceStart", "SendCtrlAltDel")}, {"action_type"}),
    "PUT /boot-source": (
        {"boot_args": TEXT, "initrd_path": TEXT, "kernel_image_path": TEXT}, {"kernel_image_path"}),
    "PUT /drives/": (
        {"drive_id": TEXT, "partuuid": TEXT, "is_root_device": BOOL, "cache_type": ("Unsafe", "Writeback"),
         "is_read_only": BOOL, "path_on_host": TEXT, "rate_limiter": LIMITER, "io_engine": ("Sync", "Async"),
         "socket": TEXT}, {"drive_id", "is_root_device"}),
    "PUT /entropy": ({"rate_limiter": LIMITER}, set()),
    "PUT /logger": (
        {"level": TEXT, "log_path": TEXT, "show_level": BOOL, "show_log_origin": BOOL, "module": TEXT}, set()),
    "PUT /machine-config": (
        {"cpu_template": TEXT, "smt": BOOL, "mem_size_mib": NUMBER, "track_dirty_pages": BOOL, "vcpu_count": NUMBER,
         "huge_pages": ("None", "Transparent", "2M")}, {"mem_size_mib", "vcpu_count"}),
    "PUT /metrics": ({"metrics_path": TEXT}, {"metrics_path"}),
    "PUT /mmds/config": (
        {"version": ("V1", "V2"), "network_interfaces": ANY, "ipv4_address": TEXT, "imds_compat": BOOL},
        {"network_interfaces"}),
    "PUT /network-interfaces/": (
        {"guest_mac": TEXT, "host_dev_name": TEXT, "iface_id": TEXT, "mtu": NUMBER, "rx_rate_limiter": LIMITER,
         "tx_rate_limiter": LIMITER}, {"host_dev_name", "iface_id"}),
    "PUT /snapshot/create": (
        {"mem_file_path": TEXT, "snapshot_path": TEXT, "snapshot_type": ("Full", "Diff")},
        {"mem_file_path", "snapshot_path"}),
    "PUT /snapshot/load": (
        {"track_dirty_pages": BOOL, "enable_diff_snapshots": BOOL, "mem_file_path": TEXT,
         "mem_backend": {"backend_type": ("File", "Uffd"), "backend_path": TEXT}, "snapshot_path": TEXT,
         "resume_vm": BOOL, "network_overrides": ANY, "vsock_override": {"uds_path": TEXT}, "clock_realtime": BOOL},
        {"snapshot_path"}),
    "PUT /vsock": ({"guest_cid": NUMBER, "uds_path": TEXT, "vsock_id": TEXT}, {"guest_cid", "uds_path"}),
    "PATCH /vm": ({"state": ("Paused", "Resumed")}, {"state"}),
}
BEFORE_START = {"PUT /boot-source", "PUT /drives/", "PUT /entropy", "PUT /machine-config", "PUT /mmds/config",
                "PUT /network-interfaces/", "PUT /vsock", "PUT /snapshot/load"}
READS = {"GET /", "GET /version", "GET /vm/config", "GET /machine-config"}


class Refused(Exception):
    pass


def check(value, shape, name):
    """Refuses what the API's file does not have."""
    if shape is ANY:
        return
    if isinstance(shape, tuple):
        if not isinstance(value, str) or value not in shape:
            raise Refused(f"unknown variant `{value}`, expected one of {shape}")
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Refused(f"invalid type for `{name}`, expected a map")
        for key, each in value.items():
            if key not in shape:
                raise Refused(f"unknown field `{key}`, expected one of {sorted(shape)}")
            check(each, shape[key], key)
    elif type(value) is not shape:
        raise Refused(f"invalid type for `{name}`, expected {shape.__name__}")


def readable(path):
    try:
        with open(path, "rb") as file:
            return file.read(64)
    except OSError as error:
        raise Refused(f"Cannot open {path}: {error.strerror}")


class Machine:
    """The states, and what may be done in which."""

    def __init__(self):
        self.state, self.has_loaded = "Not started", False
        self.machine = {"vcpu_count": 1, "mem_size_mib": 128, "smt": False, "track_dirty_pages": False}
        self.source = self.vsock = self.entropy = None
        self.drives, self.interfaces = {}, []
        if PLAN.get("has") == "interface":
            self.interfaces.append({"iface_id": "eth0", "host_dev_name": "tap0"})
        self.guest = None

    def call(self, method, path, body):
        name = f"{method} {path}"
        for prefix in ("PUT /drives/", "PUT /network-interfaces/"):
            if name.startswith(prefix) and re.fullmatch(r"[A-Za-z0-9_]+", name[len(prefix) :]):
                item, name = name[len(prefix) :], prefix
        if name in READS:
            if body is not None:
                raise Refused("GET request cannot have a body.")
            return self.read(name)
        if name not in BODIES:
            raise Refused(f"Invalid request method and/or path: {method} {path}.")
        if body is None:
            raise Refused("Empty PUT request.")
        fields, required = BODIES[name]
        check(body, fields, "body")
        for field in required - set(body):
            raise Refused(f"missing field `{field}`")
        if name in BEFORE_START and self.state != "Not started":
            raise Refused("The requested operation is not supported after starting the microVM.")
        if name in ("PUT /drives/", "PUT /network-interfaces/"):
            if item != body.get("drive_id", body.get("iface_id")):
                raise Refused("The id from the path does not match the id from the body!")
        getattr(self, re.sub("[^a-z]+", "_", name.lower()).strip("_"))(body)

    def read(self, name):
        if name == "GET /version":
            return {"firecracker_version": PLAN.get("version", "1.17.0-dev")}
        if name == "GET /":
            state = PLAN.get("states", {}).get(self.state, self.state)
            return {"app_name": "Firecracker", "id": "fake", "state": state, "vmm_version": "1.17.0-dev"}
        if name == "GET /machine-config":
            return self.machine
        drives = list(self.drives.values())
        if PLAN.get("has") == "writable disk":
            drives = [drive | {"is_read_only": False} for drive in drives]
        return {
            "balloon": None, "drives": drives, "boot-source": self.source, "cpu-config": None, "logger": None,
            "machine-config": self.machine, "metrics": None, "mmds-config": {} if PLAN.get("has") == "mmds" else None,
            "network-interfaces": self.interfaces, "vsock": self.vsock, "entropy": self.entropy, "pmem": [],
            "memory-hotplug": None}

    def put_machine_config(self, body):
        if not 1 <= body["vcpu_count"] <= 32 or body["mem_size_mib"] < 1:
            raise Refused("The vCPU number or the memory size is invalid.")
        self.machine = {"smt": False, "track_dirty_pages": False} | body

    def put_boot_source(self, body):
        readable(body["kernel_image_path"])
        if "initrd_path" in body:
            readable(body["initrd_path"])
        self.source = body

    def put_drives(self, body):
        if "socket" in body or "is_read_only" not in body or "path_on_host" not in body:
            raise Refused("Unable to create the block device.")
        readable(body["path_on_host"])
        try:
            os.close(os.open(body["path_on_host"], os.O_RDWR))
            raise Refused("the fake wants a disk that it cannot write to")
        except PermissionError:
            pass
        self.drives[body["drive_id"]] = body

    def put_network_interfaces(self, body):
        self.interfaces.append(body)

    def put_mmds_config(self, body):
        raise Refused("The list of network interface IDs is empty.")

    def put_vsock(self, body):
        if body["guest_cid"] < 3:
            raise Refused("invalid guest_cid")
        self.vsock = body

    def put_entropy(self, body):
        self.entropy = {"rate_limiter": None}

    def put_logger(self, body):
        pass

    put_metrics = put_logger

    def put_actions(self, body):
        if body["action_type"] != "InstanceStart":
            raise Refused("The fake does only InstanceStart.")
        if self.state != "Not started":
            raise Refused("The requested operation is not supported after starting the microVM.")
        if self.source is None:
            raise Refused("Cannot start microvm without kernel configuration.")
        self.state = "Running"
        self.guest = Guest(self.vsock, is_copy=False)

    def patch_vm(self, body):
        if self.state == "Not started":
            raise Refused("The requested operation is not supported before starting the microVM.")
        self.state = "Paused" if body["state"] == "Paused" else "Running"

    def put_snapshot_create(self, body):
        if self.state != "Paused":
            raise Refused("The microVM must be paused before a snapshot of it is made.")
        # Every connection of the guest's ends with it.
        self.guest.reset()
        saved = {"machine": self.machine, "drives": self.drives, "vsock": self.vsock, "entropy": self.entropy}
        try:
            with open(body["snapshot_path"], "x") as file:
                json.dump(saved, file)
            with open(body["mem_file_path"], "xb") as file:
                file.write(b"memory of a machine")
                file.truncate(self.machine["mem_size_mib"] << 20)
        except OSError as error:
            raise Refused(f"Cannot write the snapshot: {error.strerror}")
        what = PLAN.get("saves")
        if what == "a link":
            os.unlink(body["mem_file_path"])
            os.symlink("/fixture/plan.json", body["mem_file_path"])
        elif what == "less":
            os.truncate(body["mem_file_path"], 4096)
        elif what == "nothing":
            os.unlink(body["snapshot_path"])
        elif what == "a pipe":
            os.unlink(body["snapshot_path"])
            os.mkfifo(body["snapshot_path"])

    def put_snapshot_load(self, body):
        if self.source or self.drives or self.vsock or self.entropy or self.has_loaded:
            raise Refused("Loading a microVM snapshot not allowed after configuring boot-specific resources.")
        backend = body.get("mem_backend")
        if (backend is None) == ("mem_file_path" not in body):
            raise Refused("Either mem_backend or mem_file_path must be there.")
        self.has_loaded = True
        memory = backend["backend_path"] if backend else body["mem_file_path"]
        try:
            saved = json.loads(open(body["snapshot_path"]).read())
            if readable(memory)[:19] != b"memory of a machine" or os.stat(memory).st_size != (
                saved["machine"]["mem_size_mib"] << 20):
                raise Refused("the memory is not the state's")
            for drive in saved["drives"].values():
                readable(drive["path_on_host"])
        except (OSError, ValueError, Refused) as error:
            # The real one ends then.
            threading.Timer(0.2, os._exit, (148,)).start()
            raise Refused(f"Load snapshot error: {error}")
        self.machine, self.drives, self.vsock = saved["machine"], saved["drives"], saved["vsock"]
        self.entropy = saved["entropy"]
        self.state = "Running" if body.get("resume_vm") else "Paused"
        self.guest = Guest(self.vsock, is_copy=True)


# MARK: HTTP


def answer(status, body=None):
    head = f"HTTP/1.1 {status} \r\nServer: Firecracker API\r\nConnection: keep-alive\r\n"
    if body is None:
        return head.encode() + b"\r\n"
    data = json.dumps(body).encode()
    return (head + f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n").encode() + data


def misbehave(fault, connection, good):
    """Does something else than answering; whether the connection stays."""
    whole = b"HTTP/1.1 200 \r\nContent-Length: 100\r\n\r\n"
    replies = {
        "refuse": answer(400, {"fault_message": "the plan says\n no\x1b[31m"}),
        "error": answer(500, {"fault_message": "the plan says no"}),
        "wrong reason": answer(400, {"fault_message": 7}),
        "redirect": answer(302, {}), "continue": b"HTTP/1.1 100 \r\n\r\n" * 4,
        "other success": answer(204 if good.startswith(b"HTTP/1.1 200") else 200, {} if b" 204 " in good else None),
        "garbage": os.urandom(512), "text": b"no\r\n\r\n", "no json": answer(200, None)[:-2] + b"Content-Length: 4\r\n\r\n{\"a\"",
        "old": good.replace(b"HTTP/1.1", b"HTTP/0.9"), "twice": good + good, "half": good[: len(good) // 2],
        "half body": whole + b"{}", "chunked": b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "two lengths": b"HTTP/1.1 200 \r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "no length": b"HTTP/1.1 200 \r\n\r\n{}", "huge length": b"HTTP/1.1 200 \r\nContent-Length: 10000000000\r\n\r\n",
        "negative length": b"HTTP/1.1 200 \r\nContent-Length: -1\r\n\r\n", "close": b"",
        "deep": b"HTTP/1.1 200 \r\nContent-Length: 60000\r\n\r\n" + b"[" * 60000}
    if fault == "die":
        os._exit(9)
    if fault == "slow":
        time.sleep(3600)
    if fault == "drip":
        while True:
            connection.sendall(b"H")
            time.sleep(0.05)
    if fault == "endless head":
        connection.sendall(b"HTTP/1.1 200 \r\n")
        while True:
            connection.sendall(b"X: y\r\n" * 1000)
    if fault == "endless line":
        while True:
            connection.sendall(b"HTTP/1.1 200 " + b"a" * 65536)
    connection.sendall(replies[fault])
    return fault not in ("close", "half", "half body", "no length")


def serve(machine, connection):
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        head, data = data.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        method, path, version = lines[0].split(" ")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        length = int(fields.get("content-length", "0"))
        while len(data) < length:
            data += connection.recv(65536)
        text, data = data[:length], data[length:]
        body = None
        try:
            if version != "HTTP/1.1" or (length > 0 and fields.get("content-type") != "application/json"):
                raise Refused("the request is malformed")
            if length > 51200:
                raise Refused("the request's body is too large")
            body = json.loads(text) if length > 0 else None
            result = machine.call(method, path, body)
            good = answer(200, result) if method == "GET" else answer(204)
        except (Refused, ValueError) as error:
            good = answer(400, {"fault_message": str(error)})
        log(call=f"{method} {path}", body=body, status=int(good[9:12]))
        fault = PLAN.get("faults", {}).get(f"{method} {path}")
        if isinstance(fault, list):
            fault = fault.pop(0) if fault else None
        if fault is None:
            connection.sendall(good)
        elif not misbehave(fault, connection, good):
            return connection.close()


def filter_calls():
    """A filter that allows everything: there is one, which is what the host looks for."""
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    program = Program(1, struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000))
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.addressof(program), 0, 0) != 0:
        os._exit(2)


def main():
    words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    known = {"--id", "--start-time-us", "--start-time-cpu-us", "--parent-cpu-time-us", "--api-sock"}
    if set(words) - known or "--api-sock" not in words:
        sys.exit(f"unexpected arguments {sys.argv}")
    log(start={"user": os.getuid(), "descriptors": sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self") else [],
               "variables": sorted(os.environ), "process": os.getpid()})
    if PLAN.get("start") == "ends":
        sys.exit("the processor is too old")
    if PLAN.get("start") == "floods":
        while True:
            os.write(2, b"\x1b[2J\0" * 1000)
    if PLAN.get("start") == "hangs":
        time.sleep(3600)
    if PLAN.get("filters", True):
        filter_calls()
    if "control" in PLAN:
        exec(PLAN["control"], {"os": os, "socket": socket, "path": words["--api-sock"]})
        time.sleep(3600)
    front = socket.socket(socket.AF_UNIX)
    front.bind(words["--api-sock"])
    front.listen(16)
    machine = Machine()
    while True:
        connection, _ = front.accept()
        threading.Thread(target=serve, args=(machine, connection), daemon=True).start()


main()
