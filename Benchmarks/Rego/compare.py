# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""Compares `yett policy bench` with rego-cpp on the corpus's authorization policies, alternating within each round.

    compare.py YETT PYTHON CORPUS [ROUNDS] [SECONDS] [NAME]...

YETT is a release build, PYTHON an interpreter with `regopy`, CORPUS the file `authz-scenarios.json`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

# How many times faster than rego-cpp's prepared bundle a decision has to be.
GOALS = {"rbac10": 125, "rbacdata": 110, "toolcall": 80, "egress_index": 450, "rules200": 800, "jwt_hs256": 35}
HERE = os.path.dirname(os.path.abspath(__file__))


class Peer:
    """rego-cpp in a process of its own."""

    def __init__(self, python):
        self.process = subprocess.Popen(
            [python, os.path.join(HERE, "rego_cpp.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, case, seconds):
        request = {
            "module": case["modules"][0], "data": json.dumps(case["data"]) if case.get("data") else "",
            "input": case["input"], "entrypoint": "authz/allow", "seconds": seconds,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench-rego: rego-cpp ended; run rego_cpp.py by hand to see why")
        answer = json.loads(line)
        check(case, "rego-cpp", answer["result"]["expressions"][0] if "expressions" in answer["result"] else None)
        return answer["ns"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Yett:
    """The product's own command."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def measure(self, case, seconds):
        files = self.files(case)
        output = subprocess.run(
            [self.program, "policy", "bench", "data.authz.allow", "--format", "json", "--duration",
             f"{int(seconds * 1000)}ms", *files],
            check=True, capture_output=True, text=True).stdout
        bench = json.loads(output)
        return median(bench), median(bench["FromText"])

    def check(self, case):
        output = subprocess.run(
            [self.program, "policy", "eval", "data.authz.allow", "--format", "json", *self.files(case)],
            check=True, capture_output=True, text=True).stdout
        check(case, "yett", json.loads(output)["result"][0]["expressions"][0]["value"])

    def files(self, case):
        stem = os.path.join(self.folder, case["id"].replace("/", "-"))
        parts = {".rego": case["modules"][0], ".input.json": json.dumps(case["input"])}
        if case.get("data"):
            parts[".data.json"] = json.dumps(case["data"])
        for ending, text in parts.items():
            with open(stem + ending, "w", encoding="utf-8") as file:
                file.write(text)
        options = ["--data", stem + ".rego", "--input", stem + ".input.json"]
        return options + (["--data", stem + ".data.json"] if case.get("data") else [])


def median(bench):
    return bench["Extra"]["histogram_timer_rego_query_eval_ns_median"]


def check(case, who, value):
    wanted = case["want_result"][0]["x"]
    if value != wanted:
        sys.exit(f"bench-rego: {case['note']}: {who} says {value}, not {wanted}")


def main(program, python, corpus, rounds, seconds, names):
    with open(corpus, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    if names:
        cases = [case for case in cases if any(name in case["note"] for name in names)]
    width = 24
    print("median ns of one decision; the ratio is rego-cpp's prepared bundle to ours, the median over the rounds")
    print(f"{'policy':<{width}}{'prepared':>10}{'from text':>11}{'rego-cpp':>11}{'ratio':>9}{'goal':>7}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="bench-rego-") as folder:
        own, peer = Yett(program, folder), Peer(python)
        for case in cases:
            own.check(case)
            rows = [(*own.measure(case, seconds), peer.measure(case, seconds)) for _ in range(rounds)]
            prepared, text, other = (statistics.median(column) for column in zip(*rows))
            ratio = statistics.median(row[2] / row[0] for row in rows)
            _, policy, number = case["note"].split("/")
            goal = GOALS.get(policy)
            missed += goal is not None and ratio < goal
            name = f"{policy} {'deny' if int(number) else 'allow'}"
            print(f"{name:<{width}}{prepared:>10.0f}{text:>11.0f}{other:>11.0f}{ratio:>9.0f}"
                  f"{goal or '-':>7}{'' if not goal or ratio >= goal else '  short'}", flush=True)
        peer.close()
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(
        *sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else 5,
        float(sys.argv[5]) if len(sys.argv) > 5 else 0.25, sys.argv[6:]))
