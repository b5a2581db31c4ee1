// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Glibc
internal import Identity

/// Digests the program that a process runs: the file itself, whatever stands under its path by now.
enum ProgramDigest {
    /// The largest program that is digested, in bytes.
    static let largest: Int64 = 512 << 20

    /// SHA-256 in hexadecimal; `nil` when the file cannot be read, is too large, or is changed meanwhile.
    static func sha256(directory: CInt, program: ProcessFacts.Program) -> String? {
        guard program.file.size <= largest else { return nil }
        let descriptor = openat(directory, "exe", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard FileIdentity(descriptor) == program.file else { return nil }
        var hash = SHA256()
        var part = [UInt8](repeating: 0, count: 256 << 10)
        var total: Int64 = 0
        while true {
            let count = read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, total &+ Int64(count) <= largest else { return nil }
            if count == 0 { break }
            total &+= Int64(count)
            part.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
        }
        guard total == program.file.size, FileIdentity(descriptor) == program.file else { return nil }
        return hash.finalize().hexadecimal
    }
}
