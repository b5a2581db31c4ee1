# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Sizes, headers, names and words of source files."""

import os
import re

MOST_LINES = 500
# Data tables and generated code.
SIZE_EXCEPTIONS = ("Sources/Addresses/Registry/", "Sources/Protobufs/", "Tests/MeshPlaneTests/Generated/")

HEADER = ("SPDX-License-Identifier: Apache-2.0", "Copyright 2026 The Yett Authors")

VAGUE = "Util(?:s|ity|ities)?|Helpers?|Managers?|Common(?!Name)|Misc"
VAGUE_PATH = re.compile(rf"(?:^|(?<=[^A-Z])|_)(?:{VAGUE})(?=[A-Z0-9_+.]|$)")
VAGUE_TYPE = re.compile(rf"\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w*?(?:{VAGUE})(?=[A-Z0-9_]|\b)\w*)")

# Spelled in halves, so that a search for the words does not find this table.
UNFINISHED = re.compile(
    r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b|\b(?i:not yet imple" r"mented|un" r"implemented|for n" r"ow|place" r"holder)\b"
)
SKIPPED = re.compile(r"XCT" r"Skip|\.dis" r"abled\(|withKnown" r"Issue")
CRASH = re.compile(r"\btry!|\bas! |\bfatalError\(|\bpreconditionFailure\(|\bunsafelyUnwrapped\b")
LOOSE_TASK = re.compile(r"(?<![\w.])Task(?:\.detached|\.immediate)?(?:<[^>]*>)?\s*(?:\(|\{)")
FAULTY_PROCESS = re.compile(r"(?<!\w)Process\(\)")
EXPECTATION = re.compile(r"#expect|#require|confirmation\(|Issue\.record\(")

# Path: why a task without a parent is right there.
TASK_EXCEPTIONS = {
    "Sources/ServicePlane/BuiltIn/ServiceExchange+BuiltIn.swift": "a run is cut by cancelling it, and an event loop cannot",
    "Sources/yett/Client/Blocking.swift": "a command that must keep its thread waits for one answer of the gate",
    "Sources/ServicePlane/Credentials/TokenSource.swift": "a fetch is begun on an event loop and outlives its request: "
    "others wait for the same token; bounded in time and number",
    "Sources/Gateway/Access/IssuerKeys.swift": "a fetch is begun on an event loop and outlives its request: others wait for "
    "the same keys; one at a time for each issuer",
    "Sources/MCPBridge/ClientSide.swift": "a request that its client may cancel, in the client's process; at most 256",
    "Sources/MCPBridge/GateListener.swift": "a connection of the gate, in the client's process",
    "Sources/MCPBridge/Pipes.swift": "a thread that reads a pipe waits until its line was taken",
    "Sources/MCPBridge/StdioBridge.swift": "the end of a launched server, while the main thread waits for it",
}
# Path: why stopping the process is right there.
CRASH_EXCEPTIONS = {
    "Sources/Protobufs/Generated/envoy_accesslog.pb.swift": "generated: a case that was just matched",
    "Sources/Protobufs/Generated/envoy_processing.pb.swift": "generated: a case that was just matched",
    "Sources/Protobufs/Generated/envoy_tls.pb.swift": "generated: a tag that the runtime has just found",
    "Sources/Protobufs/Generated/etcd_rpc.pb.swift": "generated: a case that was just matched",
}


def code_of(line):
    """The line without its comment and without what stands in string literals."""
    return re.sub(r"//.*", "", re.sub(r'"(?:\\.|[^"\\])*"', '""', line))


def is_source(path, lines):
    suffix = os.path.splitext(path)[1]
    return suffix in {".swift", ".c", ".h", ".py", ".sh"} or bool(lines and lines[0].startswith("#!"))


def check_size(path, lines):
    if len(lines) > MOST_LINES and not path.startswith(SIZE_EXCEPTIONS):
        yield f"{path}: {len(lines)} lines; the most is {MOST_LINES}: one concept a file"


def check_header(path, lines):
    rest = list(lines)
    if rest and rest[0].startswith(("#!", "// swift-tools-version")):
        rest = rest[1:]
    found = tuple(re.sub(r"^(?://|#|/\*|;)\s*", "", line).strip() for line in rest[:2])
    if found != HEADER:
        yield f"{path}: the first two lines must be '{HEADER[0]}' and '{HEADER[1]}'"


def check_names(path, lines):
    for part in path.split("/"):
        if match := VAGUE_PATH.search(part):
            yield f"{path}: '{match.group(0)}' says nothing: name the concept"
    if path.endswith(".swift"):
        for number, line in enumerate(lines, 1):
            if match := VAGUE_TYPE.search(code_of(line)):
                yield f"{path}:{number}: type name '{match.group(1)}' says nothing: name the concept"


def check_words(path, lines):
    for number, line in enumerate(lines, 1):
        if match := UNFINISHED.search(line) or SKIPPED.search(line):
            yield f"{path}:{number}: '{match.group(0)}': finish it, or say what holds today"


def check_calls(path, lines):
    """Only below Sources/."""
    for number, line in enumerate(lines, 1):
        code = code_of(line)
        if (match := CRASH.search(code)) and path not in CRASH_EXCEPTIONS:
            yield f"{path}:{number}: '{match.group(0).strip()}' may stop the process: deny or throw instead"
        if (match := LOOSE_TASK.search(code)) and path not in TASK_EXCEPTIONS:
            yield f"{path}:{number}: a loose task: use an event loop, a task group or a Service"


def check_expectations(path, lines):
    """Only below Tests/: a test that expects nothing passes always."""
    text = "\n".join(lines)
    if "@Test" in text and not EXPECTATION.search(text):
        yield f"{path}: tests without an expectation"


def check_processes(path, lines):
    for number, line in enumerate(lines, 1):
        if FAULTY_PROCESS.search(code_of(line)):
            yield f"{path}:{number}: Foundation's Process can end the program; use ChildProcess of ProcessSupport"


def check_machine(path, lines, machine_paths):
    for number, line in enumerate(lines, 1):
        for machine_path in machine_paths:
            if machine_path in line:
                yield f"{path}:{number}: a path of one machine: {machine_path}"
