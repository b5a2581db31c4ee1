// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// The keys of a gate of a cluster. They never leave their files in the directory of the audit log.
public enum MemberKey: Sendable {
    /// Signs what the gate says to the other gates.
    case statements
    /// Signs what the gate has seen of the other gates' audit trees.
    case sightings

    /// The name of the file.
    public var fileName: String {
        switch self {
        case .statements: "cluster-key"
        case .sightings: "cluster-witness-key"
        }
    }

    private var algorithm: NoteVerifierKey.Algorithm {
        switch self {
        case .statements: .ed25519
        case .sightings: .cosignature
        }
    }

    /// Reads the key, or makes one at the first start.
    ///
    /// - Parameters:
    ///   - directory: That of the audit log, mode 0700.
    ///   - gate: The name under which the gate signs.
    public func open(directory: String, gate: NoteName) throws(AuditLogError) -> NoteSigningKey {
        let path = "\(directory)/\(fileName)"
        return Files.exists(path)
            ? try KeyFile.read(path, name: gate, algorithm: algorithm)
            : try KeyFile.create(path, name: gate, algorithm: algorithm)
    }
}
