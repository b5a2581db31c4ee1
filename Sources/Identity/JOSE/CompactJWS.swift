// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A signed token in compact form (RFC 7515 section 7.1), read strictly and **not verified**.
///
/// What it says becomes usable through ``verified(with:)`` only. JSON serialisations are refused, and so is any second
/// spelling of the same bytes.
public struct CompactJWS: Sendable {
    /// The protected header.
    public let header: JWSHeader
    /// What was signed, as long as nobody verified it: good for choosing a key and for nothing else.
    let unverifiedPayload: [UInt8]
    private let signature: [UInt8]
    private let signingInput: [UInt8]

    /// Reads a token.
    ///
    /// - Throws: ``JWSError`` that says which rule the token breaks.
    public init(parsing token: some Collection<UInt8>, limits: JWSLimits = .standard) throws(JWSError) {
        guard token.count <= limits.bytes else { throw .tooLong }
        let bytes = Array(token)
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let headerText = parts.first, let signatureText = parts.last, !headerText.isEmpty else {
            throw .notCompact
        }
        guard headerText.count <= limits.headerBytes else { throw .header }
        guard let headerBytes = StrictBase64.url.decode(headerText),
            let payload = StrictBase64.url.decode(parts[1]), let signature = StrictBase64.url.decode(signatureText)
        else { throw .encoding }
        header = try JWSHeader(parsing: headerBytes)
        unverifiedPayload = payload
        self.signature = signature
        signingInput = Array(bytes.prefix(bytes.count &- signatureText.count &- 1))
    }

    /// Checks the signature.
    ///
    /// - Throws: ``JWSError/otherAlgorithm`` or ``JWSError/signature``.
    public func verified(with key: some SignatureVerifier) throws(JWSError) -> VerifiedJWS {
        guard key.algorithms.contains(header.algorithm) else { throw .otherAlgorithm }
        guard key.isValid(signature: signature, of: signingInput, algorithm: header.algorithm) else { throw .signature }
        return VerifiedJWS(header: header, payload: unverifiedPayload)
    }
}

/// What judges signatures: a key that knows its algorithms.
public protocol SignatureVerifier {
    /// What signatures may be made with.
    var algorithms: Set<JWSAlgorithm> { get }
    /// Whether `signature` is one of `message` with `algorithm`; false for an algorithm that is not the key's.
    func isValid(signature: [UInt8], of message: [UInt8], algorithm: JWSAlgorithm) -> Bool
}

/// A token whose signature was verified.
public struct VerifiedJWS: Sendable, Hashable {
    /// The protected header.
    public let header: JWSHeader
    /// What was signed.
    public let payload: [UInt8]

    fileprivate init(header: JWSHeader, payload: [UInt8]) {
        self.header = header
        self.payload = payload
    }
}

extension CompactJWS: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension VerifiedJWS: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What bounds the work on a token before anything of it is decoded.
public struct JWSLimits: Sendable, Hashable {
    /// Bytes of the whole token.
    public let bytes: Int
    /// Bytes of the header as written.
    public let headerBytes: Int

    /// Limits with the given values.
    public init(bytes: Int = 16 * 1024, headerBytes: Int = 4 * 1024) {
        self.bytes = max(bytes, 0)
        self.headerBytes = max(headerBytes, 0)
    }

    /// The default limits.
    public static let standard = JWSLimits()
}
