// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Rego

/// The hash of a file as signatures list it.
enum FileDigest {
    /// The hashes that are strong enough.
    enum Algorithm: String, CaseIterable, Sendable {
        case sha256 = "SHA-256"
        case sha384 = "SHA-384"
        case sha512 = "SHA-512"
    }

    /// The hash of a file in hexadecimal digits. Manifest and data are hashed by value, so that their layout does not
    /// count.
    static func digest(_ file: BundleFile, _ algorithm: Algorithm, limits: BundleLimits) throws(BundleFailure) -> String
    {
        let bytes = try hashedBytes(file, limits: limits)
        switch algorithm {
        case .sha256: return hexadecimal(SHA256.hash(data: bytes))
        case .sha384: return hexadecimal(SHA384.hash(data: bytes))
        case .sha512: return hexadecimal(SHA512.hash(data: bytes))
        }
    }

    private static func hashedBytes(_ file: BundleFile, limits: BundleLimits) throws(BundleFailure) -> [UInt8] {
        let failure = { (detail: String) in BundleFailure.signature("\(file.path): \(detail)") }
        if ["data.json", ".manifest"].contains(where: { $0.utf8.elementsEqual(file.name.utf8) }) {
            let document = try JSONDocument(file.bytes, limits: limits, failure: failure)
            defer { document.hold() }
            return JSONWriter.bytes(document.root)
        }
        if file.name.utf8.elementsEqual("data.yaml".utf8) {
            let heap = Heap()
            defer { withExtendedLifetime(heap) {} }
            return JSONWriter.bytes(try StructuredText.yaml(file.bytes, into: heap, failure: failure))
        }
        return file.bytes
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
