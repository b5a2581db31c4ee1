// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Writes DER as PEM (RFC 7468).
public enum PEMText {
    private static let lineBytes = 64

    /// Certificates, one block after the other.
    public static func certificates(_ certificates: [EncodedCertificate]) -> [UInt8] {
        certificates.flatMap { block("CERTIFICATE", $0.der) }
    }

    /// A private key. A secret.
    package static func privateKey(_ key: SigningKey) -> [UInt8] { block("PRIVATE KEY", key.secretPKCS8()) }

    private static func block(_ label: String, _ der: [UInt8]) -> [UInt8] {
        var text = Array("-----BEGIN \(label)-----\n".utf8)
        var rest = StrictBase64.standard.encode(der)[...]
        while !rest.isEmpty {
            text.append(contentsOf: rest.prefix(lineBytes))
            text.append(UInt8(ascii: "\n"))
            rest = rest.dropFirst(lineBytes)
        }
        text.append(contentsOf: "-----END \(label)-----\n".utf8)
        return text
    }
}
