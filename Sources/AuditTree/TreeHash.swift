// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A SHA-256 digest: a leaf hash, a node hash or a root (32 bytes).
public struct TreeHash: Hashable, Sendable {
    /// The number of bytes of every hash.
    public static let byteCount = 32

    // Four words in memory order, so that the struct is trivial and copies without reference counting.
    var word0: UInt64
    var word1: UInt64
    var word2: UInt64
    var word3: UInt64

    /// The hash whose bytes are all zero; it is no hash of anything and only fills space.
    public static let zero = TreeHash(word0: 0, word1: 0, word2: 0, word3: 0)

    init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Takes exactly 32 bytes; nil for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self = .zero
        withUnsafeMutableBytes(of: &self) { $0.copyBytes(from: bytes) }
    }

    /// Takes standard base64 with padding, exactly 44 characters.
    public init?(base64 text: some StringProtocol) {
        guard let bytes = Base64.decode(text.utf8) else { return nil }
        self.init(bytes)
    }

    /// Takes lower- or upper-case hexadecimal, exactly 64 digits.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(text.utf8) else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: self) { Array($0) }
    }

    /// Appends the 32 bytes.
    public func append(to buffer: inout [UInt8]) {
        withUnsafeBytes(of: self) { buffer.append(contentsOf: $0) }
    }

    /// Standard base64 with padding.
    public var base64: String { Base64.encode(bytes) }
}

extension TreeHash: CustomStringConvertible {
    /// Lower-case hexadecimal.
    public var description: String { Hexadecimal.encode(bytes) }
}
