// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// A file that a command writes for a person to keep, or standard output.
final class OutputFile {
    private let descriptor: CInt
    private let path: String?

    /// Makes a new file or empties one; no path stands for standard output.
    init(path: String?) throws {
        self.path = path
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit {
        if path != nil { close(descriptor) }
    }

    private init(_ descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Replaces a file as a whole, or leaves it as it is and nothing beside it.
    static func replace(_ path: String, with bytes: some Collection<UInt8>, mode: mode_t) throws {
        var template = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(path) }
        let temporary = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let file = OutputFile(descriptor, path: path)
        do {
            try file.write(bytes)
            guard fchmod(file.descriptor, mode) == 0, fsync(file.descriptor) == 0, rename(temporary, path) == 0 else {
                throw failure(path)
            }
        } catch {
            unlink(temporary)
            throw error
        }
        withExtendedLifetime(file) {}
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): \(String(cString: strerror(errno)))", remedy: "see who owns the directory")
    }

    /// Writes all bytes.
    func write(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE, path == nil {
                exit(0)
            } else if errno != EINTR {
                throw CommandFailure("\(path ?? "standard output"): \(String(cString: strerror(errno)))")
            }
        }
    }
}
