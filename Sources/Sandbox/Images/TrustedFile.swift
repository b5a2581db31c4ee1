// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Crypto
internal import Glibc

/// A file that is run or believed: nobody but root, or who runs the gate, can have changed it.
struct TrustedFile {
    /// The path without symbolic links.
    let path: String
    /// The file, open for reading.
    let descriptor: SandboxDescriptor
    let size: Int64

    private static let pieceBytes = 1 << 18

    /// Opens a file.
    ///
    /// - Parameter onlyRoot: Whether it must be root's, for what is loaded as native code.
    /// - Throws: `unavailable` with what is wrong with the file and the command that mends it.
    init(_ path: String, onlyRoot: Bool) throws(SandboxError) {
        guard let real = realpath(path, nil) else { throw .unavailable(path, errno) }
        defer { free(real) }
        let resolved = String(cString: real)
        let descriptor = SandboxDescriptor(open(resolved, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK))
        var status = yett_file_status()
        guard descriptor.number >= 0, yett_open_file_status(descriptor.number, &status) == 0 else {
            throw .unavailable(resolved, errno)
        }
        guard status.mode & S_IFMT == S_IFREG else {
            throw .refused(.unavailable, "\(resolved) is not a regular file")
        }
        try Self.judge(resolved, status, onlyRoot)
        size = status.size
        var parent = resolved.utf8[...]
        while let slash = parent.lastIndex(of: UInt8(ascii: "/")) {
            parent = parent[..<slash]
            let directory = parent.isEmpty ? "/" : String(Substring(parent))
            guard yett_file_status(AT_FDCWD, directory, 0, &status) == 0 else { throw .unavailable(directory, errno) }
            // In a directory with the sticky bit others cannot replace what is not theirs.
            if status.mode & S_ISVTX == 0 { try Self.judge(directory, status, onlyRoot) }
        }
        self.path = resolved
        self.descriptor = descriptor
    }

    private static func judge(_ path: String, _ status: yett_file_status, _ onlyRoot: Bool) throws(SandboxError) {
        guard status.uid == 0 || (!onlyRoot && status.uid == geteuid()) else {
            throw .refused(.unavailable, "\(path) belongs to user \(status.uid): chown root \(path)")
        }
        guard status.mode & 0o022 == 0 else {
            throw .refused(.unavailable, "\(path) can be changed by others: chmod go-w \(path)")
        }
    }

    /// The whole content; `nil` when it is longer than the limit or cannot be read.
    func bytes(limit: Int) -> [UInt8]? {
        var all: [UInt8] = []
        var isWhole = false
        each { piece in
            all += piece
            if piece.isEmpty { isWhole = true }
            return all.count <= limit
        }
        return isWhole && all.count <= limit ? all : nil
    }

    /// `sha256:…` of the content.
    func digest() throws(SandboxError) -> String {
        var hash = SHA256()
        var isWhole = false
        each { piece in
            piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
            if piece.isEmpty { isWhole = true }
            return true
        }
        guard isWhole else { throw .unavailable("reading \(path)", errno) }
        return SandboxDigest.text(hash.finalize())
    }

    /// Calls with each piece, and with an empty one at the end.
    private func each(_ body: (ArraySlice<UInt8>) -> Bool) {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var offset = 0
        while true {
            let count = pread(descriptor.number, &piece, piece.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, body(piece[..<count]), count > 0 else { return }
            offset &+= count
        }
    }
}
