// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Crypto
internal import Glibc

/// What the code sees as its system: a few directories of the host's `/usr`, read-only. Never `/usr/local`, `/etc` but
/// its table of alternatives, homes, `/var` or `/run`.
struct HostRoot: Sendable {
    /// Directories, which have the same path inside.
    let directories: [String]
    /// Links at the root of a system whose `/bin` and `/lib` lie in `/usr`.
    let links: [(path: String, target: String)]
    /// The interpreter for each kind of program that there is.
    let interpreters: [SandboxProgramKind: String]
    /// The digest of the interpreters' bytes and of the directories' identities.
    let digest: String

    /// Looks at the host.
    init() {
        var interpreters: [SandboxProgramKind: String] = [:]
        var directories = ["/usr/bin"]
        if let python = Self.real("/usr/bin/python3"), Self.isBelow(python, "/usr/bin/"),
            let name = python.utf8.split(separator: UInt8(ascii: "/")).last
        {
            let version = String(Substring(name))
            for directory in ["/usr/lib/\(version)", "/usr/lib64/\(version)"] where Self.isDirectory(directory) {
                directories.append(directory)
                interpreters[.python] = python
            }
        }
        if let shell = Self.real("/bin/sh"), Self.isBelow(shell, "/usr/bin/") { interpreters[.shell] = shell }
        for machine in ["x86_64-linux-gnu", "aarch64-linux-gnu"] where Self.isDirectory("/usr/lib/\(machine)") {
            directories.append("/usr/lib/\(machine)")
        }
        directories += ["/usr/lib64", "/usr/share/zoneinfo"].filter(Self.isDirectory)
        if Self.isDirectory("/etc/alternatives") { directories.append("/etc/alternatives") }
        var links: [(path: String, target: String)] = []
        for path in ["/bin", "/lib", "/lib64"] {
            if let target = Self.linkTarget(path) {
                links.append((path, target))
            } else if Self.isDirectory(path) {
                directories.append(path)
            }
        }
        // What lies below another one is shown with it.
        self.directories = directories.filter { path in
            !directories.contains { other in other != path && Self.isBelow(path, other + "/") }
        }
        self.links = links
        self.interpreters = interpreters
        digest = Self.digest(of: self.directories, interpreters)
    }

    /// The options that make it, below this path. The directories above its own are readable for all there.
    func words(below top: String = "") -> [String] {
        var above: Set<String> = []
        if !top.isEmpty {
            for path in directories + links.map(\.path) {
                var parent = path.utf8[...]
                while let slash = parent.lastIndex(of: UInt8(ascii: "/")) {
                    parent = parent[..<slash]
                    above.insert(top + String(Substring(parent)))
                }
            }
        }
        return above.sorted().flatMap { ["--dir", $0] }
            + directories.flatMap { ["--ro-bind", $0, top + $0] }
            + links.flatMap { ["--symlink", $0.target, top + $0.path] }
    }

    private static func isBelow(_ path: String, _ directory: String) -> Bool {
        path.utf8.starts(with: directory.utf8)
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func linkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &bytes, bytes.count - 1)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func digest(of directories: [String], _ interpreters: [SandboxProgramKind: String]) -> String {
        var hash = SHA256()
        for path in directories.sorted() + interpreters.values.sorted() {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            let identity = "\(path)\0\(status.st_dev)\0\(status.st_ino)\0\(status.st_mtim.tv_sec)\0"
            hash.update(data: Array(identity.utf8))
        }
        for path in Set(interpreters.values).sorted() {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { close(file) }
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = read(file, &chunk, chunk.count)
                guard count > 0 else { break }
                chunk[..<count].withUnsafeBytes { hash.update(bufferPointer: $0) }
            }
        }
        return SandboxDigest.text(hash.finalize())
    }
}
