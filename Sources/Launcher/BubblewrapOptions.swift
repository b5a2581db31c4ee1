// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// The options that bubblewrap gets through a descriptor, and the descriptors that they name.
struct BubblewrapOptions {
    private(set) var words: [String] = []
    /// Open until bubblewrap has been started.
    private(set) var descriptors: [Descriptor] = []

    static let helper = "/run/yett/jail"

    init(
        plan: LaunchPlan, user: LaunchUser, visible: VisiblePaths, stage: Stage?, helper: Descriptor,
        information: Descriptor
    ) throws(LaunchError) {
        walls(user)
        system()
        memory(plan.limits)
        try files(plan, user, helper)
        for (index, entry) in visible.entries.enumerated() {
            let source = stage?.target(index) ?? entry.path.text
            words += [entry.isWritable ? "--bind" : "--ro-bind", source, entry.path.text]
        }
        words += ["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"]
        words += ["--chdir", visible.workingDirectory.text]
        try filters()
        words += ["--info-fd", "\(information.number)"]
        descriptors.append(information)
    }

    private mutating func walls(_ user: LaunchUser) {
        words += [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup",
            "--disable-userns", "--die-with-parent", "--new-session", "--hostname", "yett", "--cap-drop", "ALL",
            "--uid", "\(user.user)", "--gid", "\(user.group)",
        ]
    }

    private mutating func system() {
        for directory in VisiblePaths.systemDirectories {
            if let target = Path.linkTarget(directory) {
                words += ["--symlink", target, directory]
            } else {
                words += ["--ro-bind-try", directory, directory]
            }
        }
        words += ["--dir", "/etc"]
        for path in SystemFiles.shown { words += ["--ro-bind-try", path, path] }
        words += ["--proc", "/proc", "--dev", "/dev"]
    }

    private mutating func memory(_ limits: LaunchLimits) {
        words += ["--perms", "1777", "--size", "\(limits.sharedMemoryBytes)", "--tmpfs", "/dev/shm"]
        words += ["--dir", "/var", "--perms", "1777", "--size", "\(limits.temporaryBytes)", "--tmpfs", "/var/tmp"]
        words += ["--perms", "1777", "--size", "\(limits.temporaryBytes)", "--tmpfs", "/tmp"]
        words += ["--perms", "0700", "--size", "\(limits.temporaryBytes)", "--tmpfs", VisiblePaths.home]
        words += ["--dir", "/run", "--dir", "/run/yett"]
    }

    private mutating func files(
        _ plan: LaunchPlan, _ user: LaunchUser, _ helper: Descriptor
    ) throws(LaunchError) {
        for file in SystemFiles.made(for: user) {
            try data(Array(file.content.utf8), at: file.path)
        }
        for (path, content) in plan.plantedFiles.sorted(by: { $0.key < $1.key }) {
            guard !path.utf8.isEmpty, !path.utf8.starts(with: "/".utf8), !path.utf8.contains(0),
                !path.split(separator: "/", omittingEmptySubsequences: false).contains(where: {
                    $0 == ".." || $0.isEmpty
                })
            else { throw .refused("the file \(path) is not below the home directory") }
            try data(Array(content.utf8), at: "\(VisiblePaths.home)/\(path)")
        }
        try data(Array(nodeProxyPreload.utf8), at: SandboxEnvironment.nodeProxy)
        if let bundle = plan.certificateBundle {
            guard let bytes = SystemFiles.contents(of: bundle, atMost: 4 << 20) else {
                throw .refused("\(bundle): not a readable file of at most 4 MiB")
            }
            try data(bytes, at: SandboxEnvironment.certificates)
        }
        if let socket = plan.workloadSocket {
            words += ["--ro-bind", try Self.socket(socket, for: user), SandboxEnvironment.workloadSocket]
        }
        words += ["--perms", "0555", "--ro-bind-data", "\(helper.number)", Self.helper]
        descriptors.append(helper)
    }

    /// The socket itself, which must be one, and in directories that the program's user can enter.
    private static func socket(_ path: String, for user: LaunchUser) throws(LaunchError) -> String {
        guard Path.isAbsolute(path), let real = Path.real(path) else {
            throw .refused("the Workload API \(path): \(Path.isAbsolute(path) ? errorText(errno) : "not absolute")")
        }
        var status = stat()
        guard lstat(real, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            throw .refused("\(path) is not a socket")
        }
        var directory = real[...]
        while user.isChanged, let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
            directory = directory[..<slash]
            guard lstat(String(directory), &status) == 0, status.st_mode & 0o001 != 0 else {
                throw .refused(
                    "the Workload API \(path): other users cannot enter \(directory); run chmod o+x on it, or choose "
                        + "another identity.socket")
            }
        }
        return real
    }

    private mutating func data(_ bytes: [UInt8], at path: String) throws(LaunchError) {
        let file = try Descriptor.holding(bytes, name: path)
        words += ["--perms", "0444", "--ro-bind-data", "\(file.number)", path]
        descriptors.append(file)
    }

    private mutating func filters() throws(LaunchError) {
        for write in [yett_seccomp_write_calls, yett_seccomp_write_arguments] {
            let file = try Descriptor.empty(name: "seccomp")
            let result = write(file.number)
            guard result == 0 else { throw .setUp("compiling the seccomp filter: \(errorText(-result))") }
            lseek(file.number, 0, SEEK_SET)
            words += ["--add-seccomp-fd", "\(file.number)"]
            descriptors.append(file)
        }
    }
}
