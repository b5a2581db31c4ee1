// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Files of an audit tree that anybody may read.
enum PublicFile {
    /// Why a file cannot be served.
    struct Fault: Error {}

    /// Reads a regular file that is not a symbolic link.
    static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw Fault() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= off_t(limit) else {
            throw Fault()
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if result == 0 { break }
            guard result > 0 else {
                if errno == EINTR { continue }
                throw Fault()
            }
            count += result
        }
        return Array(bytes[..<count])
    }
}
