// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import FoundationEssentials

/// The answer of `yett check --json`.
struct CheckReport: Encodable {
    let isUsable: Bool
    let diagnostics: [String]

    /// The report as one line.
    var line: String {
        guard let data = try? AdminJSON.encoder.encode(self) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
