// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Asks a provider, under the guard of whoever implements it: no redirect is followed, the address that was judged is the
/// address that is dialled, and time and size are bounded.
public protocol ProviderFetcher: Sendable {
    /// Sends a request and collects the answer.
    ///
    /// - Throws: ``ProviderFetchFailure``.
    func fetch(_ request: ProviderFetch) async throws(ProviderFetchFailure) -> ProviderAnswer
}

/// A request to a provider. Its header and its form hold secrets.
public struct ProviderFetch: Sendable {
    /// Where to.
    public var url: ProviderURL
    /// The value of `Authorization`.
    public var authorization: String?
    /// The form that is posted; `nil` for a request that only reads.
    public var form: String?
    /// The most bytes of an answer that are read.
    public var largestAnswer: Int

    /// Describes a request.
    public init(_ url: ProviderURL, authorization: String? = nil, form: String? = nil, largestAnswer: Int = 64 * 1024) {
        self.url = url
        self.authorization = authorization
        self.form = form
        self.largestAnswer = largestAnswer
    }
}

extension ProviderFetch: CustomStringConvertible, CustomReflectable {
    /// Scheme, host and port.
    public var description: String { url.origin }
    /// Scheme, host and port.
    public var customMirror: Mirror { Mirror(self, children: ["url": url.origin]) }
}

/// What a provider answered.
public struct ProviderAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The body.
    public var body: [UInt8]

    /// Collects the parts.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

extension ProviderAnswer: CustomStringConvertible, CustomReflectable {
    /// The status.
    public var description: String { "\(status)" }
    /// The status.
    public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}

/// Why a provider did not answer.
public struct ProviderFetchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, without anything of the request.
    public let description: String

    /// Says what happened.
    public init(_ description: String) { self.description = description }
}
