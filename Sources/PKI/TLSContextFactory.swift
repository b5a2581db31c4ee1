// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOSSL

/// TLS of clients that verify servers by name, as the public web has it. Where peers are workloads, see ``SVIDServerTLS``
/// and ``SVIDClientTLS``.
public enum TLSContextFactory {
    static func certificates(
        _ pem: [UInt8], part: String
    ) throws(TLSMaterialError) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(pem)
            if !certificates.isEmpty { return certificates }
        } catch {
            // Falls through: nothing that could be read is the same as nothing.
        }
        throw TLSMaterialError(part: part, problem: "holds no PEM certificate")
    }
}

/// Why TLS could not be set up.
public struct TLSMaterialError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The configuration key.
    public let part: String
    /// What is wrong with it.
    public let problem: String

    /// What is wrong; never any of the material.
    public var description: String { "\(part) \(problem)" }
}
