// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// Where the gate writes, and which directories have to be writable for that.
///
/// The gate makes its directories itself, with mode 0700; so what is mounted is the directory above each of them.
struct PodDirectories {
    /// Directories that must outlive the process.
    private(set) var state: [String] = []
    /// Directories of sockets.
    private(set) var sockets: [String] = []

    /// Reads where the gate writes.
    init(_ configuration: GateConfiguration) throws(ManifestError) {
        var kept = [configuration.audit.directory]
        if configuration.identity.source == .embedded { kept.append(configuration.identity.directory) }
        if configuration.policy.bundles.contains(where: \.isRemote) {
            kept.append(configuration.policy.persistenceDirectory)
        }
        if let file = configuration.decisionLog.file { kept.append(try Self.parent(of: file)) }
        var socketDirectories = [try Self.parent(of: configuration.admin.socket)]
        let others = [configuration.identity.socket, configuration.mesh?.socket].compactMap(\.self)
        for path in others + configuration.unixListeners { socketDirectories.append(try Self.parent(of: path)) }

        for directory in kept {
            var above = try Self.parent(of: directory)
            while socketDirectories.contains(where: { $0.utf8.elementsEqual(above.utf8) }) {
                above = try Self.parent(of: above)
            }
            state.append(above)
        }
        state = Self.outermost(state)
        for directory in socketDirectories {
            let above = try Self.parent(of: directory)
            if !state.contains(where: { Self.isWithin(above, $0) }) { sockets.append(above) }
        }
        sockets = Self.outermost(sockets)
    }

    /// The directory above a path.
    private static func parent(of path: String) throws(ManifestError) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count > 1, path.utf8.first == UInt8(ascii: "/"), !parts.contains(where: { $0 == ".." || $0 == "." })
        else {
            throw ManifestError(
                "\(path): what the gate writes needs a directory of its own that is not right below /",
                remedy: "write a longer absolute path, such as /var/lib/yett/audit or /run/yett/admin.sock")
        }
        return "/" + parts.dropLast().joined(separator: "/")
    }

    private static func isWithin(_ path: String, _ directory: String) -> Bool {
        path.utf8.elementsEqual(directory.utf8) || path.utf8.starts(with: "\(directory)/".utf8)
    }

    private static func outermost(_ paths: [String]) -> [String] {
        var kept: [String] = []
        for path in paths where !kept.contains(where: { isWithin(path, $0) }) {
            kept.removeAll { isWithin($0, path) }
            kept.append(path)
        }
        return kept
    }
}

extension GateConfiguration {
    /// The paths of Unix sockets for agents.
    var unixListeners: [String] {
        (egress.listeners + (serviceProxy?.listeners ?? [])).compactMap { listener in
            if case .unix(let path, _) = listener.address { path } else { nil }
        }
    }
}
