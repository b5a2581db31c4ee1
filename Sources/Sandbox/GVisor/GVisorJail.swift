// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox

/// The jail in which gVisor itself runs: its program, the system that its code sees, and memory for its state. Nothing of
/// a run is ever on the host's disks or in its mounts, so nothing can be left there.
struct GVisorJail {
    /// The bytes of the program `runsc` on the host.
    let runtime: String
    let platform: GVisorPlatform
    let root: SystemRoot

    private static let system = "/system"
    private static let bundle = "/bundle"
    private static let state = "/state"
    private static let program = "/runsc"

    /// What gVisor needs of memory beside its code's.
    static let kernelBytes = 192 << 20
    /// How many of the host's threads serve one of the code's at most, and how many gVisor has of its own.
    private static let threadsPerProcess = 32
    private static let ownThreads = 256
    /// What a file of gVisor may grow to: it keeps its code's memory in one. The control group bounds what it holds.
    private static let fileBytes = 1 << 40

    /// What the launcher is to start for a request.
    func order(_ request: SandboxRequest, startMilliseconds: Int) throws(SandboxError) -> JailOrder {
        guard let interpreter = root.interpreters[request.program.kind], let shell = root.interpreters[.shell] else {
            throw .refused(.unsatisfied, "the gvisor sandbox does not run \(request.program.kind.rawValue) here")
        }
        let name: String
        let program: [String]
        switch request.program.kind {
        case .python:
            name = "/job/main.py"
            program = [interpreter, "-s", "-B", "-u", name]
        default:
            name = "/job/main.sh"
            program = [interpreter, name]
        }
        let bundle = GVisorBundle(
            request: request, program: program + request.arguments, shell: shell, root: Self.system,
            files: request.files.isEmpty ? nil : "/job/files")
        var order = JailOrder(
            words: Self.fixedWords, data: [], arguments: arguments, fileBytes: Self.fileBytes,
            limits: limits(request.limits, startMilliseconds))
        order.words += root.words(below: Self.system) + ["--ro-bind", runtime, Self.program]
        for directory in ["/dev", "/etc", "/job", "/proc", "/sys", "/tmp"] {
            order.words += ["--dir", Self.system + directory]
        }
        order.file(Array("sandbox:x:65534:65534:sandbox:/tmp:/usr/bin/sh\n".utf8), at: Self.system + "/etc/passwd")
        order.file(request.program.bytes, at: Self.system + name)
        for file in request.files { order.file(file.bytes, at: Self.system + "/job/files/" + file.path) }
        order.file(bundle.bytes, at: Self.bundle + "/config.json")
        order.words += ["--proc", "/proc", "--dev", "/dev"]
        for device in platform.devices { order.words += ["--dev-bind", device, device] }
        order.words += ["--size", "\(16 << 20)", "--tmpfs", Self.state, "--size", "\(1 << 20)", "--tmpfs", "/tmp"]
        order.words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
        order.words += ["--info-fd", "\(yett_job_information_target)", "--block-fd", "\(yett_job_barrier_target)"]
        order.announcement = JailAnnouncement(
            byte: GVisorBundle.announcement, milliseconds: startMilliseconds, name: "runsc", failure: 128)
        return order
    }

    /// Namespaces within the jail's are gVisor's way to shut itself in, so they are not refused here.
    private static let fixedWords = [
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup",
        "--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL", "--clearenv",
    ]

    private var arguments: [String] {
        [
            Self.program, "--root", Self.state, "--platform=\(platform.rawValue)", "--network=none", "--rootless",
            "--ignore-cgroups", "--host-uds=none", "--overlay2=none", "run", "--bundle", Self.bundle, "yett",
        ]
    }

    private func limits(_ limits: SandboxLimits, _ startMilliseconds: Int) -> SandboxLimits {
        var outer = limits
        // The run itself ends the code; this ends what does not let itself be ended.
        outer.wallMilliseconds = limits.wallMilliseconds &+ startMilliseconds &+ 5000
        outer.memoryBytes = limits.memoryBytes &+ Self.kernelBytes
        outer.processes = limits.processes &* Self.threadsPerProcess &+ Self.ownThreads
        return outer
    }
}

extension JailOrder {
    /// Adds a file that everybody in the jail can read.
    fileprivate mutating func file(_ bytes: [UInt8], at path: String) {
        data.append(bytes)
        words += ["--perms", "0444", "--file", "\(Int(yett_job_data_target) &+ data.count &- 1)", path]
    }
}
