// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Dispatch
internal import Glibc

/// Tells when a process has ended. It holds a pidfd, so that a recycled process id is not mistaken for it.
final class ProcessWatch: Sendable {
    // Dispatch sources may be used from any thread; the module does not say so.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// Watches a process.
    ///
    /// - Parameter ended: Called once, on a queue of its own.
    /// - Returns: `nil` when there is no such process.
    init?(_ process: Int32, ended: @escaping @Sendable () -> Void) {
        let descriptor = yett_pidfd_open(process)
        guard descriptor >= 0 else { return nil }
        // Readable from the moment the process ends; see pidfd_open(2).
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setCancelHandler { close(descriptor) }
        source.setEventHandler { [source] in
            source.cancel()
            ended()
        }
        source.activate()
    }

    /// Stops watching.
    func cancel() { source.cancel() }
}
