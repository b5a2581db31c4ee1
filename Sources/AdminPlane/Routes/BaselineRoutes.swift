// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import Hummingbird
internal import NIOCore

/// What is usual for agents.
struct BaselineRoutes {
    let gate: any BaselineControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("risk/baseline") { _, _ in Answer(try await gate.baseline()) }
        router.post("risk/baseline") { request, context in
            // A baseline is longer than what this plane takes otherwise.
            let body = try await request.body.collect(upTo: BaselineRequest.largest)
            let wanted: BaselineRequest
            do {
                wanted = try AdminJSON.decoder.decode(BaselineRequest.self, from: Data(body.readableBytesView))
            } catch {
                throw AdminError(.malformed, "the body is no baseline", remedy: "yett risk ratify --help")
            }
            return Answer(try await gate.ratify(wanted, by: context.caller))
        }
    }
}
