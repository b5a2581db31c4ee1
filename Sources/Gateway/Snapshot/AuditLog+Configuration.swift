// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Glibc
internal import Storage
internal import YettConfiguration

extension AuditLog {
    /// Opens the log that the configuration names.
    ///
    /// - Throws: ``GatewayError`` with the command that makes a missing directory.
    static func open(
        _ audit: AuditConfiguration, follower: (any AuditFollower)? = nil
    ) throws(GatewayError) -> AuditLog {
        guard let origin = NoteName(audit.origin) else {
            throw GatewayError(
                ["audit.origin “\(audit.origin)” is no name of a log: visible ASCII without spaces and “+”"],
                isConfiguration: true)
        }
        var configuration = AuditLog.Configuration(directory: audit.directory, origin: origin)
        configuration.durability = audit.durability == .disk ? .disk : .process
        configuration.checkpointMilliseconds = audit.checkpointInterval.wholeMilliseconds
        configuration.checkpointRecords = audit.checkpointRecords
        configuration.follower = follower
        do {
            if let key = audit.key { configuration.keyPath = try SecretReader.path(of: key) }
        } catch {
            throw GatewayError(["audit.key: \(error)"], isConfiguration: true)
        }
        let parent = SocketDirectory.parent(of: audit.directory)
        // One level is made as the directory itself would be; a longer missing path is more likely a mistake.
        if access(parent, F_OK) != 0, mkdir(parent, 0o700) != 0 {
            throw GatewayError(
                ["the audit directory \(audit.directory) cannot be made: \(parent) does not exist"],
                remedy: "type: install -d -m 0700 -o \(geteuid()) \(parent)")
        }
        do {
            return try AuditLog.open(configuration)
        } catch {
            throw GatewayError(["audit: \(error)"], remedy: remedy(for: error, directory: audit.directory))
        }
    }

    private static func remedy(for error: AuditLogError, directory: String) -> String? {
        switch error {
        case .file(_, _, let code) where code == EACCES || code == EPERM:
            "type as root: install -d -m 0700 -o \(geteuid()) \(directory)"
        case .insecure: "type: chmod 0700 \(directory)"
        case .tampered: "type: yett audit verify --directory \(directory)"
        default: nil
        }
    }
}
