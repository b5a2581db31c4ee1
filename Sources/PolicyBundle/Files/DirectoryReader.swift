// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Reads the files below a directory that the operator keeps.
///
/// A link to a file is followed, since orchestrators mount files that way; a link to a directory is not, and neither
/// are names that begin with two dots, under which they keep the versions.
struct DirectoryReader {
    private static let depthLimit = 64

    private let limits: BundleLimits
    private var listing = Listing()
    private var size = 0
    private var entryCount = 0

    /// What is below a directory.
    struct Listing {
        /// The files, sorted by path.
        var files: [BundleFile] = []
        /// The paths of all files and directories, the first one apart.
        var places: [String] = []
    }

    /// Reads everything below a directory.
    static func listing(of directory: String, limits: BundleLimits) throws(BundleFailure) -> Listing {
        var reader = DirectoryReader(limits: limits)
        try reader.read(directory, below: "", depth: 0)
        return reader.listing
    }

    private init(limits: BundleLimits) {
        self.limits = limits
    }

    private mutating func read(_ directory: String, below path: String, depth: Int) throws(BundleFailure) {
        guard depth <= Self.depthLimit else { throw .path(path, "stands too deep") }
        for name in try Self.names(in: directory, limit: limits.entries) {
            entryCount &+= 1
            if entryCount > limits.entries { throw .limit("more than \(limits.entries) files") }
            let place = directory + "/" + name
            guard let inner = try BundlePath.normalize(Array((path + name).utf8), limits: limits) else { continue }
            var status = stat()
            guard lstat(place, &status) == 0 else { throw .file(place, "lstat", errno) }
            listing.places.append(place)
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try read(place, below: inner + "/", depth: depth &+ 1)
            case S_IFREG, S_IFLNK: try readFile(place, inner)
            default: break
            }
        }
    }

    private mutating func readFile(_ place: String, _ path: String) throws(BundleFailure) {
        // Without waiting, so that a pipe put in a file's place does not hold the reader up.
        let file = try OpenDescriptor(place, O_RDONLY | O_NONBLOCK)
        guard try file.isFile() else { return }
        let bytes = try file.readAll(limit: limits.unpackedBytes &- size)
        size &+= bytes.count
        listing.files.append(BundleFile(path: path, bytes: bytes))
    }

    /// The names in a directory, sorted by their bytes.
    private static func names(in directory: String, limit: Int) throws(BundleFailure) -> [String] {
        guard let stream = opendir(directory) else { throw .file(directory, "opendir", errno) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name == [UInt8(ascii: ".")] || name.starts(with: "..".utf8) { continue }
            names.append(name)
            if names.count > limit { throw .limit("more than \(limit) files") }
        }
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names.map { String(decoding: $0, as: UTF8.self) }
    }
}
