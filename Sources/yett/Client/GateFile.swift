// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import YettConfiguration

/// A gate's configuration, read where the gate itself need not be: nothing that it refers to is looked at.
enum GateFile {
    /// Reads a file, and tells of what is probably a mistake.
    ///
    /// - Throws: ``CommandFailure`` with every mistake.
    static func read(_ path: String) throws -> GateConfiguration {
        let result = GateConfiguration.read(bytes: try InputFile.read(path), file: path)
        guard let configuration = result.configuration else {
            throw CommandFailure(
                result.diagnostics.map(\.description).joined(separator: "\n      "), remedy: "see yett check \(path)",
                code: .usage)
        }
        for warning in result.warnings { Terminal.complain(warning.description) }
        return configuration
    }
}
