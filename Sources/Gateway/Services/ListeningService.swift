// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle

/// A service that listens, with the place in the configuration that says where: what keeps it from that is told to the
/// operator in those words.
struct ListeningService: Service {
    let service: any Service
    /// The key and its value.
    let place: String

    func run() async throws {
        do {
            try await service.run()
        } catch {
            guard !(error is CancellationError) else { throw error }
            throw GatewayError(
                ["\(place): \(error)"],
                remedy: "see who has the address: ss -ltnp; for a Unix socket its directory must exist")
        }
    }
}
