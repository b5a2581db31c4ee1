// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a configuration does not say and a foreign system wants to know.
public struct RenderOptions: Sendable, Hashable {
    /// The namespace of the gate.
    public var namespace: ClusterName
    /// The namespace of the agents.
    public var agentsNamespace: ClusterName
    /// The namespace of the services to which a mesh leads.
    public var servicesNamespace: ClusterName
    /// The labels of agents' pods; empty for every pod of their namespace.
    public var agentsSelector: [PodLabel] = []
    /// How the gate runs in a cluster.
    public var mode: Mode = .deployment
    /// The image of the gate.
    public var image: String
    /// The image of the agents, which only a sidecar's manifest names.
    public var agentImage: String?
    /// Where a proxy on another machine reaches the gate; `nil` for the address of its listener.
    public var gateAddress: String?
    /// The path of the configuration on the gate's machine.
    public var configurationPath = "/etc/yett/yett.yaml"
    /// The path of the program on the gate's machine.
    public var programPath = "/usr/bin/yett"

    /// How the gate runs in a cluster.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// One gate for the cluster.
        case deployment
        /// A gate on each node.
        case daemonset
        /// A gate in each pod of an agent.
        case sidecar
    }

    /// The defaults.
    ///
    /// - Parameter image: The image of the gate, with its tag or digest.
    public init(image: String) {
        self.image = image
        namespace = .gate
        agentsNamespace = .agents
        servicesNamespace = .services
    }
}

/// A name that a cluster takes for a namespace: a DNS label.
public struct ClusterName: Sendable, Hashable, CustomStringConvertible {
    /// The label.
    public let description: String

    /// Reads a label (RFC 1123): small letters, digits and inner hyphens, at most 63 bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") })
        else { return nil }
        description = text
    }

    private init(unchecked text: String) { description = text }

    /// Where the gate runs unless somebody says otherwise.
    public static let gate = ClusterName(unchecked: "yett")
    /// Where agents run unless somebody says otherwise.
    public static let agents = ClusterName(unchecked: "yett-agents")
    /// Where the services of a mesh run unless somebody says otherwise.
    public static let services = ClusterName(unchecked: "yett-services")
}

/// A label of pods, as Kubernetes allows them.
public struct PodLabel: Sendable, Hashable {
    /// The key: a name of at most 63 bytes, perhaps behind a DNS name and a slash.
    public let key: String
    /// The value; may be empty.
    public let value: String

    /// Reads `key=value`.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        let names = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = names.last, Self.isName(name), parts[1].isEmpty || Self.isName(parts[1]) else { return nil }
        if names.count == 2 {
            let labels = names[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard names[0].utf8.count <= 253, labels.allSatisfy({ ClusterName($0) != nil }) else { return nil }
        }
        key = parts[0]
        value = parts[1]
    }

    private static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isOuter = { (byte: UInt8) in (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63, isOuter(first), isOuter(last) else {
            return false
        }
        return bytes.allSatisfy { isOuter($0) || "-_.".utf8.contains($0) }
    }
}
