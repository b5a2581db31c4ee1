// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import ProcessSupport

/// Expands what the corpora keep compressed, and compresses, with the gzip program of the system.
enum Gzip {
    static func expand(_ data: Data) throws -> [UInt8] { try run(["-dc"], data) }

    static func compress(_ bytes: [UInt8]) throws -> [UInt8] { try run(["-9c"], Data(bytes)) }

    private static func run(_ arguments: [String], _ data: Data) throws -> [UInt8] {
        let process = ChildProcess()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        Thread.detachNewThread {
            try? input.fileHandleForWriting.write(contentsOf: data)
            try? input.fileHandleForWriting.close()
        }
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(bytes)
    }
}
