// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// The directories that the gate makes and writes in.
struct WrittenDirectories {
    /// Those whose content must outlive the process.
    let state: [String]
    /// Those of sockets.
    let sockets: [String]

    /// Reads where the gate writes.
    init(_ configuration: GateConfiguration) throws(ManifestError) {
        var state = [configuration.audit.directory]
        if configuration.identity.source == .embedded { state.append(configuration.identity.directory) }
        if configuration.policy.bundles.contains(where: \.isRemote) {
            state.append(configuration.policy.persistenceDirectory)
        }
        if let file = configuration.decisionLog.file { state.append(try Self.parent(of: file)) }
        var sockets = [try Self.parent(of: configuration.admin.socket)]
        let others = [configuration.identity.socket, configuration.mesh?.socket].compactMap(\.self)
        for path in others + configuration.unixListeners { sockets.append(try Self.parent(of: path)) }
        self.state = state
        self.sockets = sockets
    }

    /// The directory above a path.
    static func parent(of path: String) throws(ManifestError) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count > 1, path.utf8.first == UInt8(ascii: "/"), !parts.contains(where: { $0 == ".." || $0 == "." })
        else {
            throw ManifestError(
                "\(path): what the gate writes needs a directory of its own that is not right below /",
                remedy: "write a longer absolute path, such as /var/lib/yett/audit or /run/yett/admin.sock")
        }
        return "/" + parts.dropLast().joined(separator: "/")
    }
}

/// What is mounted in a pod, so that the gate can write.
///
/// The gate makes its directories itself, with mode 0700; so what is mounted is the directory above each of them.
struct PodDirectories {
    /// Where what must outlive the process is mounted.
    private(set) var state: [String] = []
    /// Where memory for sockets is mounted.
    private(set) var sockets: [String] = []

    /// Reads where the gate writes.
    init(_ configuration: GateConfiguration) throws(ManifestError) {
        let written = try WrittenDirectories(configuration)
        for directory in written.state {
            var above = try WrittenDirectories.parent(of: directory)
            while written.sockets.contains(where: { $0.utf8.elementsEqual(above.utf8) }) {
                above = try WrittenDirectories.parent(of: above)
            }
            state.append(above)
        }
        state = Self.outermost(state)
        for directory in written.sockets {
            let above = try WrittenDirectories.parent(of: directory)
            if !state.contains(where: { Self.isWithin(above, $0) }) { sockets.append(above) }
        }
        sockets = Self.outermost(sockets)
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
