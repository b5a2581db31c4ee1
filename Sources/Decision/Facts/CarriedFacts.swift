// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an Envoy says of a request that it carries, beyond what facts of all planes have. Policies in the form of OPA's plugin
/// for Envoy read it; see ``DecisionPolicy/InputForm/envoy``.
public final class CarriedFacts: Sendable {
    /// Envoy's number of the request.
    public let id: String
    /// The host as Envoy has it, with its port.
    public let host: String
    /// `http` or `https`.
    public let scheme: String
    /// The version, such as `HTTP/1.1`.
    public let version: String
    /// The length of the body as Envoy tells it; -1 where it does not know.
    public let size: Int64
    /// All header fields, names in lower case; the pseudo-header fields of HTTP/2 are not among them.
    public let fields: [HTTPFacts.Field]
    /// The body, as far as Envoy shows it.
    public let body: [UInt8]
    /// Whether Envoy sent the body as bytes and not as text.
    public let isPacked: Bool
    /// Whether that is a part only.
    public let isPartial: Bool
    /// What the route says, in the order of the names.
    public let extensions: [(name: String, value: String)]
    /// Where the request came in.
    public let destination: Source
    /// The certificate that Envoy verified, as it sends it; empty where it does not.
    public let certificate: String

    /// Collects what Envoy says.
    public init(
        id: String, host: String, scheme: String, version: String, size: Int64, fields: [HTTPFacts.Field],
        body: [UInt8],
        isPacked: Bool, isPartial: Bool, extensions: [(name: String, value: String)], destination: Source,
        certificate: String
    ) {
        self.id = id
        self.host = host
        self.scheme = scheme
        self.version = version
        self.size = size
        self.fields = fields
        self.body = body
        self.isPacked = isPacked
        self.isPartial = isPartial
        self.extensions = extensions
        self.destination = destination
        self.certificate = certificate
    }
}
