// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import ProcessSupport

/// The built program, run as a person runs it.
enum CommandLineProgram {
    /// What a command came to.
    struct Outcome {
        let output: String
        let errors: String
        let status: Int32
    }

    /// Where the programs of this build lie: beside the test bundle.
    static let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    /// The program.
    static let path = directory + "/yett"

    /// Runs a command to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", directory: String? = nil
    ) throws -> Outcome {
        let process = ChildProcess()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LC_ALL": "C", "COLUMNS": "80"]
            .merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        let errors = Collected()
        try process.run()
        Thread.detachNewThread { errors.finish((try? stderr.fileHandleForReading.readToEnd()) ?? Data()) }
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors.wait(), as: UTF8.self),
            status: process.terminationStatus)
    }

    private final class Collected: @unchecked Sendable {
        // Unchecked: written before the semaphore is signalled and read after.
        private var data = Data()
        private let done = DispatchSemaphore(value: 0)
        func finish(_ data: Data) {
            self.data = data
            done.signal()
        }
        func wait() -> Data {
            done.wait()
            return data
        }
    }
}
