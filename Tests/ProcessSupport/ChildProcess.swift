// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CTestSupport
package import Foundation
import Glibc
import Synchronization

/// A program that a test starts, with the surface of Foundation's `Process`.
///
/// Foundation's own finds the descriptors it has to close by reading `/proc/self/fd`, and copies past the end of what it
/// read; with a thousand threads that ends the tests with a segmentation fault. Here the C library closes them.
package final class ChildProcess: @unchecked Sendable {
    // Unchecked: what is set before the start is not changed afterwards; the end is kept under a lock.
    package var executableURL: URL?
    package var arguments: [String] = []
    /// The environment; `nil` for that of the tests.
    package var environment: [String: String]?
    package var currentDirectoryURL: URL?
    /// A `Pipe`, a `FileHandle`, or `nil` for that of the tests; the same for the other two.
    package var standardInput: Any?
    package var standardOutput: Any?
    package var standardError: Any?
    /// The number of the process; 0 before the start.
    package private(set) var processIdentifier: Int32 = 0
    private let ended = Mutex<Int32?>(nil)

    package init() {}

    /// Starts the program.
    package func run() throws {
        guard let path = executableURL?.path(percentEncoded: false) else { throw POSIXError(.ENOENT) }
        let streams = [standardInput, standardOutput, standardError].enumerated().map { number, stream in
            Self.end(of: stream, isRead: number == 0) ?? -1
        }
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        let directory = currentDirectoryURL.map { strdup($0.path(percentEncoded: false)) } ?? nil
        defer { free(directory) }
        let code = Self.withStrings([path] + arguments) { words in
            Self.withStrings(variables) { variables in
                yett_spawn_child(path, words, variables, directory, streams, &processIdentifier)
            }
        }
        guard code == 0 else {
            processIdentifier = 0
            throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
        }
        // What the program has is not held open by the tests as well, so that its end is seen.
        try? (standardInput as? Pipe)?.fileHandleForReading.close()
        for stream in [standardOutput, standardError] { try? (stream as? Pipe)?.fileHandleForWriting.close() }
    }

    /// Whether it has started and not ended.
    package var isRunning: Bool { processIdentifier != 0 && !reap() }

    /// Waits for its end.
    package func waitUntilExit() {
        guard processIdentifier != 0 else { return }
        var information = siginfo_t()
        while !reap() {
            _ = waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT)
        }
    }

    /// Its exit code, or the number of the signal that ended it.
    package var terminationStatus: Int32 {
        guard reap(), let status = ended.withLock({ $0 }) else { preconditionFailure("the program has not ended") }
        return status & 0x7f == 0 ? status >> 8 & 0xff : status & 0x7f
    }

    /// Asks it to end.
    package func terminate() {
        ended.withLock { if $0 == nil, processIdentifier != 0 { _ = kill(processIdentifier, SIGTERM) } }
    }

    /// Whether it has ended; its number is free afterwards.
    private func reap() -> Bool {
        ended.withLock { ended in
            guard ended == nil else { return true }
            var status: Int32 = 0
            guard waitpid(processIdentifier, &status, WNOHANG) == processIdentifier else { return false }
            ended = status
            return true
        }
    }

    private static func end(of stream: Any?, isRead: Bool) -> Int32? {
        switch stream {
        case let pipe as Pipe: (isRead ? pipe.fileHandleForReading : pipe.fileHandleForWriting).fileDescriptor
        case let file as FileHandle: file.fileDescriptor
        default: nil
        }
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(&pointers)
    }
}
