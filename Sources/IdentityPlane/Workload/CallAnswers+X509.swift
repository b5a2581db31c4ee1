// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protobufs
internal import SwiftProtobuf

extension CallAnswers {
    func fetchX509SVID(_ call: Call, _ caller: Issuer.Caller) async throws {
        _ = try await call.request(WorkloadX509SVIDRequest.self)
        try await follow(caller) { state in try await send(WorkloadX509SVIDResponse(state), call, caller) }
    }

    func fetchX509Bundles(_ call: Call, _ caller: Issuer.Caller) async throws {
        _ = try await call.request(WorkloadX509BundlesRequest.self)
        var last: WorkloadX509BundlesResponse?
        try await follow(caller) { state in
            let response = WorkloadX509BundlesResponse(state.bundles)
            guard response != last else { return }
            last = response
            try await send(response, call, caller)
        }
    }

    /// Runs `body` with what a caller is entitled to, now and whenever that changes.
    func follow(_ caller: Issuer.Caller, _ body: (IdentityState) async throws -> Void) async throws {
        var version: UInt64?
        while true {
            let state = try await issuer.identities(of: caller, after: version)
            try Task.checkCancellation()
            version = state.version
            try await body(state)
        }
    }
}

extension WorkloadX509SVIDResponse {
    /// The whole state of a caller; what is missing was withdrawn.
    init(_ state: IdentityState) {
        self.init()
        svids = state.svids.map { svid in
            var message = WorkloadX509SVID()
            message.spiffeID = svid.id.description
            message.x509Svid = .init(svid.certificateBytes)
            message.x509SvidKey = .init(svid.key.secretPKCS8())
            message.bundle = .init(state.bundles[svid.id.trustDomain]?.x509.certificateBytes ?? [])
            message.hint = svid.hint
            return message
        }
        let own = state.svid.id.trustDomain
        for trustDomain in state.bundles.trustDomains where trustDomain != own {
            federatedBundles[trustDomain.bundleKey] = .init(state.bundles[trustDomain]?.x509.certificateBytes ?? [])
        }
    }
}

extension WorkloadX509BundlesResponse {
    init(_ all: TrustBundles) {
        self.init()
        for trustDomain in all.trustDomains {
            bundles[trustDomain.bundleKey] = .init(all[trustDomain]?.x509.certificateBytes ?? [])
        }
    }
}

extension TrustDomain {
    /// How maps of bundles name a trust domain.
    var bundleKey: String { "spiffe://\(name)" }
}
