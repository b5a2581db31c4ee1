// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// What an agent shows to act within a task: 256 random bits, known to the agent alone.
///
/// The gate keeps the digest and never the handle, so that whoever reads the gate's files can act in no task.
public struct TaskHandle: Sendable, Hashable {
    private static let prefix = "th_"
    private let bytes: [UInt8]

    /// A new handle.
    public init(using generator: inout some RandomNumberGenerator) {
        bytes = RandomText.bytes(using: &generator)
    }

    /// Reads a handle; there is one spelling of each.
    public init?(_ text: some StringProtocol) {
        guard let bytes = RandomText.bytes(of: text, behind: Self.prefix) else { return nil }
        self.bytes = bytes
    }

    /// The handle itself, for the agent and for nobody else.
    public var secret: String { Self.prefix + StrictBase64.url.text(bytes) }

    /// SHA-256 of the handle, by which the gate knows it.
    public var digest: [UInt8] { Array(SHA256.hash(data: bytes)) }
}

extension TaskHandle: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
