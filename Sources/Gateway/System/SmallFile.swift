// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Files that are read whole: the configuration and secrets.
enum SmallFile {
    /// Why a file cannot be read.
    enum Fault: Error, CustomStringConvertible {
        case system(String, CInt)
        case notRegular(String)
        case tooLarge(String, limit: Int)
        case openToOthers(String, mode: UInt32)

        var description: String {
            switch self {
            case .system(let path, let code): "\(path): \(String(cString: strerror(code)))"
            case .notRegular(let path): "\(path) is not a regular file"
            case .tooLarge(let path, let limit): "\(path) is longer than \(limit) bytes"
            case .openToOthers(let path, let mode):
                "\(path) may be read by others (mode \(String(mode, radix: 8))); type: chmod 0600 \(path)"
            }
        }
    }

    /// Reads a regular file.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that are read.
    ///   - isSecret: Whether a file that group or others may read or write is refused.
    static func read(_ path: String, limit: Int, isSecret: Bool = false) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path) }
        if isSecret, status.st_mode & 0o077 != 0 { throw .openToOthers(path, mode: status.st_mode & 0o777) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .system(path, errno)
            }
            guard bytes.count + count <= limit else { throw .tooLarge(path, limit: limit) }
            bytes += chunk[..<count]
        }
    }
}
