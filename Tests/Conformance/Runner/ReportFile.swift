// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// Where the lines of the reports go: to the file that `YETT_CONFORMANCE_REPORT` names, and to standard output.
enum ReportFile {
    static func append(_ lines: [String]) throws {
        let text = lines.joined(separator: "\n") + "\n"
        print(text, terminator: "")
        guard let path = ProcessInfo.processInfo.environment["YETT_CONFORMANCE_REPORT"], !path.isEmpty else { return }
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }
}
