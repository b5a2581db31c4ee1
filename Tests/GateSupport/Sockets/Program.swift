// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import ProcessSupport
import Synchronization

/// A real program that a test runs: found in PATH, bounded in time, ended with the test.
package final class Program: @unchecked Sendable {
    // Unchecked: the process is started in init; its output is collected under a lock.
    private let process = ChildProcess()
    private let input = Pipe()
    private let collected = Mutex<[UInt8]>([])
    private let isEnded = Latch()

    /// What a program came to.
    package struct Outcome: Sendable {
        /// Standard output and standard error, in the order in which they came.
        package let bytes: [UInt8]
        /// The exit code; nil while it runs.
        package let status: Int32?
        /// The output as text.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - install: The command that installs the program, for the error when it is not there.
    package init(
        _ name: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
        keepsErrors: Bool = false, install: String? = nil
    ) throws {
        guard let path = Self.find(name) else {
            throw ProgramMissing(name: name, install: install ?? "apt-get install \(name)")
        }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ["PATH": Self.path, "HOME": "/tmp", "LC_ALL": "C"].merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = keepsErrors ? output : FileHandle.nullDevice
        try process.run()
        Thread.detachNewThread { [self] in
            while true {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                collected.withLock { $0 += data }
            }
            process.waitUntilExit()
            isEnded.open()
        }
    }

    deinit { stop() }

    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"

    /// The path of a program, if there is one.
    package static func find(_ name: String) -> String? {
        if name.hasPrefix("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Writes to standard input. A program that has ended reads nothing; why it ended is in its output.
    package func write(_ text: String) throws {
        do {
            try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            guard cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) else { throw error }
        }
    }

    /// What the program has printed so far.
    package var text: String { String(decoding: collected.withLock { $0 }, as: UTF8.self) }

    /// Waits until the output is as wanted, the program has ended, or the time is over; then ends it.
    package func output(until isEnough: (String) -> Bool, within seconds: Double = 120) throws -> Outcome {
        let deadline = Deadline(seconds)
        while deadline.secondsLeft > 0, !isEnded.wait(within: 0.01) {
            if isEnough(String(decoding: collected.withLock { $0 }, as: UTF8.self)) { break }
        }
        stop()
        isEnded.wait()
        return Outcome(bytes: collected.withLock { $0 }, status: process.isRunning ? nil : process.terminationStatus)
    }

    /// Waits until the program ends by itself, and ends it when the time is over.
    package func outcome(within seconds: Double = 120) -> Outcome {
        try? input.fileHandleForWriting.close()
        let isDone = isEnded.wait(within: seconds)
        stop()
        isEnded.wait()
        return Outcome(bytes: collected.withLock { $0 }, status: isDone ? process.terminationStatus : nil)
    }

    /// Whether it still runs.
    package var isRunning: Bool { process.isRunning }

    /// The process id.
    package var pid: Int32 { process.processIdentifier }

    /// Ends the program. It may have inherited a mask that blocks every signal that can be blocked.
    package func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

/// A program that a test needs is not there. Tests do not skip for that; they fail and say what to do.
package struct ProgramMissing: Error, CustomStringConvertible {
    /// The program.
    package let name: String
    /// The command that installs it.
    package let install: String

    /// Names a program and how to get it.
    package init(name: String, install: String) {
        self.name = name
        self.install = install
    }

    /// What to do.
    package var description: String {
        "\(name) is not installed; install it with: \(install)"
    }
}
