// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The host paths that the program sees, after every rule about what may be shown.
struct VisiblePaths {
    struct Entry {
        let path: HostPath
        let isWritable: Bool
    }

    /// Directories of the system at the root: either shown, or symbolic links into `/usr` that are made again.
    static let systemDirectories = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
    /// Where the program's home directory is inside.
    static let home = "/home/agent"

    private static let never = ["/proc", "/sys", "/dev", "/run", "/var/run", "/boot"]
    private static let tooBroad = ["/", "/etc", "/var", "/var/lib", "/tmp", "/var/tmp", "/home"]
    private static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc"]

    /// Shallow paths first, so that a deeper one is laid over them.
    private(set) var entries: [Entry] = []
    let workingDirectory: HostPath

    init(_ plan: LaunchPlan, homes: [String]) throws(LaunchError) {
        let directory = plan.workingDirectory
        guard Path.isAbsolute(directory) else { throw .refused("the working directory must be an absolute path") }
        workingDirectory = try HostPath(directory, relativeTo: "/")
        guard workingDirectory.isDirectory else { throw .refused("\(directory) is not a directory") }
        for home in homes where Path.contains(workingDirectory.text, home) {
            throw .refused(
                "the working directory \(workingDirectory.text) holds the home directory \(home), which stays hidden; "
                    + "start from a project's own directory")
        }
        try add(workingDirectory, isWritable: true, plan)
        for text in plan.writablePaths {
            try add(HostPath(text, relativeTo: workingDirectory.text), isWritable: true, plan)
        }
        for text in plan.readablePaths {
            try add(HostPath(text, relativeTo: workingDirectory.text), isWritable: false, plan)
        }
        entries.sort { $0.path.text.utf8.count < $1.path.text.utf8.count }
    }

    private mutating func add(_ path: HostPath, isWritable: Bool, _ plan: LaunchPlan) throws(LaunchError) {
        let text = path.text
        if let tree = Self.never.first(where: { Path.contains($0, text) }) {
            throw .refused("\(text) lies in \(tree), which is never shown inside")
        }
        if Self.tooBroad.contains(where: { Path.same($0, text) }) {
            throw .refused("\(text) holds other programs' files; name the directory inside it that is meant")
        }
        if isWritable, let tree = Self.system.first(where: { Path.contains($0, text) }) {
            throw .refused("\(text) lies in \(tree), which stays read-only")
        }
        for protected in [plan.gateSocket] + plan.protectedPaths {
            let real = Path.realOrFuture(protected)
            if Path.contains(text, real) || Path.contains(real, text) {
                throw .refused("\(text) would show \(real), which belongs to the gate")
            }
        }
        // A path named twice keeps its stricter reading: read-only over writable.
        if let index = entries.firstIndex(where: { Path.same($0.path.text, text) }) {
            if !isWritable { entries[index] = Entry(path: path, isWritable: false) }
            return
        }
        entries.append(Entry(path: path, isWritable: isWritable))
    }

    /// Whether a path without symbolic links exists inside as it does outside.
    func shows(_ path: String) -> Bool {
        Self.systemDirectories.contains { Path.contains($0, path) }
            || entries.contains { Path.contains($0.path.text, path) }
    }
}
