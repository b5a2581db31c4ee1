// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Outbound

/// Why the bundle of a foreign trust domain was not renewed. The one that was known stands.
public enum FederationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The document could not be fetched. The second text says why an endpoint was not recognised by its SPIFFE ID.
    case fetch(OutboundError, String?)
    /// The endpoint answered with this status instead of 200.
    case status(UInt16)
    /// What came is no bundle document.
    case document(BundleDocumentError)
    /// The document is older than the one that is known.
    case older(known: UInt64, offered: UInt64?)
    /// The URL's addresses cannot be excepted in this way.
    case networks(String)

    /// What happened.
    public var description: String {
        switch self {
        case .fetch(let error, let detail): "\(error)\(detail.map { "; \($0)" } ?? "")"
        case .status(let status): "the endpoint answers with status \(status)"
        case .document(let error): "the endpoint's document is refused: \(error)"
        case .older(let known, let offered?):
            "the endpoint's document has sequence \(offered), which is older than the known \(known)"
        case .older(let known, nil): "the endpoint's document has no sequence; the known one has \(known)"
        case .networks(let why): "the addresses that are allowed for the endpoint cannot be used: \(why)"
        }
    }
}

/// What came of one look at an endpoint, for the operator.
public struct FederationReport: Sendable, Hashable, CustomStringConvertible {
    /// Whose bundle it is.
    public let trustDomain: TrustDomain
    /// What came of it.
    public let outcome: Outcome

    /// What can come of a look.
    public enum Outcome: Sendable, Hashable {
        /// Nothing has changed.
        case unchanged
        /// There is a new bundle.
        case changed(TrustBundle)
        /// The look failed; what was known stands until the next one.
        case failed(FederationError)
        /// The bundle counts, but could not be kept on disk.
        case unsaved(String)
    }

    /// Whether an operator ought to see it.
    public var isTrouble: Bool {
        switch outcome {
        case .unchanged, .changed: false
        case .failed, .unsaved: true
        }
    }

    /// One sentence for a log line.
    public var description: String {
        switch outcome {
        case .unchanged: "the bundle of \(trustDomain) is unchanged"
        case .changed(let bundle):
            "the bundle of \(trustDomain) has changed: sequence \(bundle.sequence.map { "\($0)" } ?? "none"),"
                + " \(bundle.x509.authorities.count) authorities, \(bundle.jwt.authorities.count) keys"
        case .failed(let error): "the bundle of \(trustDomain) was not renewed, the known one stands: \(error)"
        case .unsaved(let why): "the bundle of \(trustDomain) is not kept across a restart: \(why)"
        }
    }
}
