// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// What a bundle says of itself in `.manifest`.
public struct BundleManifest: Sendable, Hashable {
    /// The version, as its author calls it; empty if it has none.
    public var revision = ""
    /// Which parts of `data` the bundle owns.
    public var roots = BundleRoots.everything
    /// The version of the language of the modules; nil: the current one.
    public var regoVersion: Int?
    /// Versions of the language of some modules, by patterns of their paths.
    public var fileRegoVersions: [String: Int] = [:]
    /// What else the author notes, as JSON.
    public var metadata: [UInt8] = Array("{}".utf8)

    /// More would be no name of a version; it stands in every event of the decision log.
    private static let longestRevision = 256
    /// Each is compared with all others.
    private static let mostRoots = 1000
    /// More than these could need.
    private static let longest = 1 << 20

    /// A manifest that says nothing: the bundle owns everything.
    public init() {}

    /// Reads the content of `.manifest`.
    public init(_ bytes: [UInt8]) throws(BundleFailure) {
        guard bytes.count <= Self.longest else { throw .manifest("it has more than \(Self.longest) bytes") }
        let document = try JSONDocument(bytes) { .manifest($0) }
        defer { document.hold() }
        guard document.root.isObject else { throw .manifest("it is no object") }
        for (name, value) in document.members {
            switch name {
            case "revision":
                guard value.isString else { throw .manifest("'revision' is no string") }
                revision = value.string
                guard revision.utf8.count <= Self.longestRevision,
                    revision.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
                else {
                    throw .manifest(
                        "'revision' has control characters or more than \(Self.longestRevision) bytes")
                }
            case "roots":
                if value.tag == .null { continue }
                guard value.tag == .array else { throw .manifest("'roots' is no array") }
                guard value.count <= Self.mostRoots else { throw .manifest("more than \(Self.mostRoots) roots") }
                var paths: [String] = []
                for root in value.elements {
                    guard root.isString else { throw .manifest("a root is no string") }
                    paths.append(root.string)
                }
                roots = try BundleRoots(paths)
            case "rego_version":
                guard let version = value.exactInteger, version == 0 || version == 1 else {
                    throw .manifest("'rego_version' is neither 0 nor 1")
                }
                regoVersion = Int(version)
            case "file_rego_versions":
                guard value.isObject else { throw .manifest("'file_rego_versions' is no object") }
                for member in value.members {
                    guard let version = member.value.exactInteger, version == 0 || version == 1 else {
                        throw .manifest("'file_rego_versions' has a version that is neither 0 nor 1")
                    }
                    fileRegoVersions[member.key.string] = Int(version)
                }
            case "metadata":
                guard value.isObject else { throw .manifest("'metadata' is no object") }
                metadata = JSONWriter.bytes(value)
            default: break
            }
        }
    }
}
