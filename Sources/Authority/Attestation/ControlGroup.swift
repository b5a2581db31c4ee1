// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// The unit and the container that a control group belongs to.
///
/// Users may make groups of any name below their own one. Therefore the unit is the first one from the root, which the
/// system's service manager made, and no container is believed below a user's groups.
struct ControlGroup: Sendable, Hashable {
    /// The unit of the system's service manager, such as `agent.service`.
    var unit: String?
    /// The container, by 64 hexadecimal digits.
    var container: String?

    private static let unitEndings = [".service", ".scope"]
    private static let containerPrefixes = ["docker-", "libpod-", "cri-containerd-", "crio-", "containerd-"]
    private static let userSlice = "user.slice"

    /// Reads `/proc/<pid>/cgroup`.
    init?(file: [UInt8]) {
        var unified: [String]?
        var managed: [String]?
        for line in file.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let path = String(validating: fields[2], as: UTF8.self),
                path.utf8.first == UInt8(ascii: "/")
            else { return nil }
            let parts = path.split(separator: "/").map(String.init)
            // Seen from outside of what the gate can see.
            guard !parts.contains("..") else { return nil }
            if fields[0].elementsEqual("0".utf8), fields[1].isEmpty { unified = parts }
            if fields[1].elementsEqual("name=systemd".utf8) { managed = parts }
        }
        // A machine with both kinds: the service manager's own hierarchy says which unit it is.
        guard let parts = managed ?? unified else { return nil }
        unit = Self.unit(parts)
        container = Self.container(parts)
    }

    private static func unit(_ parts: [String]) -> String? {
        for part in parts {
            if part.utf8.reversed().starts(with: ".slice".utf8.reversed()) { continue }
            let isUnit = unitEndings.contains { part.utf8.reversed().starts(with: $0.utf8.reversed()) }
            return isUnit ? part : nil
        }
        return nil
    }

    private static func container(_ parts: [String]) -> String? {
        guard let first = parts.first, !first.utf8.elementsEqual(userSlice.utf8) else { return nil }
        // The outermost one: what is nested in a container is named by the container.
        for part in parts {
            var name = part.utf8[...]
            for prefix in containerPrefixes where name.starts(with: prefix.utf8) {
                name = name.dropFirst(prefix.utf8.count)
            }
            if name.reversed().starts(with: ".scope".utf8.reversed()) { name = name.dropLast(".scope".utf8.count) }
            if let identifier = String(name), (try? Selector(parsing: "container:id:" + identifier)) != nil {
                return identifier
            }
        }
        return nil
    }
}
