# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Shows that each check can fail, and that what is right passes."""

from . import documents, layers, sources

HEADER = ["// " + line for line in sources.HEADER]


def target(name, *dependencies, kind="regular", path=None):
    listed = [{"byName": [entry, None]} for entry in dependencies]
    return {"name": name, "type": kind, "dependencies": listed, "path": path}


PACKAGE = {
    "targets": [
        target("Gateway", "EgressPlane", "AdminPlane", "Decision"),
        target("EgressPlane", "Transport", "Decision"),
        target("AdminPlane", "Transport"),
        target("Transport", "Storage", "Decision"),
        target("Storage", "AuditTree"),
        target("AuditTree"),
        target("Decision", "Addresses"),
        target("Addresses"),
        target("YettConfiguration", "Decision", path="Sources/Configuration"),
        target("DecisionTests", "EgressPlane", kind="test"),
    ]
}
PROGRAM = documents.Command({
    "subcommands": [
        {"commandName": "run", "arguments": [{"kind": "option", "names": [{"kind": "long", "name": "config"}]}]},
        {"commandName": "audit", "subcommands": [{"commandName": "tail", "arguments": []}]},
    ]
})
TARGETS = documents.make_targets(["run: release ## Run", "FLAGS := x", "bench-peers:"])


def package_with(*targets):
    return {"targets": PACKAGE["targets"] + list(targets)}


def console(command):
    return ["```console", "$ " + command, "output of it", "```"]


# Name of the case, the faults found, whether there must be one.
def cases():
    imports = layers.check_imports
    yield "a sound package", layers.check_package(PACKAGE), False
    yield "an unknown module", layers.check_package(package_with(target("Stray"))), True
    yield "an upward dependency", layers.check_package(package_with(target("Cluster", "EgressPlane"))), True
    yield "a plane on a plane", layers.check_package(package_with(target("MeshPlane", "EgressPlane"))), True
    yield "an adapter on an adapter", layers.check_package(package_with(target("Cluster", "Storage"))), True
    yield "a sound import", imports("Sources/Decision/A.swift", ["public import Addresses"], PACKAGE), False
    yield "an upward import", imports("Sources/Decision/A.swift", ["import Transport"], PACKAGE), True
    yield "an import of a plane", imports("Sources/AdminPlane/A.swift", ["import EgressPlane"], PACKAGE), True
    yield "an undeclared import", imports("Sources/AdminPlane/A.swift", ["internal import Storage"], PACKAGE), True
    yield "an import above it all", imports("Sources/EgressPlane/A.swift", ["import Gateway"], PACKAGE), True
    yield "a socket in core", imports("Sources/Decision/A.swift", ["internal import NIOCore"], PACKAGE), True
    yield "a hidden one", imports("Sources/Decision/A.swift", ["@preconcurrency import Glibc"], PACKAGE), True
    yield "one of its parts", imports("Sources/Decision/A.swift", ["import func Glibc.open"], PACKAGE), True
    yield "Foundation in core", imports("Sources/Addresses/A.swift", ["import Foundation"], PACKAGE), True
    yield "core's one library", imports("Sources/AuditTree/A.swift", ["internal import Crypto"], PACKAGE), False
    yield "a target in another folder", imports("Sources/Configuration/A.swift", ["import Yams"], PACKAGE), False
    yield "an upward import there", imports("Sources/Configuration/A.swift", ["import Storage"], PACKAGE), True
    yield "a folder that is no target", imports("Sources/Rego/A.swift", [], PACKAGE), True

    yield "500 lines", sources.check_size("Sources/A/A.swift", ["x"] * 500), False
    yield "501 lines", sources.check_size("Sources/A/A.swift", ["x"] * 501), True
    yield "a data table", sources.check_size("Sources/Addresses/Registry/T.swift", ["x"] * 900), False
    yield "a header", sources.check_header("A.swift", HEADER), False
    yield "a header after a shebang", sources.check_header("a", ["#!/bin/sh"] + ["# " + line for line in sources.HEADER]), False
    yield "no header", sources.check_header("A.swift", ["import X"]), True
    yield "a header too late", sources.check_header("A.swift", ["", *HEADER]), True

    yield "a name of an RFC", sources.check_names("Sources/A/CommonName.swift", ["struct Utilization {}"]), False
    yield "a better name", sources.check_names("Sources/A/Subject.swift", ["struct Utilization {}"]), False
    yield "a vague file", sources.check_names("Sources/A/String+Utils.swift", []), True
    yield "a vague folder", sources.check_names("Sources/Helpers/A.swift", []), True
    yield "a vague type", sources.check_names("Sources/A/A.swift", ["final class ConnectionManager {"]), True
    yield "a comment about one", sources.check_names("Sources/A/A.swift", ["// struct ConnectionManager"]), False

    yield "a word for later", sources.check_words("a.c", ["// TO" "DO: later"]), True
    yield "an excuse", sources.check_words("a.c", ["// good enough for n" "ow"]), True
    yield "a skipped test", sources.check_words("T.swift", ["@Test(.dis" "abled())"]), True
    yield "plain words", sources.check_words("a.c", ["// to do it right, fix it"]), False

    yield "a forced try", sources.check_calls("Sources/A/A.swift", ["let a = try! b()"]), True
    yield "a forced cast", sources.check_calls("Sources/A/A.swift", ["let a = b as! C"]), True
    yield "a stop", sources.check_calls("Sources/A/A.swift", ["default: fatalError()"]), True
    yield "a loose task", sources.check_calls("Sources/A/A.swift", ["Task { await a() }"]), True
    yield "a detached task", sources.check_calls("Sources/A/A.swift", ["Task.detached {"]), True
    yield "a task with a priority", sources.check_calls("Sources/A/A.swift", ["let t = Task(priority: .high) {"]), True
    yield "talk of tasks", sources.check_calls("Sources/A/A.swift", ['// Task { }', 'print("Task { try! }")']), False
    yield "a task group", sources.check_calls("Sources/A/A.swift", ["await withTaskGroup { try await Task.sleep(for: a) }"]), False

    yield "an empty test", sources.check_expectations("Tests/A.swift", ["@Test func a() {}"]), True
    yield "a test", sources.check_expectations("Tests/A.swift", ["@Test func a() { #expect(b) }"]), False
    yield "Foundation's Process", sources.check_processes("Tests/A.swift", ["let a = Process()"]), True
    yield "another", sources.check_processes("Tests/A.swift", ["let a = ChildProcess()"]), False
    yield "a machine's path", sources.check_machine("a.md", ["see /elsewhere/mine/x"], ["/elsewhere/mine"]), True

    check = documents.check_commands
    yield "a target that exists", check("a.md", console("make run"), TARGETS, PROGRAM), False
    yield "a target that does not", check("a.md", console("make rum"), TARGETS, PROGRAM), True
    yield "a variable is no target", check("a.md", console("make FLAGS"), TARGETS, PROGRAM), True
    yield "a command that exists", check("a.md", console("sudo yett audit tail | cat"), TARGETS, PROGRAM), False
    yield "a command that does not", check("a.md", console("yett walk"), TARGETS, PROGRAM), True
    yield "a command of a command", check("a.md", console("yett audit tale"), TARGETS, PROGRAM), True
    yield "an option that does not", check("a.md", console("yett run --confg x"), TARGETS, PROGRAM), True
    yield "what the agent gets", check("a.md", console("yett run --config x -- a --b"), TARGETS, PROGRAM), False
    yield "standard input", check("a.md", console("yett run - --config x"), TARGETS, PROGRAM), False
    yield "after a pipe", check("a.md", console("true && make rum"), TARGETS, PROGRAM), True
    yield "on a second line", check("a.md", ["```sh", "FOO=1 \\", "  make rum", "```"], TARGETS, PROGRAM), True
    yield "output is no command", check("a.md", ["```console", "make rum", "```"], TARGETS, PROGRAM), False
    yield "a link", documents.check_links("docs/a.md", ["[b](b.md#c)"], {"docs/b.md"}.__contains__), False
    yield "a dead link", documents.check_links("docs/a.md", ["[b](../b.md)"], {"docs/b.md"}.__contains__), True
    yield "a long README", documents.check_length("README.md", [""] * 150), True


def run():
    wrong = 0
    count = 0
    for name, found, expected in cases():
        count += 1
        found = list(found)
        if bool(found) != expected:
            wrong += 1
            print(f"self-test: {name}: {'no fault was found' if expected else found}")
    print(f"check-layers: {count} self-tests, {wrong} failed")
    return 1 if wrong else 0
