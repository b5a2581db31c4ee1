// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Something that was found. It says what and where, and never holds the bytes themselves.
public struct LeakFinding: Sendable, Hashable, CustomStringConvertible {
    /// The name of the secret, canary or rule.
    public let name: String

    /// What sort of thing.
    public let kind: LeakKind

    /// Whom a canary was given to.
    public let owner: String?

    /// The views through which it was seen, outermost first; empty for the text as it is.
    public let path: [LeakView]

    /// The first byte of the scanned stream or value that belongs to it.
    public let offset: Int

    /// How many bytes of the scanned stream or value it takes up, as encoded there.
    public let length: Int

    init(name: String, kind: LeakKind, owner: String? = nil, path: [LeakView], offset: Int, length: Int) {
        self.name = name
        self.kind = kind
        self.owner = owner
        self.path = path
        self.offset = offset
        self.length = length
    }

    /// Kind, name, views and place.
    public var description: String {
        let views = path.isEmpty ? "" : " (" + path.map(\.rawValue).joined(separator: " > ") + ")"
        return "\(kind.rawValue) \(name)\(views) at \(offset), \(length) bytes"
    }

    /// The same thing as part of a larger whole.
    func moved(by distance: Int, seenThrough views: [LeakView] = []) -> LeakFinding {
        LeakFinding(
            name: name, kind: kind, owner: owner, path: views + path, offset: offset &+ distance, length: length)
    }
}
