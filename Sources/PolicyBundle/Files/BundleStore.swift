// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Rego

/// Keeps the last good version of a bundle on disk, for a start without network.
///
/// What is kept is the archive as it was downloaded, so that its signature is verified again when it is read.
public struct BundleStore: Sendable {
    /// A kept archive.
    public struct Entry: Sendable, Hashable {
        /// The archive.
        public let archive: [UInt8]
        /// The tag by which the server knows it.
        public let entityTag: String?

        /// Describes an archive.
        public init(archive: [UInt8], entityTag: String?) {
            self.archive = archive
            self.entityTag = entityTag
        }
    }

    private let directory: String
    private let limits: BundleLimits

    /// Keeps bundles in a directory, which must be there.
    public init(directory: String, limits: BundleLimits = BundleLimits()) {
        self.directory = directory
        self.limits = limits
    }

    /// The file of a bundle. Names are encoded, since the operator chooses them.
    private func path(_ name: String) -> String {
        var file = ""
        for byte in name.utf8 {
            let isPlain = (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D
            file += isPlain ? String(UnicodeScalar(byte)) : "_" + String(byte, radix: 16) + "_"
        }
        return directory + "/" + file + ".bundle"
    }

    /// Replaces what is kept: a reader, and a crash, sees the old bytes or the new ones.
    public func keep(_ entry: Entry, as name: String) throws(BundleFailure) {
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let heading = heap.emptyObject()
        if let tag = entry.entityTag { heap.insert(heap.string("etag"), heap.string(tag), into: heading) }
        heap.insert(heap.string("size"), .integer(Int64(entry.archive.count)), into: heading)
        let path = path(name)
        let temporary = path + ".new"
        do {
            let file = try OpenDescriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            try file.write(JSONWriter.bytes(heading) + [UInt8(ascii: "\n")] + entry.archive)
            try file.synchronize()
        }
        guard rename(temporary, path) == 0 else { throw .file(path, "rename", errno) }
        try OpenDescriptor(directory, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// What is kept; nil if there is nothing.
    public func kept(_ name: String) throws(BundleFailure) -> Entry? {
        let file: OpenDescriptor
        do {
            file = try OpenDescriptor(path(name), O_RDONLY | O_NOFOLLOW)
        } catch {
            if case .file(_, _, ENOENT) = error { return nil }
            throw error
        }
        let bytes = try file.readAll(limit: limits.archiveBytes &+ limits.recordBytes)
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw .archive("the kept file is damaged") }
        let heading = try JSONDocument(Array(bytes[..<end])) { .archive($0) }
        defer { heading.hold() }
        let archive = Array(bytes[(end &+ 1)...])
        guard heading.member("size", of: heading.root).exactInteger == Int64(archive.count) else {
            throw .archive("the kept file is damaged")
        }
        let tag = heading.member("etag", of: heading.root)
        return Entry(archive: archive, entityTag: tag.isString ? tag.string : nil)
    }

    /// Removes what is kept.
    public func remove(_ name: String) throws(BundleFailure) {
        let path = path(name)
        guard unlink(path) == 0 || errno == ENOENT else { throw .file(path, "unlink", errno) }
    }
}
