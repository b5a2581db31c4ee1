// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Crypto
internal import Glibc

/// What the code sees as its system, read-only: that of an image, or a few directories of the host's `/usr`. Never the
/// host's `/usr/local`, `/etc` but its table of alternatives, homes, `/var` or `/run`.
struct SystemRoot: Sendable {
    /// Directories, by their paths inside.
    let directories: [(source: String, path: String)]
    /// Links at the root of a system whose `/bin` and `/lib` lie in `/usr`.
    let links: [(path: String, target: String)]
    /// The interpreter for each kind of program that there is.
    let interpreters: [SandboxProgramKind: String]
    /// The digest of the image's manifest, or of the host's interpreters' bytes and directories' identities.
    let digest: String

    /// The system of the image in a directory, after all of it was checked; the host's where there is no image.
    ///
    /// - Throws: `unavailable` when the image is not as its manifest says: there is no stepping down to the host then.
    static func find(image directory: String?) throws(SandboxError) -> SystemRoot {
        guard let directory, access(directory + "/" + SandboxImage.manifest, F_OK) == 0 else { return SystemRoot() }
        return try SystemRoot(SandboxImage(directory: directory))
    }

    private init(_ image: SandboxImage) throws(SandboxError) {
        try image.verifyRoot()
        try Self.judgeReadable(image.root)
        var interpreters: [SandboxProgramKind: String] = [:]
        for (language, path) in image.interpreters {
            // The image's own links are followed within it.
            guard let real = Self.real(image.root + path), Self.isBelow(real, image.root + "/usr/bin/") else {
                continue
            }
            interpreters[SandboxProgramKind(language)] = String(Substring(real.utf8.dropFirst(image.root.utf8.count)))
        }
        directories = [(image.root + "/usr", "/usr")]
        links = ["/bin", "/lib", "/lib64"].compactMap { path in
            HostPaths.linkTarget(image.root + path).map { (path, $0) }
        }
        self.interpreters = interpreters
        digest = image.digest
    }

    /// The sandboxes' users have to get there.
    private static func judgeReadable(_ root: String) throws(SandboxError) {
        var path = ""
        for part in root.utf8.split(separator: UInt8(ascii: "/")) {
            path += "/" + String(Substring(part))
            var status = stat()
            guard stat(path, &status) == 0 else { throw .unavailable(path, errno) }
            guard status.st_mode & S_IXOTH != 0 else {
                throw .refused(.unavailable, "the users of sandboxes cannot get through \(path): chmod o+x \(path)")
            }
        }
    }

    /// Looks at the host.
    private init() {
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
            if let target = HostPaths.linkTarget(path) {
                links.append((path, target))
            } else if Self.isDirectory(path) {
                directories.append(path)
            }
        }
        // What lies below another one is shown with it.
        directories = directories.filter { path in
            !directories.contains { other in other != path && Self.isBelow(path, other + "/") }
        }
        self.directories = directories.map { ($0, $0) }
        self.links = links
        self.interpreters = interpreters
        digest = Self.digest(of: directories, interpreters)
    }

    /// The options that make it, below this path. The directories above its own are readable for all there.
    func words(below top: String = "") -> [String] {
        var above: Set<String> = []
        if !top.isEmpty {
            for path in directories.map(\.path) + links.map(\.path) {
                var parent = path.utf8[...]
                while let slash = parent.lastIndex(of: UInt8(ascii: "/")) {
                    parent = parent[..<slash]
                    above.insert(top + String(Substring(parent)))
                }
            }
        }
        return above.sorted().flatMap { ["--dir", $0] }
            + directories.flatMap { ["--ro-bind", $0.source, top + $0.path] }
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
