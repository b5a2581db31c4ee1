// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The processes above one, nearest first, by their numbers here.
enum Lineage {
    /// The most processes that are looked at.
    private static let longest = 256

    /// Reads the lineage of a process.
    ///
    /// A parent that ends is replaced by another one, so that each number names a living process when it is read; whoever
    /// decides by it reads it twice.
    static func above(directory: CInt) -> [Int32] {
        var lineage: [Int32] = []
        var next = ProcFile.contents(at: directory, "status").flatMap(parent)
        while let pid = next, pid > 1, lineage.count < longest {
            lineage.append(pid)
            next = ProcFile.contents("/proc/\(pid)/status").flatMap(parent)
        }
        return lineage
    }

    private static func parent(_ status: [UInt8]) -> Int32? {
        ProcFile.field("PPid:", of: status).first.flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }

    /// Whether a process has a process namespace of its own, other than the gate's.
    static func isContained(directory: CInt) -> Bool {
        guard let own = FileIdentity(at: AT_FDCWD, "/proc/self/ns/pid"),
            let other = FileIdentity(at: directory, "ns/pid")
        else { return false }
        return !other.isSameFile(as: own)
    }
}
