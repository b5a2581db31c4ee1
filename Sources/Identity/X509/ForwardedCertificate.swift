// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

/// A workload's certificate that somebody else verified in TLS and passes on as text, such as an Envoy. Its signatures are not
/// looked at here: it is as good as the word of whoever passes it on.
public enum ForwardedCertificate {
    /// The longest text that is read, in bytes.
    public static let maximumBytes = 48 * 1024

    private static let start = Array("-----BEGIN CERTIFICATE-----".utf8)
    private static let end = Array("-----END CERTIFICATE-----".utf8)

    /// How old the certificate is, and the key of whoever issued it.
    ///
    /// - Parameters:
    ///   - text: One certificate as PEM, with percent escapes.
    ///   - id: Whom it must name.
    /// - Returns: `nil` when it is not one certificate of that workload.
    public static func basis(of text: String, naming id: SPIFFEID) -> ProofBasis? {
        guard let leaf = certificate(in: text), (try? LeafProfile.identity(of: leaf)) == id else { return nil }
        var basis = ProofBasis()
        basis.certificateStart = leaf.notBefore
        let issuer = try? leaf.certificate.extensions.authorityKeyIdentifier
        basis.keys = (issuer?.keyIdentifier).map { [$0.hexadecimal] } ?? []
        return basis
    }

    private static func certificate(in text: String) -> EncodedCertificate? {
        guard text.utf8.count <= maximumBytes else { return nil }
        var bytes = unescaped(text)[...]
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        guard bytes.starts(with: start), bytes.count > start.count &+ end.count,
            bytes.suffix(end.count).elementsEqual(end)
        else { return nil }
        let content = bytes.dropFirst(start.count).dropLast(end.count).filter { !isSpace($0) }
        guard let der = StrictBase64.standard.decode(content) else { return nil }
        return try? EncodedCertificate(der: der)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D || byte == 0x20 }

    /// The bytes of a text with percent escapes; none when one of them is wrong.
    private static func unescaped(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return [] }
            output.append(high << 4 | low)
        }
        return output
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        default: nil
        }
    }
}
