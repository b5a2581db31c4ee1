# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Which module may import which. The tables here are the whole rule; an exception carries its reason."""

import re

# From the top. A module may import the layers named after its own; nothing imports upwards.
LAYERS = {
    "program": ["yett", "yett-jail", "yett-sandbox", "yett-wasm"],
    "composition": ["Gateway", "PolicyTool"],
    "planes": [
        "EgressPlane", "ServicePlane", "PostgresPlane", "SandboxPlane", "MeshPlane", "IdentityPlane", "AdminPlane",
    ],
    "adapters": [
        "Authority", "Transport", "PKI", "Storage", "Cluster", "Telemetry", "Protobufs", "Resolver",
        "GRPCClient", "Launcher", "MCPBridge", "Sandbox", "Outbound", "PolicyBundle", "WorkloadClient", "CAres", "CLauncher", "CLinux",
        "CSandbox", "CSpawn", "CTLS", "CZlib",
    ],
    "core": [
        "Decision", "Rego", "Behavior", "AuditTree", "YettConfiguration", "Protocols", "Identity", "Addresses",
        "SquidImport", "CRE2", "Credentials", "LeakDetection", "Manifests",
    ],
}
MAY_IMPORT = {
    "program": {"composition", "core"},
    "composition": {"planes", "adapters", "core"},
    "planes": {"adapters", "core"},
    "adapters": {"core"},
    "core": {"core"},
}

# (importer, imported): why this one is right although the table above says no.
LAYER_EXCEPTIONS = {
    ("yett", "AdminPlane"): "the commands speak the admin plane's messages",
    ("yett", "Launcher"): "yett exec runs in the caller's process, without the gate's rights",
    ("yett", "MCPBridge"): "yett mcp stdio runs in the client's process, without the gate's rights",
    ("yett", "PolicyBundle"): "yett policy signs bundles",
    ("yett", "PKI"): "yett join is a TLS client on another machine than the gate",
    ("yett", "Sandbox"): "yett sandbox image makes and checks images, whether a gate runs or not",
    ("yett", "Storage"): "yett audit verifies files offline, while no gate runs",
    ("yett", "Telemetry"): "the program chooses where its log goes",
    ("Cluster", "GRPCClient"): "the caller's side of gRPC is written once",
    ("Cluster", "PKI"): "TLS is made in one place",
    ("Cluster", "Protobufs"): "the messages of etcd",
    ("Authority", "Storage"): "how state is kept on disk is written once",
    ("Authority", "CLinux"): "system calls that Swift cannot spell",
    ("Resolver", "CAres"): "its one library",
    ("Outbound", "PKI"): "TLS is made in one place",
    ("PKI", "CTLS"): "what BoringSSL can do and NIOSSL has no names for",
    ("LeakDetection", "CZlib"): "gzip within a body, its one library; computes and does nothing else",
    ("PolicyBundle", "CZlib"): "gzip, its one library",
    ("yett-sandbox", "CSandbox"): "the program is that code and a main function",
    ("CLauncher", "CSpawn"): "starting a process is written once",
    ("CSandbox", "CSpawn"): "starting a process is written once",
    ("Launcher", "CSpawn"): "what must happen between fork and exec cannot be Swift",
    ("Sandbox", "CLauncher"): "the filters of system calls are written once",
    ("Sandbox", "CLinux"): "system calls that Swift cannot spell",
    ("Sandbox", "CSandbox"): "the launcher's messages are written once",
    ("Sandbox", "CSpawn"): "what must happen between fork and exec cannot be Swift",
    ("Launcher", "CLauncher"): "what must happen between fork and exec cannot be Swift",
    ("Launcher", "CLinux"): "system calls that Swift cannot spell",
    ("Transport", "CLinux"): "system calls that Swift cannot spell",
    ("Transport", "PKI"): "a caller may be known by its certificate",
    ("Transport", "Resolver"): "what the data planes share begins with a name",
    ("Transport", "Storage"): "an event loop owns its audit lane",
    ("Transport", "Telemetry"): "an event loop counts and traces what its connections do",
    ("WorkloadClient", "GRPCClient"): "the caller's side of gRPC is written once",
    ("WorkloadClient", "Protobufs"): "the messages of the Workload API",
}

# What core may import from outside: no sockets, no files, no clock.
CORE_MAY_IMPORT = {"Swift", "Synchronization"}
CORE_EXCEPTIONS = {
    ("AuditTree", "Crypto"): "SHA-256 and Ed25519",
    ("Credentials", "Crypto"): "SHA-256 and HMAC",
    ("Identity", "Crypto"): "signatures and hashes",
    ("Identity", "CryptoExtras"): "RSA",
    ("Identity", "FoundationEssentials"): "the dates of certificates, and nothing else",
    ("Identity", "SwiftASN1"): "DER and PEM of certificates",
    ("Identity", "X509"): "certificates",
    ("Rego", "Crypto"): "the crypto.* and io.jwt.* builtins",
    ("Rego", "CryptoExtras"): "RSA in io.jwt.*",
    ("Rego", "SwiftASN1"): "keys and certificates in crypto.*",
    ("Rego", "CYaml"): "the events of YAML, so that nothing is built before it is counted",
    ("Rego", "Yams"): "metadata annotations",
    ("YettConfiguration", "Yams"): "the YAML parser, its one library",
}

IMPORT = re.compile(
    r"^\s*(?:@[A-Za-z_]+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?([A-Za-z_][A-Za-z0-9_]*)"
)


def layer_of(module):
    return next((layer for layer, modules in LAYERS.items() if module in modules), None)


def imports(lines):
    """Line number and module of each import."""
    for number, line in enumerate(lines, 1):
        if match := IMPORT.match(line):
            yield number, match.group(1)


def allowed(importer, imported):
    if (importer, imported) in LAYER_EXCEPTIONS:
        return True
    return layer_of(imported) in MAY_IMPORT[layer_of(importer)]


def check_package(package):
    """Targets of `swift package dump-package` against the tables."""
    own = {target["name"] for target in package["targets"] if target["type"] != "test"}
    for target in package["targets"]:
        name = target["name"]
        if target["type"] == "test" or (target.get("path") or "").startswith("Tests/"):
            continue
        if layer_of(name) is None:
            yield f"Package.swift: target {name} stands in no layer: add it to LAYERS in dev/checks/layers.py"
            continue
        for dependency in declared(target) & own:
            if layer_of(dependency) and not allowed(name, dependency):
                yield refusal("Package.swift", name, dependency)


def declared(target):
    """Names of what a target says that it depends on."""
    return {
        entry[kind][0]
        for entry in target.get("dependencies", [])
        for kind in ("byName", "target", "product")
        if kind in entry
    }


def module_of(path, package):
    """The target whose folder holds the file."""
    for target in package["targets"]:
        folder = target.get("path") or ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]
        if path.startswith(folder + "/"):
            return target["name"]
    return None


def check_imports(path, lines, package):
    """The imports of one file below Sources/."""
    own = {target["name"]: target for target in package["targets"]}
    module = module_of(path, package)
    if module is None or layer_of(module) is None:
        yield f"{path}: {'/'.join(path.split('/')[:2])} is no target of Package.swift, or stands in no layer"
        return
    for number, imported in imports(lines):
        place = f"{path}:{number}"
        if imported == module:
            continue
        if layer_of(imported):
            if not allowed(module, imported):
                yield refusal(place, module, imported)
            elif imported not in declared(own[module]):
                yield f"{place}: {module} imports {imported} and does not declare it in Package.swift"
        elif layer_of(module) == "core":
            if imported not in CORE_MAY_IMPORT and (module, imported) not in CORE_EXCEPTIONS:
                yield f"{place}: {module} is core and must not import {imported} (no sockets, no files, no clock)"


def refusal(place, importer, imported):
    if layer_of(importer) == layer_of(imported) == "planes":
        return f"{place}: plane {importer} must not import plane {imported}"
    return (
        f"{place}: {importer} ({layer_of(importer)}) must not import {imported} ({layer_of(imported)});"
        f" allowed there: {', '.join(sorted(MAY_IMPORT[layer_of(importer)]))}"
    )
