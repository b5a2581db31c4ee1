// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A file of a bundle.
public struct BundleFile: Sendable, Hashable {
    /// Where it stands, without a slash at the start: `roles/data.json`.
    public let path: String
    /// What it holds.
    public let bytes: [UInt8]

    /// Describes a file.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// The last part of the path.
    var name: Substring {
        Substring(path.utf8.suffix(from: nameStart))
    }

    /// The parts of the path before the name.
    var directory: [String] {
        path.utf8.prefix(upTo: nameStart).split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    private var nameStart: String.Index {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path.utf8.startIndex }
        return path.utf8.index(after: slash)
    }
}

/// The rules for names in archives, which others write.
enum BundlePath {
    /// The path without `/` or `./` at its start; nil if nothing is left, as in the name of the archive's top.
    ///
    /// - Throws: for parts that lead elsewhere or that two systems may read differently.
    static func normalize(_ bytes: some Collection<UInt8>, limits: BundleLimits) throws(BundleFailure) -> String? {
        let shown = String(decoding: bytes.prefix(80), as: UTF8.self)
        guard bytes.count <= limits.pathBytes else { throw .path(shown, "the name is too long") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .path(shown, "the name is not UTF-8") }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) {
            throw .path(shown, "the name has a control character or a backslash")
        }
        var rest = Substring(text).utf8[...]
        if rest.first == UInt8(ascii: "/") {
            rest = rest.dropFirst()
        } else if rest.elementsEqual(".".utf8) || rest.starts(with: "./".utf8) {
            rest = rest.dropFirst(2)
        }
        if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        if rest.isEmpty { return nil }
        for part in rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.isEmpty || part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
                throw .path(shown, "the name leads elsewhere")
            }
        }
        return String(Substring(rest))
    }
}
