// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The command line of Firecracker's jailer for one machine. Pure.
struct JailerCommand {
    /// The machine's name: letters, digits and hyphens, 64 at most.
    var id: String
    /// Firecracker's path, which the jailer copies into the jail.
    var executable: String
    /// Where jails lie; see ``root``.
    var base: String
    /// The control groups that hold it; `nil` where there are none.
    var groups: FirecrackerGroups?
    /// What a file that Firecracker writes may grow to.
    var fileBytes: Int

    /// The name of the socket in the jail on which Firecracker takes orders.
    static let control = "api.socket"
    /// How many files Firecracker may have open.
    private static let openFiles = 1024

    /// The directory that is the machine's, with all in it.
    var directory: String { "\(base)/\(Self.name(of: executable))/\(id)" }

    /// What the machine's process sees as `/`.
    var root: String { directory + "/root" }

    /// The arguments, without the user and the group, which are known when `yett-sandbox` has found one that is free.
    func words(_ kind: MachineKind) -> [String] {
        var words = ["--id", id, "--exec-file", executable, "--chroot-base-dir", base]
        if let groups {
            words += ["--cgroup-version", groups.version == .v2 ? "2" : "1", "--parent-cgroup"]
            words += [FirecrackerGroups.parent]
            for (file, value) in groups.settings(kind) { words += ["--cgroup", "\(file)=\(value)"] }
        }
        words += ["--resource-limit", "fsize=\(fileBytes)", "--resource-limit", "no-file=\(Self.openFiles)"]
        return words + ["--new-pid-ns", "--", "--api-sock", "/" + Self.control]
    }

    private static func name(of path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
    }
}
