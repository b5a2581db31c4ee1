// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A number of bytes as people read it.
public enum ByteCount {
    /// In units of 1024, such as `3.4 MiB`; negative numbers are shown as 0.
    public static func text(_ count: Int64) -> String {
        guard count >= 1024 else { return "\(max(count, 0)) B" }
        var tenths = count / 1024 * 10 + count % 1024 * 10 / 1024
        for unit in ["KiB", "MiB", "GiB", "TiB"] {
            if tenths < 10_240 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
            tenths /= 1024
        }
        return "\(tenths / 10).\(tenths % 10) PiB"
    }
}
