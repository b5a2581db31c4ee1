// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What gVisor is told about one run: the configuration of an OCI bundle. Pure.
struct GVisorBundle {
    let request: SandboxRequest
    /// The interpreter in the sandbox and its arguments.
    let program: [String]
    /// The shell in the sandbox.
    let shell: String
    /// Where the system that the code sees lies in the jail.
    let root: String
    /// Where the request's files lie in the sandbox; `nil` when there are none.
    let files: String?

    /// What the shell writes before it starts the code.
    static let announcement = UInt8(ascii: "!")
    /// The shell ends so when the files cannot be copied.
    static let copyFailure = 125

    /// The first process: it starts the code, waits for it, and ends as it did. Its own words about that go nowhere.
    var script: String {
        let copy = files.map { "cp -r \($0)/. /tmp/ 2>&3 || exit \(Self.copyFailure); " } ?? ""
        let announce = "printf \(Character(Unicode.Scalar(Self.announcement)))"
        return "exec 3>&2 2>/dev/null; \(copy)\(announce); (exec 2>&3 3>&-; exec \"$@\"); exit $?"
    }

    /// The file `config.json`.
    var bytes: [UInt8] { json.canonicalBytes }

    private var json: JSONValue {
        let nothing: JSONValue = .array([])
        let arguments = [shell, "-c", script, "sh"] + program
        let environment = ["PATH=/usr/bin", "HOME=/tmp", "LANG=C.UTF-8", "PYTHONPATH=/tmp"]
        let process: JSONValue = [
            "args": .array(arguments.map { .string($0) }), "cwd": "/tmp",
            "capabilities": [
                "ambient": nothing, "bounding": nothing, "effective": nothing, "inheritable": nothing,
                "permitted": nothing,
            ],
            "env": .array(environment.map { .string($0) }), "noNewPrivileges": true,
            "rlimits": .array([
                limit("RLIMIT_NOFILE", Self.openFiles), limit("RLIMIT_CORE", 0),
                // The shell is one of them.
                limit("RLIMIT_NPROC", request.limits.processes &+ 1), limit("RLIMIT_FSIZE", scratch),
            ]),
            "terminal": false, "user": ["gid": 65_534, "uid": 65_534],
        ]
        let sharedMemory = min(request.limits.scratchBytes, NamespaceOptions.sharedMemoryLimit)
        let namespaces = ["ipc", "mount", "network", "pid", "uts"]
        return [
            "hostname": "sandbox",
            "linux": ["namespaces": .array(namespaces.map { ["type": .string($0)] })],
            "mounts": .array([
                ["destination": "/proc", "source": "proc", "type": "proc"], memory("/tmp", scratch),
                memory("/dev/shm", sharedMemory),
            ]),
            "ociVersion": "1.0.0", "process": process,
            // It cannot be changed from where it comes, and making it so once more takes rights that the jail has not.
            "root": ["path": .string(root), "readonly": false],
        ]
    }

    private static let openFiles = 256

    /// What may lie in `/tmp`: the request's files do not count.
    private var scratch: Int {
        request.files.reduce(request.limits.scratchBytes) { $0 &+ (($1.bytes.count &+ 8191) & ~4095) }
    }

    private func limit(_ name: String, _ value: Int) -> JSONValue {
        ["hard": .integer(value), "soft": .integer(value), "type": .string(name)]
    }

    private func memory(_ path: String, _ size: Int) -> JSONValue {
        [
            "destination": .string(path), "options": .array(["nosuid", "nodev", .string("size=\(size)")]),
            "source": "tmpfs", "type": "tmpfs",
        ]
    }
}
