// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc

/// The tiles and entry bundles of a log on disk.
struct TileStore: Sendable {
    let directory: String

    /// The bytes of a tile or bundle; of a partial one, when its file has gone, the start of the full one.
    func read(_ path: TilePath) throws(AuditLogError) -> [UInt8] {
        if let bytes = try Files.readIfPresent(directory + "/" + path.text) { return bytes }
        guard !path.isFull else {
            throw .file(path: directory + "/" + path.text, operation: "open", code: 2)
        }
        let full = try Files.read(directory + "/" + path.directory)
        switch path.level {
        case .hashes:
            return Array(full.prefix(path.width * TreeHash.byteCount))
        case .entries:
            let ranges = (try? EntryBundle.ranges(in: full)) ?? []
            guard ranges.count >= path.width else {
                throw .tampered(record: nil, decision: nil, reason: "\(path.directory) is damaged")
            }
            return Array(full[..<ranges[path.width - 1].upperBound])
        }
    }

    func write(_ path: TilePath, _ bytes: [UInt8]) throws(AuditLogError) {
        try Files.write(bytes, to: path.text, in: directory)
        if path.isFull { Files.removeFlatDirectory(directory + "/" + path.text + ".p") }
    }

    /// Waits until the full tiles and bundles of all levels that records of a range touch are on the device.
    func synchronize(records: Range<UInt64>) throws(AuditLogError) {
        guard let last = records.last else { return }
        var directories: Set<String> = []
        func synchronize(_ path: TilePath?) throws(AuditLogError) {
            guard let path, let file = try? OpenFile(directory + "/" + path.text, O_RDONLY) else { return }
            try file.synchronizeData()
            if let end = file.path.lastIndex(of: "/") { directories.insert(String(file.path[..<end])) }
        }
        for index in records.lowerBound / 256...last / 256 {
            try synchronize(TilePath(level: .entries, index: index))
        }
        for level in UInt8(0)..<8 {
            let shift = UInt64(level) * 8 + 8
            guard shift < 64 else { break }
            for index in records.lowerBound >> shift...last >> shift {
                try synchronize(TilePath(level: .hashes(level), index: index))
            }
        }
        for directory in directories { try OpenFile(directory, O_RDONLY | O_DIRECTORY).synchronize() }
    }

    /// A reader of hashes for a tree of `size` records.
    func hashes(size: UInt64) -> TileHashes {
        TileHashes(size: size) { path in try read(path) }
    }

    /// The root of a full hash tile.
    func root(level: UInt8, index: UInt64) throws(AuditLogError) -> TreeHash {
        guard let path = TilePath(level: .hashes(level), index: index) else { throw .noRecord(index) }
        let bytes = try read(path)
        guard bytes.count == TilePath.fullWidth * TreeHash.byteCount else {
            throw .tampered(record: nil, decision: nil, reason: "\(path.text) has \(bytes.count) bytes")
        }
        return MerkleHash.root(of: Self.split(bytes))
    }

    /// The hashes in the bytes of a tile.
    static func split(_ bytes: [UInt8]) -> [TreeHash] {
        stride(from: 0, to: bytes.count - TreeHash.byteCount + 1, by: TreeHash.byteCount).compactMap { start in
            TreeHash(bytes[start..<start + TreeHash.byteCount])
        }
    }
}
