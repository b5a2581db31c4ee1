// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Finds the program as the caller would, and makes sure that the inside sees it.
struct ProgramSearch {
    let visible: VisiblePaths
    /// The caller's `PATH`.
    let searchPath: String

    static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The absolute path to execute inside.
    func find(_ name: String) throws(LaunchError) -> String {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw .programNotFound("the program's name is empty") }
        if name.utf8.contains(UInt8(ascii: "/")) {
            let path = Path.isAbsolute(name) ? name : visible.workingDirectory.text + "/" + name
            guard access(path, F_OK) == 0 else { throw .programNotFound("\(name): no such program") }
            return try judge(Path.normalized(path), name: name)
        }
        for directory in directories {
            let path = directory + "/" + name
            guard access(path, X_OK) == 0, isFile(path) else { continue }
            return try judge(path, name: name)
        }
        throw .programNotFound("\(name): not found in PATH")
    }

    /// The caller's `PATH` reduced to what is visible inside, and the system's directories.
    var pathInside: String {
        let seen = directories.filter { directory in
            guard let real = Path.real(directory) else { return false }
            return visible.shows(real) && isReachable(directory)
        }
        let standard = Self.split(Self.standardPath).filter { entry in !seen.contains { Path.same($0, entry) } }
        return (seen + standard).joined(separator: ":")
    }

    private var directories: [String] {
        Self.split(searchPath).filter { Path.isAbsolute($0) }
    }

    private static func split(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: ":")).map { String(Substring($0)) }
    }

    private func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether the path as spelled works inside: the system's links at the root are there as well, no others.
    private func isReachable(_ path: String) -> Bool {
        visible.shows(Path.normalized(path))
    }

    private func judge(_ path: String, name: String) throws(LaunchError) -> String {
        guard let real = Path.real(path) else { throw .programNotFound("\(name): \(errorText(errno))") }
        guard isReachable(path) else { throw .refused(Self.advice(name, path, shown: Path.real(Path.parent(path)))) }
        guard visible.shows(real) else { throw .refused(Self.advice(name, real, shown: Path.parent(real))) }
        guard isFile(real) else { throw .programNotExecutable("\(name): \(real) is not a regular file") }
        guard access(real, X_OK) == 0 else { throw .programNotExecutable("\(name): \(real) is not executable") }
        if let interpreter = interpreter(real) {
            guard let found = Path.real(interpreter) else {
                throw .programNotFound("\(name): its interpreter \(interpreter) does not exist")
            }
            guard visible.shows(found) else {
                throw .refused(Self.advice("\(name)'s interpreter", found, shown: Path.parent(found)))
            }
        }
        return path
    }

    private static func advice(_ name: String, _ path: String, shown directory: String?) -> String {
        var tree = directory ?? Path.parent(path)
        if ["bin", "sbin", "shims"].contains(where: { Path.same(Path.lastComponent(tree), $0) }),
            tree.utf8.split(separator: UInt8(ascii: "/")).count > 2
        {
            tree = Path.parent(tree)
        }
        return "\(name) is \(path), which is not visible inside; add --read \(tree), or name a program under /usr"
    }

    /// The interpreter of a `#!` line, unless the file is something else.
    private func interpreter(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: 256)
        let count = read(file, &head, head.count)
        guard count > 2, head[0] == UInt8(ascii: "#"), head[1] == UInt8(ascii: "!") else { return nil }
        let line = head[2..<count].prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = words.first else { return nil }
        let text = String(decoding: first, as: UTF8.self)
        return Path.isAbsolute(text) ? text : nil
    }
}
