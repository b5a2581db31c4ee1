// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which parts of `data` a bundle owns: whatever lies at or below one of its roots.
public struct BundleRoots: Sendable, Hashable {
    /// The roots as paths; each part as bytes, since names that look alike are different names.
    private let paths: [[[UInt8]]]

    /// All of `data`.
    public static let everything = BundleRoots(paths: [[]])

    private init(paths: [[[UInt8]]]) {
        self.paths = paths
    }

    /// Reads the roots of a manifest, such as `app/roles`; `""` is everything.
    public init(_ roots: [String]) throws(BundleFailure) {
        var paths: [[[UInt8]]] = []
        for root in roots {
            let parts = root.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
            if let other = paths.first(where: { Self.overlap($0, parts) }) {
                throw .roots("the roots '\(root)' and '\(Self.text(other))' overlap")
            }
            paths.append(parts)
        }
        self.init(paths: paths)
    }

    /// The roots as a manifest writes them.
    public var list: [String] { paths.map(Self.text) }

    private static func text(_ path: [[UInt8]]) -> String {
        path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    private static func overlap(_ one: [[UInt8]], _ other: [[UInt8]]) -> Bool {
        one.starts(with: other) || other.starts(with: one)
    }

    /// Whether a path of `data` lies at or below a root.
    public func own(_ path: [[UInt8]]) -> Bool {
        paths.contains { path.starts(with: $0) }
    }

    /// Whether a root lies below a path, so that an object may stand there to hold it.
    public func lieBelow(_ path: [[UInt8]]) -> Bool {
        paths.contains { $0.starts(with: path) }
    }

    /// Whether both are the same roots in any order.
    func isSame(as other: BundleRoots) -> Bool {
        Set(paths) == Set(other.paths)
    }

    /// Whether two bundles would own the same document.
    public func overlap(_ other: BundleRoots) -> Bool {
        paths.contains { one in other.paths.contains { Self.overlap(one, $0) } }
    }

    /// Refuses bundles of which two own the same document.
    ///
    /// - Parameter bundles: the roots by the bundle's name.
    public static func checkDisjoint(_ bundles: [(name: String, roots: BundleRoots)]) throws(BundleFailure) {
        for (position, one) in bundles.enumerated() {
            for other in bundles.dropFirst(position &+ 1) where one.roots.overlap(other.roots) {
                throw .roots("the bundles '\(one.name)' and '\(other.name)' own the same part of data")
            }
        }
    }
}
