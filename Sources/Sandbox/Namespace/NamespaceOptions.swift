// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import CSandbox
internal import CSpawn
internal import Glibc

/// The system calls that generated code may make, compiled once.
struct CallFilters: Sendable {
    /// One program each; the kernel takes the strictest answer of all.
    let programs: [[UInt8]]

    init() throws(SandboxError) {
        var programs: [[UInt8]] = []
        // The one that refuses to load further ones comes last.
        for write in [yett_seccomp_write_arguments, yett_seccomp_write_generated_code] {
            let file = SandboxDescriptor(yett_memory_file("filter"))
            guard file.number >= 0 else { throw .unavailable("making a memory file", errno) }
            let result = write(file.number)
            guard result == 0 else { throw .unavailable("compiling the filter of system calls", -result) }
            var bytes = [UInt8](repeating: 0, count: 1 << 17)
            let count = pread(file.number, &bytes, bytes.count, 0)
            guard count > 0, count < bytes.count else {
                throw .unavailable("reading the filter of system calls", errno)
            }
            programs.append(Array(bytes[..<count]))
        }
        self.programs = programs
    }
}

/// One run's options for bubblewrap, with the data that they name. Pure but for the system that was looked at before.
struct NamespaceOptions {
    private(set) var words: [String] = []
    private(set) var data: [[UInt8]] = []
    private let arguments: [String]
    private let fileBytes: Int
    private let limits: SandboxLimits

    /// `/dev/shm` is no larger than this.
    static let sharedMemoryLimit = 16 << 20

    init(_ request: SandboxRequest, root: SystemRoot, filters: CallFilters) throws(SandboxError) {
        guard let interpreter = root.interpreters[request.program.kind] else {
            throw .refused(
                .unsatisfied, "the namespace sandbox does not run \(request.program.kind.rawValue) here")
        }
        let given = request.files.reduce(0) { $0 &+ Self.pages($1.bytes.count) }
        let scratch = request.limits.scratchBytes &+ given
        // The data is written as the sandbox's user.
        fileBytes = scratch &+ request.program.bytes.count &+ 65_536
        limits = request.limits
        let name: String
        switch request.program.kind {
        case .python:
            name = "/job/main.py"
            arguments = [interpreter, "-s", "-B", "-u", name] + request.arguments
        default:
            name = "/job/main.sh"
            arguments = [interpreter, name] + request.arguments
        }
        words = [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup",
            "--disable-userns", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL",
            "--uid", "65534", "--gid", "65534", "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME",
            "/tmp", "--setenv", "LANG", "C.UTF-8", "--setenv", "PYTHONPATH", "/tmp",
        ]
        for program in filters.programs { words += ["--add-seccomp-fd", "\(add(program))"] }
        words += root.words()
        words += ["--proc", "/proc", "--dev", "/dev"]
        words += ["--perms", "1777", "--size", "\(scratch)", "--tmpfs", "/tmp"]
        words += ["--perms", "1777", "--size", "\(min(request.limits.scratchBytes, Self.sharedMemoryLimit))"]
        words += ["--tmpfs", "/dev/shm"]
        file(Array("sandbox:x:65534:65534:sandbox:/tmp:/usr/bin/sh\n".utf8), at: "/etc/passwd", mode: "0444")
        file(request.program.bytes, at: name, mode: "0444")
        for given in request.files { file(given.bytes, at: "/tmp/" + given.path, mode: "0644") }
        words += ["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
        words += ["--info-fd", "\(yett_job_information_target)", "--block-fd", "\(yett_job_barrier_target)"]
    }

    /// What the launcher is to start.
    var order: JailOrder {
        JailOrder(words: words, data: data, arguments: arguments, fileBytes: fileBytes, limits: limits)
    }

    private mutating func add(_ bytes: [UInt8]) -> Int {
        data.append(bytes)
        return Int(yett_job_data_target) &+ data.count &- 1
    }

    private mutating func file(_ bytes: [UInt8], at path: String, mode: String) {
        words += ["--perms", mode, "--file", "\(add(bytes))", path]
    }

    private static func pages(_ count: Int) -> Int { (count &+ 8191) & ~4095 }
}
