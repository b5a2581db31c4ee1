// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A bundle that was read, checked and, where keys are configured, verified.
public struct BundleContent: Sendable {
    /// What it says of itself.
    public var manifest = BundleManifest()
    /// Its modules, sorted by path; none in a delta.
    public var modules: [BundleFile] = []
    /// Its data as one JSON object; empty in a delta.
    public var data: [UInt8] = Array("{}".utf8)
    /// The changes to the data of an earlier bundle; nil: the bundle stands for itself.
    public var changes: [DataChange]?
    /// Who vouches for it; nil if no keys are configured.
    public var signature: VerifiedSignature?
    /// The tag by which the server knows this version.
    public var entityTag: String?

    /// An empty bundle.
    public init() {}

    /// Whether it only changes the data of an earlier bundle.
    public var isDelta: Bool { changes != nil }
}
