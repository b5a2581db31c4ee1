// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// Files that a person names on the command line.
enum InputFile {
    /// Reads a file whole; `-` is standard input.
    ///
    /// - Parameter limit: The most bytes that are read.
    static func read(_ path: String, limit: Int = 64 << 20) throws -> [UInt8] {
        let isStandardInput = path.utf8.elementsEqual("-".utf8)
        let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(String(cString: strerror(errno)))") }
        defer { if !isStandardInput { close(descriptor) } }
        return try read(descriptor, path, limit: limit)
    }

    /// Reads what is open to its end.
    static func read(_ descriptor: CInt, _ path: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CommandFailure("\(path): \(String(cString: strerror(errno)))")
            }
            guard bytes.count + count <= limit else { throw CommandFailure("\(path) is longer than \(limit) bytes") }
            bytes += chunk[..<count]
        }
    }
}
