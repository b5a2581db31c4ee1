// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where the program's own identity and everybody's trust bundles come from: the embedded authority or a Workload API.
///
/// Planes ask nothing else about identity. An implementation keeps the state up to date by itself; what it hands out is a
/// value and never changes.
public protocol IdentitySource: Sendable {
    /// What is valid now, without waiting. Listeners ask for it at each handshake.
    ///
    /// - Throws: ``IdentitySourceError/notReady`` before the first state arrived, ``IdentitySourceError/denied`` when the
    ///   program has no identity any more, ``IdentitySourceError/expired`` when the issuer has been away for too long.
    func current() throws(IdentitySourceError) -> IdentityState

    /// Every state from now on. The first element is the current state, if there is one; a reader that is slow sees the
    /// latest state and none in between. It ends when the source is shut down.
    func updates() -> AsyncStream<IdentityState>

    /// A token that shows an identity of this program to `audience`.
    ///
    /// - Parameters:
    ///   - audience: at least one recipient.
    ///   - id: which identity; nil for the default one.
    func jwtSVID(audience: [String], id: SPIFFEID?) async throws(IdentitySourceError) -> JWTSVID

    /// Verifies a token that somebody presented.
    ///
    /// - Parameters:
    ///   - token: in compact form.
    ///   - audience: the recipient that must be among the token's.
    ///   - now: Unix seconds.
    func verify(
        jwtSVID token: [UInt8], audience: String, now: Int64
    ) async throws(IdentitySourceError) -> VerifiedJWTSVID
}

/// Everything that an ``IdentitySource`` knows at one moment. Each state is complete: what is missing was withdrawn.
public struct IdentityState: Sendable {
    /// The program's identities, the default one first. Never empty.
    public let svids: [X509SVID]
    /// The trust bundles, that of the own trust domain among them.
    public let bundles: TrustBundles

    /// The default identity.
    public let svid: X509SVID

    /// Grows with each change of identities or bundles; whoever keeps TLS contexts makes new ones when it does.
    public let version: UInt64

    /// A state with the default identity and, beside it, others.
    public init(svid: X509SVID, others: [X509SVID] = [], bundles: TrustBundles, version: UInt64) {
        self.svid = svid
        svids = [svid] + others
        self.bundles = bundles
        self.version = version
    }

    /// The bundle of the default identity's trust domain.
    public var ownBundle: TrustBundle? { bundles[svid.id.trustDomain] }
}

/// Why an ``IdentitySource`` does not give what it was asked for.
public enum IdentitySourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no state yet, or the issuer is overloaded; asking again later may help.
    case notReady
    /// The issuer says that this program has no identity, or not this one.
    case denied
    /// The last known identity is over and the issuer is away.
    case expired
    /// The request makes no sense, such as one without audience.
    case invalidRequest(String)
    /// A presented token is refused.
    case refused(JWTSVIDError)
    /// The issuer failed; the text says how, without any secret.
    case failed(String)

    /// What happened.
    public var description: String {
        switch self {
        case .notReady: "no identity is available yet"
        case .denied: "the issuer gives this program no such identity"
        case .expired: "the identity has expired and the issuer is away"
        case .invalidRequest(let why): "the request is invalid: \(why)"
        case .refused(let error): "the token is refused: \(error)"
        case .failed(let why): "the issuer failed: \(why)"
        }
    }
}
