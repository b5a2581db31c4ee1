#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""Measures what one gate costs with many agents, tasks and revocations: measure.py PROGRAM [COUNT]...

For each number of agents: the time to read the configuration, to start and to reload, memory, and processor time for each
request of one of them; then, once, what tasks and revocations cost. Prints one line of JSON for each number. Everything is on
loopback and in a temporary directory, and ends by itself.
"""

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
TASKS = 2_000
REVOCATIONS = 2_000
TICK = os.sysconf("SC_CLK_TCK")


class Operators(http.client.HTTPConnection):
    """The operators' API on its Unix socket."""

    def __init__(self, path):
        super().__init__("gate", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

    def ask(self, method, target, body=None):
        self.request(method, target, body=None if body is None else json.dumps(body))
        answer = self.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {target}: {answer.status} {text[:300]!r}")
        return json.loads(text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(count, place, upstream, port):
    """A configuration with one agent that asks and `count - 1` others with two grants each."""
    lines = ["trust_domain: scale.test", "agents:"]
    for index in range(count - 1):
        lines += [
            f"  agent-{index}:",
            "    attest: [{launch: true}]",
            "    role: worker",
            "    grants:",
            f"      - {{name: api, hosts: [api-{index % 500}.scale.test], ports: [443]}}",
            "      - {name: t, service: t, methods: [GET], paths: [/team]}",
        ]
    lines += [
        "  bot:",
        f"    attest: [{{token: {{value: \"file:{place}/token\"}}}}]",
        "    grants: [{name: t, service: t, methods: [GET, POST], paths: [/]}]",
        f"services: {{t: {{host: t.test, port: {upstream}}}}}",
        f"service_proxy: {{listeners: [{{address: \"127.0.0.1:{port}\", identify: [token]}}]}}",
        "egress:",
        "  resolver: {hosts: {t.test: [127.0.0.1]}}",
        f"  exceptions: [{{host: t.test, port: {upstream}, cidr: 127.0.0.1/32}}]",
        f"audit: {{directory: {place}/audit}}",
        f"admin: {{socket: {place}/admin.sock}}",
        "identity: {source: embedded}",
        "watch: {mode: observe}",
        "limits: {workers: 1, shutdown_grace: 1s}",
    ]
    return "\n".join(lines) + "\n"


def memory(pid, name="VmRSS"):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":")) * 1024


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        parts = stat.read().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / TICK


def wait_ready(gate, path):
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if gate.poll() is not None:
            raise RuntimeError(f"the gate ended with {gate.returncode}")
        try:
            if Operators(path).ask("GET", "/v1/status")["listeners"]:
                return
        except (OSError, RuntimeError, http.client.HTTPException):
            time.sleep(0.02)
    raise RuntimeError("the gate did not come up")


def load(pid, port):
    """Microseconds of the gate's processor time for each request; the median of the rounds."""
    costs = []
    for _ in range(ROUNDS):
        before = cpu(pid)
        text = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-H", "Authorization: Bearer scale-token-1234567890",
             f"http://127.0.0.1:{port}/s/t/a?id=42"], check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in text:
            raise RuntimeError(text)
        requests = next(int(line.split()[0]) for line in text.splitlines() if "requests in" in line)
        costs.append((cpu(pid) - before) * 1e6 / requests)
    return sorted(costs)[len(costs) // 2]


def timed(action):
    started = time.monotonic()
    result = action()
    return time.monotonic() - started, result


def many(operators, pid, count, order):
    """Seconds for each of many orders, and bytes of memory for each."""
    before = memory(pid)
    seconds, _ = timed(lambda: [operators.ask("POST", *order(index)) for index in range(count)])
    return seconds / count, (memory(pid) - before) / count


def measure(program, count, place, upstream):
    port = free_port()
    path = os.path.join(place, "yett.yaml")
    text = configuration(count, place, upstream, port)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    row = {"agents": count, "configuration_bytes": len(text)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "check", path], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    row["check_cpu_seconds"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with open(os.path.join(place, "log"), "wb") as log:
        gate = subprocess.Popen([program, "run", "--config", path], stderr=log, stdout=log)
    try:
        socket_path = os.path.join(place, "admin.sock")
        row["start_seconds"], _ = timed(lambda: wait_ready(gate, socket_path))
        row["memory_bytes"] = memory(gate.pid)
        operators = Operators(socket_path)
        row["request_cpu_microseconds"] = load(gate.pid, port)
        before = cpu(gate.pid)
        row["reload_seconds"], report = timed(lambda: operators.ask("POST", "/v1/reload"))
        if not report["is_accepted"]:
            raise RuntimeError(f"the reload was refused: {report['diagnostics']}")
        row["reload_cpu_seconds"] = cpu(gate.pid) - before
        row["peak_memory_bytes"] = memory(gate.pid, "VmHWM")
        row["task_seconds"], row["task_bytes"] = many(
            operators, gate.pid, TASKS,
            lambda index: ("/v1/tasks", {"agent": "bot", "purpose": f"ticket {index}", "grants": [{"name": "t"}]}))
        row["revocation_seconds"], row["revocation_bytes"] = many(
            operators, gate.pid, REVOCATIONS,
            lambda index: ("/v1/revocations", {"token": f"{index:032x}", "why": "measured"}))
        row["request_cpu_microseconds_with_both"] = load(gate.pid, port)
    finally:
        gate.send_signal(signal.SIGTERM)
        gate.wait(30)
    return row


def main():
    program = os.path.abspath(sys.argv[1])
    counts = [int(text) for text in sys.argv[2:]] or [10, 1_000, 10_000, 20_000]
    with tempfile.TemporaryDirectory(prefix="yett-scale-") as base:
        upstream = free_port()
        nginx = os.path.join(base, "nginx.conf")
        with open(nginx, "w", encoding="ascii") as file:
            file.write(
                f"daemon off; worker_processes 1; pid {base}/nginx.pid; error_log {base}/nginx.log;\n"
                "events { worker_connections 1024; }\n"
                f"http {{ access_log off; keepalive_requests 1000000000; server {{ listen 127.0.0.1:{upstream};"
                ' location / { return 200 "hello"; } } }\n')
        server = subprocess.Popen(["nginx", "-c", nginx], stderr=subprocess.DEVNULL)
        try:
            for count in counts:
                place = os.path.join(base, str(count))
                os.mkdir(place, 0o700)
                descriptor = os.open(os.path.join(place, "token"), os.O_WRONLY | os.O_CREAT, 0o600)
                with os.fdopen(descriptor, "w") as file:
                    file.write("scale-token-1234567890")
                print(json.dumps(measure(program, count, place, upstream)), flush=True)
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
