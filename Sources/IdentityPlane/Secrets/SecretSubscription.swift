// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protobufs
internal import SwiftProtobuf
internal import Transport

/// The state of one stream of secrets: what was asked for, what was sent, and what came of it.
struct SecretSubscription {
    typealias Request = Envoy_Service_Discovery_V3_DiscoveryRequest
    typealias Response = Envoy_Service_Discovery_V3_DiscoveryResponse

    /// What a request means.
    enum Meaning: Hashable {
        /// The first one, or one for other names: it is answered at once.
        case subscription
        /// The last response is in use.
        case acknowledgement
        /// The last response is not in use; Envoy keeps what it had.
        case rejection(code: Int32)
        /// It speaks of a response that another one has overtaken.
        case stale
    }

    /// The most names in one request.
    static let mostNames = 256
    /// The longest text in one request, in bytes: that of a SPIFFE ID.
    static let longestText = SPIFFEID.maximumBytes

    private var names: [String]?
    private var isAnswered = false
    private var version: UInt64 = 0
    private var nonce = ""
    private var sent: [Google_Protobuf_Any] = []
    private let makeNonce: () -> String

    init(makeNonce: @escaping () -> String = SecretSubscription.randomNonce) { self.makeNonce = makeNonce }

    /// Takes a request in.
    mutating func receive(_ request: Request) throws(CallStatus) -> Meaning {
        try Self.check(request)
        if !nonce.isEmpty, !request.responseNonce.isEmpty, !request.responseNonce.isSpelled(nonce) { return .stale }
        let isNew = names.map { Set($0) != Set(request.resourceNames) } ?? true
        names = request.resourceNames
        if isNew {
            isAnswered = false
            return .subscription
        }
        return request.hasErrorDetail ? .rejection(code: request.errorDetail.code) : .acknowledgement
    }

    /// Refuses a request that nothing here answers.
    static func check(_ request: Request) throws(CallStatus) {
        guard request.typeURL.isEmpty || request.typeURL.isSpelled(SecretSet.typeURL) else {
            throw CallStatus(.invalidArgument, "only secrets are discovered here")
        }
        let texts = request.resourceNames + [request.versionInfo, request.responseNonce]
        guard request.resourceNames.count <= mostNames, texts.allSatisfy({ $0.utf8.count <= longestText }) else {
            throw CallStatus(.invalidArgument, "a request has at most \(mostNames) names of \(longestText) bytes")
        }
    }

    /// What is to be sent when this is the state; `nil` when nobody asked, or nothing that was asked for has changed.
    mutating func response(_ state: IdentityState) throws(CallStatus) -> Response? {
        guard let names else { return nil }
        let secrets = try SecretSet(state).secrets(named: names)
        guard !isAnswered || secrets != sent else { return nil }
        isAnswered = true
        sent = secrets
        version &+= 1
        nonce = makeNonce()
        var response = Response()
        response.versionInfo = "\(version)"
        response.typeURL = SecretSet.typeURL
        response.nonce = nonce
        response.resources = secrets
        return response
    }

    /// Sixteen digits that nobody guesses.
    static func randomNonce() -> String {
        var generator = SystemRandomNumberGenerator()
        let number = UInt64.random(in: .min ... .max, using: &generator)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
