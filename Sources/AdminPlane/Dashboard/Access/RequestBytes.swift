// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import NIOCore

/// The body of a posted form.
enum RequestBytes {
    /// How long it may take.
    private static let time = Duration.seconds(10)

    /// Reads all of it.
    ///
    /// - Throws: ``AdminError`` for one that is too long or too slow.
    static func read(_ request: Request) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                guard let body = try? await request.body.collect(upTo: FormFields.largestBody) else {
                    throw AdminError(.tooLarge, "a form has at most \(FormFields.largestBody) bytes")
                }
                return Array(body.readableBytesView)
            }
            group.addTask {
                try await Task.sleep(for: time)
                throw AdminError(.tooSlow, "the form did not come in time")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}
