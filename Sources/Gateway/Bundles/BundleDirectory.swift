// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import YettConfiguration

/// The directory in which the last good versions of bundles are kept.
enum BundleDirectory {
    /// Makes it, or sees to it that nobody else can put a bundle into it.
    ///
    /// - Throws: ``GatewayError`` with the command that helps.
    static func prepare(for policy: PolicyConfiguration) throws(GatewayError) {
        guard policy.bundles.contains(where: { $0.isRemote && $0.isPersistent }) else { return }
        let path = policy.persistenceDirectory
        let remedy = "type as root: install -d -m 0700 -o \(geteuid()) \(path)"
        for place in [SocketDirectory.parent(of: path), path] where access(place, F_OK) != 0 {
            guard mkdir(place, 0o700) == 0 || errno == EEXIST else {
                throw GatewayError(
                    ["policy.persistence_directory: \(place) cannot be made: \(String(cString: strerror(errno)))"],
                    remedy: remedy)
            }
        }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw GatewayError(["policy.persistence_directory: \(path) is no directory"], remedy: remedy)
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw GatewayError(
                ["policy.persistence_directory: others may write to \(path), and so choose the policy"], remedy: remedy)
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw GatewayError(["policy.persistence_directory: \(path) cannot be written to"], remedy: remedy)
        }
    }
}
