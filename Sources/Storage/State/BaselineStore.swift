// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Crypto

/// What is usual for agents, as people ratified it: each document by its digest, and which one is in force.
///
/// Documents lie beside the log and are never removed, so that a replay of the log finds those of its time.
public struct BaselineStore: Sendable {
    /// The longest document, in bytes.
    public static let largest = 17 << 20

    private let directory: String

    /// The store below the directory of an audit log; nothing is made before something is kept.
    public init(logDirectory: String) { directory = logDirectory + "/baselines" }

    /// The document with this digest, in lower hexadecimal digits; `nil` where there is none.
    ///
    /// - Throws: ``AuditLogError`` for a file that is not what its name says.
    public func document(_ digest: String) throws(AuditLogError) -> [UInt8]? {
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        let path = path(of: digest)
        guard let bytes = try Files.readIfPresent(path, limit: Self.largest) else { return nil }
        guard Self.digest(of: bytes).utf8.elementsEqual(digest.utf8) else {
            throw .insecure(path: path, reason: "is not the baseline that was ratified")
        }
        return bytes
    }

    /// The document in force.
    ///
    /// - Throws: ``AuditLogError`` when it is missing or another one.
    public func current() throws(AuditLogError) -> (digest: String, document: [UInt8])? {
        guard let bytes = try Files.readIfPresent(currentPath, limit: 65) else { return nil }
        let digest = String(decoding: bytes, as: UTF8.self)
        guard let document = try document(digest) else {
            throw .insecure(path: currentPath, reason: "names a baseline that is not there")
        }
        return (digest, document)
    }

    /// Keeps a document and puts it in force; it is on the device when the call returns.
    ///
    /// - Returns: its digest.
    public func enforce(_ document: [UInt8]) throws(AuditLogError) -> String {
        try Files.secureDirectory(directory)
        let digest = Self.digest(of: document)
        try Files.replace(path(of: digest), with: document, isDurable: true)
        try Files.replace(currentPath, with: Array(digest.utf8), isDurable: true)
        return digest
    }

    /// Puts nothing in force.
    public func enforceNothing() throws(AuditLogError) {
        guard Files.exists(directory) else { return }
        try Files.remove(currentPath)
        try Files.synchronizeDirectory(of: currentPath)
    }

    private var currentPath: String { directory + "/current" }

    private func path(of digest: String) -> String { "\(directory)/\(digest).json" }

    private static func digest(of bytes: [UInt8]) -> String { Hexadecimal.encode(Array(SHA256.hash(data: bytes))) }
}
