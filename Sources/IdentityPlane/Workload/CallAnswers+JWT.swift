// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protobufs
internal import Protocols
internal import SwiftProtobuf
internal import Transport

extension CallAnswers {
    /// The most recipients of one token, and the longest name of one.
    private static var audienceLimits: (count: Int, bytes: Int) { (64, 2048) }

    func fetchJWTSVID(_ call: Call, _ caller: Issuer.Caller) async throws {
        let request = try await call.request(WorkloadJWTSVIDRequest.self)
        guard !request.audience.isEmpty, request.audience.allSatisfy({ !$0.isEmpty }) else {
            throw CallStatus(.invalidArgument, "audience must be specified")
        }
        guard request.audience.count <= Self.audienceLimits.count,
            request.audience.allSatisfy({ $0.utf8.count <= Self.audienceLimits.bytes })
        else { throw CallStatus(.invalidArgument, "the audience is too long") }
        let id = try identity(named: request.spiffeID)
        let tokens = try await issuer.jwtSVIDs(of: caller, audience: request.audience, id: id)
        guard !tokens.isEmpty else { throw CallStatus(.permissionDenied, "no identity issued") }
        var response = WorkloadJWTSVIDResponse()
        response.svids = tokens.map { token in
            var message = WorkloadJWTSVID()
            message.spiffeID = token.id.description
            message.svid = String(decoding: token.secretToken(), as: UTF8.self)
            message.hint = token.hint
            return message
        }
        try await send(response, call, caller)
    }

    func fetchJWTBundles(_ call: Call, _ caller: Issuer.Caller) async throws {
        _ = try await call.request(WorkloadJWTBundlesRequest.self)
        var last: WorkloadJWTBundlesResponse?
        try await follow(caller) { state in
            let response = WorkloadJWTBundlesResponse(state.bundles)
            guard response != last else { return }
            last = response
            try await send(response, call, caller)
        }
    }

    func validateJWTSVID(_ call: Call, _ caller: Issuer.Caller) async throws {
        let request = try await call.request(WorkloadValidateJWTSVIDRequest.self)
        guard !request.audience.isEmpty else { throw CallStatus(.invalidArgument, "audience must be specified") }
        guard !request.svid.isEmpty else { throw CallStatus(.invalidArgument, "svid must be specified") }
        let state = try await issuer.identities(of: caller, after: nil)
        let verified = try await source.verify(
            jwtSVID: Array(request.svid.utf8), audience: request.audience, now: now())
        // The gate may trust more domains than the caller may know of.
        guard state.bundles[verified.id.trustDomain] != nil else {
            throw CallStatus(.invalidArgument, "the token's trust domain is not one of the caller's")
        }
        var response = WorkloadValidateJWTSVIDResponse()
        response.spiffeID = verified.id.description
        let isOwn = state.svids.contains { $0.id.trustDomain == verified.id.trustDomain }
        response.claims = Google_Protobuf_Struct(claimsOf: verified, all: isOwn)
        try await send(response, call, caller)
    }

    private func identity(named text: String) throws(CallStatus) -> SPIFFEID? {
        guard !text.isEmpty else { return nil }
        do throws(SPIFFEIDError) {
            return try SPIFFEID(parsing: text)
        } catch {
            throw CallStatus(.invalidArgument, "spiffe_id is no SPIFFE ID")
        }
    }
}

extension WorkloadJWTBundlesResponse {
    init(_ all: TrustBundles) {
        self.init()
        for trustDomain in all.trustDomains {
            bundles[trustDomain.bundleKey] = .init(all[trustDomain]?.jwt.keySetBytes ?? [])
        }
    }
}

extension JWTBundle {
    /// The keys as a JWK set. It has no other keys, so that none says what it is for.
    fileprivate var keySetBytes: [UInt8] {
        let keys = authorities.map { authority in
            var key = authority.jsonWebKey
            key.use = nil
            return key.json
        }
        let set: JSONValue = ["keys": .array(keys)]
        return set.bytes
    }
}
