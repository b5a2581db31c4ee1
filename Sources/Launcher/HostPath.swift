// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// A path of the host that was judged: absolute, free of symbolic links, with the identity of the file behind it.
struct HostPath {
    let text: String
    let device: UInt64
    let inode: UInt64
    let owner: UInt32
    let group: UInt32
    let isDirectory: Bool
    /// Whether anybody may read it (and enter it), by its permission bits.
    let isReadableByAll: Bool
    /// Whether anybody may change it as well.
    let isOpenToAll: Bool

    /// Judges a path as given. A symbolic link in it is refused with the path it leads to: something that an agent can
    /// write to may have planted the link.
    init(_ given: String, relativeTo directory: String) throws(LaunchError) {
        guard !given.utf8.contains(0), !given.isEmpty else { throw .refused("a path is empty or contains a NUL byte") }
        let path = Path.normalized(Path.isAbsolute(given) ? given : directory + "/" + given)
        guard let real = Path.real(path) else { throw .refused("\(path): \(errorText(errno))") }
        guard Path.same(real, path) else {
            throw .refused("\(path) leads through a symbolic link to \(real); name that path itself")
        }
        let descriptor = yett_open_path(path)
        guard descriptor >= 0 else { throw .refused("\(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .refused("\(path): \(errorText(errno))") }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFDIR || kind == S_IFREG else {
            throw .refused("\(path) is neither a directory nor a regular file, so it is not shown inside")
        }
        text = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        owner = status.st_uid
        group = status.st_gid
        isDirectory = kind == S_IFDIR
        let reading: mode_t = isDirectory ? 0o5 : 0o4
        isReadableByAll = status.st_mode & reading == reading
        isOpenToAll = isReadableByAll && status.st_mode & 0o2 == 0o2
    }
}

/// Path arithmetic on bytes: two spellings of one letter are two paths.
enum Path {
    static func isAbsolute(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/")
    }

    static func same(_ first: String, _ second: String) -> Bool {
        first.utf8.elementsEqual(second.utf8)
    }

    /// Whether `path` is `directory` or lies below it. Both are normalized.
    static func contains(_ directory: String, _ path: String) -> Bool {
        if same(directory, "/") || same(directory, path) { return true }
        return path.utf8.starts(with: (directory + "/").utf8)
    }

    /// The path without empty, `.` and `..` components.
    static func normalized(_ path: String) -> String {
        var components: [Substring.UTF8View] = []
        for component in Substring(path).utf8.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        return "/" + components.map { String(Substring($0)) }.joined(separator: "/")
    }

    static func parent(_ path: String) -> String {
        normalized(path + "/..")
    }

    static func lastComponent(_ path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
    }

    /// The path with every symbolic link followed, or `nil` (with `errno`).
    static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    /// The path with the links of its longest existing part followed: for a path that may be made later.
    static func realOrFuture(_ path: String) -> String {
        var existing = normalized(path)
        var rest: [String] = []
        while !same(existing, "/") {
            if let real = real(existing) { return normalized(([real] + rest).joined(separator: "/")) }
            rest.insert(lastComponent(existing), at: 0)
            existing = parent(existing)
        }
        return normalized(path)
    }

    /// Where a symbolic link points, unless it is none.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return String(validating: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
