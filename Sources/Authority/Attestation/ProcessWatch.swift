// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Dispatch
internal import Glibc

/// Tells when a process has ended. It holds a pidfd, so that a recycled process id is not mistaken for it.
public final class ProcessWatch: Sendable {
    // Dispatch sources may be used from any thread; the module does not say so.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// Watches a process by its number.
    ///
    /// - Parameter ended: Called once, on a queue of its own.
    /// - Returns: `nil` when there is no such process.
    public convenience init?(_ process: Int32, ended: @escaping @Sendable () -> Void) {
        self.init(descriptor: yett_pidfd_open(process), ended: ended)
    }

    /// Watches the process of a pidfd, which it closes.
    init?(descriptor: CInt, ended: @escaping @Sendable () -> Void) {
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
    public func cancel() { source.cancel() }
}
