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
    /// The archive that it was read from, to be kept; nil for a delta, which is worth nothing without what it changes.
    public var archive: [UInt8]?

    /// An empty bundle.
    public init() {}

    /// Whether it only changes the data of an earlier bundle.
    public var isDelta: Bool { changes != nil }

    /// The bundle after the changes of a delta; either all are made or none.
    ///
    /// - Throws: if the other bundle is no delta, or one for other parts of data.
    public func applying(
        _ delta: BundleContent, limits: BundleLimits = BundleLimits()
    ) throws(BundleFailure) -> BundleContent {
        guard let changes = delta.changes else { throw .patch("the bundle is no delta") }
        guard !isDelta else { throw .patch("there is no data to change") }
        guard manifest.roots.isSame(as: delta.manifest.roots) else {
            throw .roots(
                "the roots \(delta.manifest.roots.list) are not those of the bundle in use, \(manifest.roots.list)")
        }
        var content = self
        content.data = try DataChange.apply(changes, to: data, limits: limits)
        content.manifest.revision = delta.manifest.revision
        content.manifest.metadata = delta.manifest.metadata
        content.signature = delta.signature
        content.entityTag = delta.entityTag
        return content
    }
}
