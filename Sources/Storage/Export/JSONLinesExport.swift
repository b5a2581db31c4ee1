// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Exports records as JSON Lines: `{"index":N,"record":{…}}`, the record in its own bytes.
public enum JSONLinesExport {
    /// One line with its newline.
    public static func line(_ record: IndexedRecord) -> [UInt8] {
        Array("{\"index\":\(record.index),\"record\":".utf8) + record.bytes + [UInt8(ascii: "}"), 0x0a]
    }
}
