// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// The key with which a gate signs what it says to the other gates of its cluster. It never leaves its file.
public enum MemberKey {
    /// The file in the directory of the audit log.
    public static let fileName = "cluster-key"

    /// Reads the key, or makes one at the first start.
    ///
    /// - Parameters:
    ///   - directory: That of the audit log, mode 0700.
    ///   - gate: The name under which the gate signs.
    public static func open(directory: String, gate: NoteName) throws(AuditLogError) -> NoteSigningKey {
        let path = "\(directory)/\(fileName)"
        return Files.exists(path)
            ? try KeyFile.read(path, name: gate, algorithm: .ed25519)
            : try KeyFile.create(path, name: gate, algorithm: .ed25519)
    }
}
