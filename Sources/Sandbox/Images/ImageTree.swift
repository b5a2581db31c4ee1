// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Crypto
internal import Glibc

/// The digest of a directory with everything below it: content, permissions and owning users, but no times.
public struct ImageTree: Sendable, Hashable {
    /// `sha256:…` of one line for each entry.
    public let digest: String
    /// How many entries there are.
    public let entries: Int

    private static let mostEntries = 200_000
    private static let mostDepth = 64

    /// Reads the tree.
    ///
    /// - Throws: `unavailable` when something in it cannot be read, or is neither a directory, a file nor a link.
    public init(_ root: String) throws(SandboxError) {
        var paths: [String] = []
        try Self.list(root, "", 0, into: &paths)
        paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var hash = SHA256()
        for path in paths { hash.update(data: try Self.line(root, path)) }
        digest = SandboxDigest.text(hash.finalize())
        entries = paths.count
    }

    private static func list(_ root: String, _ below: String, _ depth: Int, into paths: inout [String])
        throws(SandboxError)
    {
        guard let listing = opendir(root + below) else { throw .unavailable(root + below, errno) }
        defer { closedir(listing) }
        var directories: [String] = []
        while let entry = readdir(listing) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if bytes == [UInt8(ascii: ".")] || bytes == Array("..".utf8) { continue }
            guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 }) else {
                throw .refused(.unavailable, "\(root + below) holds a name that is no text")
            }
            let path = "\(below)/\(name)"
            paths.append(path)
            guard paths.count <= mostEntries, depth < mostDepth else {
                throw .refused(.unavailable, "\(root) is larger than any image")
            }
            if try status(root + path).mode & S_IFMT == S_IFDIR { directories.append(path) }
        }
        for directory in directories { try list(root, directory, depth &+ 1, into: &paths) }
    }

    private static func line(_ root: String, _ path: String) throws(SandboxError) -> [UInt8] {
        let status = try status(root + path)
        let kind: String
        let content: String
        switch status.mode & S_IFMT {
        case S_IFDIR:
            kind = "d"
            content = "-"
        case S_IFLNK:
            kind = "l"
            content = SandboxDigest(try target(root + path)).text
        case S_IFREG:
            kind = "f"
            content = try digest(root + path)
        default: throw .refused(.unavailable, "\(root + path) is neither a directory, a file nor a link")
        }
        let mode = String(status.mode & 0o7777, radix: 8)
        return Array("\(kind)\t\(mode)\t\(status.uid)\t\(path)\t\(content)\n".utf8)
    }

    private static func status(_ path: String) throws(SandboxError) -> yett_file_status {
        var status = yett_file_status()
        guard yett_file_status(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &status) == 0 else {
            throw .unavailable(path, errno)
        }
        return status
    }

    private static func target(_ path: String) throws(SandboxError) -> [UInt8] {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count >= 0, count < bytes.count else { throw .unavailable(path, errno) }
        return bytes[..<count].map { UInt8(bitPattern: $0) }
    }

    private static func digest(_ path: String) throws(SandboxError) -> String {
        let file = SandboxDescriptor(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
        guard file.number >= 0 else { throw .unavailable(path, errno) }
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = read(file.number, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unavailable(path, errno) }
            if count == 0 { break }
            piece[..<count].withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return SandboxDigest.text(hash.finalize())
    }
}
