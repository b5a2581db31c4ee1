// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// Signs requests with AWS Signature Version 4.
///
/// It holds a secret key and shows nothing of it.
public struct SigV4Signer: Sendable {
    private let accessKeyID: String
    private let secretAccessKey: [UInt8]
    private let sessionToken: String?
    private let region: String
    private let service: String

    /// Whether `x-amz-content-sha256` is sent and signed; S3 has it always.
    public let sendsPayloadHash: Bool

    /// The names of the fields that a signature consists of, some of them or all.
    public static let fieldNames = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]

    private var isS3: Bool { service.utf8.elementsEqual("s3".utf8) }

    /// A signer for one service in one region; nil when one of the texts cannot stand in a header field.
    public init?(
        accessKeyID: String, secretAccessKey: [UInt8], sessionToken: String? = nil, region: String, service: String,
        sendsPayloadHash: Bool = true
    ) {
        for text in [accessKeyID, region, service] {
            guard !text.isEmpty, text.utf8.count <= 128, text.utf8.allSatisfy(Self.isNameByte) else { return nil }
        }
        guard !secretAccessKey.isEmpty, secretAccessKey.count <= 1024 else { return nil }
        if let sessionToken {
            guard !sessionToken.isEmpty, sessionToken.utf8.count <= 8192,
                sessionToken.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else { return nil }
        }
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.region = region
        self.service = service
        self.sendsPayloadHash = sendsPayloadHash || service.utf8.elementsEqual("s3".utf8)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        EncodedText.isUnreserved(byte) && byte != 0x7e
    }

    /// The header fields to add to a request: `x-amz-date`, `authorization`, and where they have a place
    /// `x-amz-content-sha256` and `x-amz-security-token`.
    public func sign(
        _ request: SigV4Request, at date: SigV4Date
    ) throws(SigV4Error) -> [SigV4Request.Field] {
        for field in request.fields {
            let name = field.name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            guard !Self.fieldNames.contains(where: { name.elementsEqual($0.utf8) }) else { throw .reservedField }
        }
        guard isS3 || request.payload != .unsigned else { throw .unsignedPayload }
        var added = [SigV4Request.Field(name: "x-amz-date", value: date.text)]
        if sendsPayloadHash {
            let hash = try SigV4CanonicalRequest.payloadText(request.payload)
            added.append(SigV4Request.Field(name: "x-amz-content-sha256", value: String(decoding: hash, as: UTF8.self)))
        }
        if let sessionToken { added.append(SigV4Request.Field(name: "x-amz-security-token", value: sessionToken)) }
        let canonical = try SigV4CanonicalRequest(request, adding: added, isDoublyEncoded: !isS3)
        let scope = "\(date.day)/\(region)/\(service)/aws4_request"
        let digest = EncodedText.hexadecimal(SHA256.hash(data: canonical.text))
        let message = Array("AWS4-HMAC-SHA256\n\(date.text)\n\(scope)\n".utf8) + digest
        var key = Array("AWS4".utf8) + secretAccessKey
        for part in [date.day, region, service, "aws4_request"] { key = Self.code(Array(part.utf8), key) }
        let signature = EncodedText.hexadecimal(Self.code(message, key))
        let value =
            Array("AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=".utf8) + canonical.signedNames
            + Array(", Signature=".utf8) + signature
        added.append(SigV4Request.Field(name: "authorization", value: String(decoding: value, as: UTF8.self)))
        return added
    }

    /// The path to send in place of this one. For S3 it is encoded as it is signed, so that it is the same whether the
    /// service encodes it again before it compares, or does not.
    public func forwardedPath(_ path: String) throws(SigV4Error) -> String {
        let canonical = try SigV4CanonicalRequest.path(Array(path.utf8), isDoublyEncoded: !isS3)
        return isS3 ? String(decoding: canonical, as: UTF8.self) : path
    }

    private static func code(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}

extension SigV4Signer: Confidential {
    /// The service and the region, and nothing about the key.
    public var description: String { "SigV4Signer(\(service), \(region))" }
}
