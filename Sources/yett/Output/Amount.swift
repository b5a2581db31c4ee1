// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane

/// Numbers as a person reads them.
enum Amount {
    /// Bytes in units of 1024, for example `3.4 MiB`.
    static func bytes(_ count: Int) -> String { ByteCount.text(Int64(count)) }

    /// A duration with its two largest units, for example `3 h 12 min`.
    static func duration(milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return switch milliseconds {
        case ..<1000: "\(max(0, milliseconds)) ms"
        case ..<10_000: "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<60_000: "\(seconds) s"
        case ..<3_600_000: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400_000: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }

    /// A count with its noun, for example `1 connection` or `3 connections`.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
