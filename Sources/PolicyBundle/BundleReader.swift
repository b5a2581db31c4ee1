// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Rego

/// Reads bundles: unpacks, verifies, checks and merges.
public struct BundleReader: Sendable {
    /// How large a bundle may be.
    public var limits: BundleLimits
    /// The keys that must vouch for it; nil: none are configured.
    public var verification: BundleVerification?

    /// Makes a reader.
    public init(limits: BundleLimits = BundleLimits(), verification: BundleVerification? = nil) {
        self.limits = limits
        self.verification = verification
    }

    /// The bundle in a `.tar.gz`.
    public func read(archive bytes: [UInt8], entityTag: String? = nil) throws(BundleFailure) -> BundleContent {
        let unpacked = try Gzip.inflate(bytes, limits: limits)
        var content = try read(files: TarReader.files(in: unpacked, limits: limits))
        content.entityTag = entityTag
        return content
    }

    /// The bundle in a directory.
    public func read(directory: String) throws(BundleFailure) -> BundleContent {
        try read(files: DirectoryReader.listing(of: directory, limits: limits).files)
    }

    /// The bundle at a path, a directory or a `.tar.gz`, with the path of everything that was looked at.
    ///
    /// What was looked at before the bundle was refused is in `places`, too.
    public func read(path: String, places: inout [String]) throws(BundleFailure) -> BundleContent {
        places.append(path)
        let place = try OpenDescriptor(path, O_RDONLY | O_NONBLOCK)
        if try place.isFile() { return try read(archive: place.readAll(limit: limits.archiveBytes)) }
        let listing = try DirectoryReader.listing(of: path, limits: limits)
        places += listing.places
        return try read(files: listing.files)
    }

    /// The bundle of some files.
    public func read(files: [BundleFile]) throws(BundleFailure) -> BundleContent {
        var content = BundleContent()
        content.signature = try verification?.verify(files, limits: limits)
        if let manifest = files.first(where: { $0.path.utf8.elementsEqual(".manifest".utf8) }) {
            content.manifest = try BundleManifest(manifest.bytes)
        }
        if let patch = files.first(where: { $0.path.utf8.elementsEqual("patch.json".utf8) }) {
            try readDelta(patch, files, into: &content)
        } else {
            try readSnapshot(files, into: &content)
        }
        return content
    }

    private func readDelta(
        _ patch: BundleFile, _ files: [BundleFile], into content: inout BundleContent
    ) throws(BundleFailure) {
        for file in files where BundleData.isData(file.name) || Self.isModule(file) {
            throw .patch("a delta holds only .manifest and patch.json, not '\(file.path)'")
        }
        let changes = try DataChange.read(patch.bytes, limits: limits)
        for change in changes where !content.manifest.roots.own(change.path) {
            let shown = change.path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            throw .roots("the roots \(content.manifest.roots.list) do not permit a change at '/\(shown)'")
        }
        content.changes = changes
        content.data = []
    }

    private func readSnapshot(_ files: [BundleFile], into content: inout BundleContent) throws(BundleFailure) {
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let data = try BundleData(sorted.filter { BundleData.isData($0.name) }, limits: limits)
        try data.check(content.manifest.roots)
        content.data = data.json
        content.modules = sorted.filter(Self.isModule)
        for module in content.modules { try check(module, content.manifest.roots) }
    }

    private static func isModule(_ file: BundleFile) -> Bool {
        file.path.utf8.suffix(5).elementsEqual(".rego".utf8)
    }

    /// Refuses a module whose package lies outside of the roots.
    private func check(_ module: BundleFile, _ roots: BundleRoots) throws(BundleFailure) {
        guard module.bytes.count <= limits.moduleBytes else {
            throw .limit("the module '\(module.path)' has more than \(limits.moduleBytes) bytes")
        }
        let path: [[UInt8]]
        do throws(Diagnostics) {
            path = try Parser.parseModule(module.bytes, file: 0).package.dropFirst().map(\.bytes)
        } catch {
            let first = error.list.first.map { ":\($0.location.row): \($0.message)" } ?? ""
            throw .module(module.path + first)
        }
        guard roots.own(path) else {
            let shown = path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
            throw .roots("the roots \(roots.list) do not permit package '\(shown)' in '\(module.path)'")
        }
    }
}

/// Writes bundles.
public enum BundleWriter {
    /// The `.tar.gz` of some files; the same files give the same bytes.
    ///
    /// - Parameter signer: signs the files first, in place of a signature that is among them.
    public static func archive(_ files: [BundleFile], signer: BundleSigner? = nil) throws(BundleFailure) -> [UInt8] {
        var files = files
        if let signer {
            files.removeAll { $0.path.utf8.elementsEqual(BundleSignature.path.utf8) }
            files.append(try signer.signature(over: files))
        }
        return try Gzip.deflate(TarWriter.archive(files))
    }
}
