// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import FoundationEssentials
internal import SwiftASN1
public import X509

/// A certificate together with the bytes it was read from, and what is asked of it often.
///
/// The bytes are kept because signatures, thumbprints and the wire need them, and writing a parsed certificate again
/// costs more than keeping them.
public struct EncodedCertificate: Sendable {
    /// The DER encoding.
    public let der: [UInt8]
    /// What it says.
    public let certificate: Certificate
    /// Unix seconds from which it holds.
    public let notBefore: Int64
    /// Unix seconds until which it holds; the last second belongs to it.
    public let notAfter: Int64

    /// The longest certificate that is read, in bytes.
    public static let maximumBytes = 16 * 1024

    /// Reads one certificate.
    ///
    /// - Throws: ``CertificateError``: too long, or no certificate.
    public init(der: some Collection<UInt8>) throws(CertificateError) {
        guard der.count <= Self.maximumBytes else { throw .tooLong }
        let bytes = Array(der)
        do {
            self.init(der: bytes, certificate: try Certificate(derEncoded: bytes))
        } catch {
            throw .unreadable
        }
    }

    /// Takes a certificate that the program has made.
    ///
    /// - Throws: ``CertificateError/unreadable`` when it cannot be written.
    public init(_ certificate: Certificate) throws(CertificateError) {
        var serializer = DER.Serializer()
        do {
            try serializer.serialize(certificate)
        } catch {
            throw .unreadable
        }
        self.init(der: serializer.serializedBytes, certificate: certificate)
    }

    private init(der: [UInt8], certificate: Certificate) {
        self.der = der
        self.certificate = certificate
        // Dates of certificates have whole seconds and years up to 9999.
        notBefore = Int64(certificate.notValidBefore.timeIntervalSince1970.rounded(.down))
        notAfter = Int64(certificate.notValidAfter.timeIntervalSince1970.rounded(.down))
    }

    /// SHA-256 of the DER encoding, as `cnf.x5t#S256` has it (RFC 8705 section 3.1).
    public var thumbprint: [UInt8] { Array(SHA256.hash(data: der)) }

    /// Whether the certificate holds at `now`.
    ///
    /// - Parameter now: Unix seconds.
    public func isValid(at now: Int64) -> Bool { notBefore <= now && now <= notAfter }
}

extension EncodedCertificate: Hashable, CustomStringConvertible {
    /// Whether both have the same bytes.
    public static func == (left: EncodedCertificate, right: EncodedCertificate) -> Bool { left.der == right.der }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(der) }

    /// How long it is, and nothing of what it says.
    public var description: String { "certificate of \(der.count) bytes" }
}

/// Why bytes are no certificate.
public enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is longer than ``EncodedCertificate/maximumBytes``.
    case tooLong
    /// There are more certificates than are read.
    case tooMany
    /// It is no DER certificate, or its key is of a kind that is not supported.
    case unreadable

    /// What is wrong.
    public var description: String {
        switch self {
        case .tooLong: "a certificate has at most \(EncodedCertificate.maximumBytes) bytes"
        case .tooMany: "there are too many certificates"
        case .unreadable: "this is no X.509 certificate in DER with a supported key"
        }
    }
}
