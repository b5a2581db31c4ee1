# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""Measures rego-cpp (PyPI `regopy`): the median time of one decision from a prepared bundle, in nanoseconds.

Reads requests from standard input, one JSON object a line: {"module", "data", "input", "entrypoint", "seconds"}.
Answers each with {"ns", "result"}. A module is built once; the input is set before each decision.
"""

import json
import statistics
import sys
import time

from regopy import Input, Interpreter

prepared = {}


def prepare(module, data, entrypoint):
    key = (module, data)
    if key not in prepared:
        interpreter = Interpreter()
        if data:
            interpreter.add_data_json(data)
        interpreter.add_module("policy", module)
        prepared[key] = interpreter, interpreter.build(None, [entrypoint])
    return prepared[key]


def answer(request):
    interpreter, bundle = prepare(request["module"], request["data"], request["entrypoint"])
    document = Input(request["input"])

    def decide():
        interpreter.set_input(document)
        return interpreter.query_bundle_entrypoint(bundle, request["entrypoint"])

    result = json.loads(str(decide()))
    batches = []
    end = time.perf_counter_ns() + int(request["seconds"] * 1e9)
    count = 1
    while time.perf_counter_ns() < end or len(batches) < 3:
        start = time.perf_counter_ns()
        for _ in range(count):
            decide()
        elapsed = time.perf_counter_ns() - start
        batches.append(elapsed / count)
        if elapsed < 200_000:
            count *= 2
            batches.clear()
    return {"ns": statistics.median(batches), "result": result}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
