// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Small files of `/proc`.
enum ProcFile {
    private static let largest = 64 << 10

    /// All bytes of a file; `nil` when it cannot be read.
    static func contents(_ path: String) -> [UInt8]? { contents(at: AT_FDCWD, path) }

    /// All bytes of a file in an open directory.
    static func contents(at directory: CInt, _ path: String) -> [UInt8]? {
        let descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return PrivateFile.contents(of: descriptor, atMost: largest)
    }

    /// Where a link in an open directory leads.
    static func link(at directory: CInt, _ path: String) -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlinkat(directory, path, base.assumingMemoryBound(to: CChar.self), buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return Array(buffer.prefix(count))
        }
    }

    /// The words of the first line that begins with `name`.
    static func field(_ name: String, of text: [UInt8]) -> [ArraySlice<UInt8>] {
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: name.utf8) {
            return line.dropFirst(name.utf8.count).split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
        }
        return []
    }

    /// The numbers in the first line that begins with `name`; `nil` when one is none.
    static func numbers(_ name: String, of text: [UInt8]) -> [UInt32]? {
        let words = field(name, of: text)
        let numbers = words.compactMap { UInt32(String(decoding: $0, as: UTF8.self)) }
        return numbers.count == words.count ? numbers : nil
    }
}
