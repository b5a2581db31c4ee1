// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Synchronization

/// The tools that are in use at all servers, so that one server's tool cannot pass for another's.
final class MCPToolNames: Sendable {
    private let services = Mutex<[String: [String]]>([:])

    /// No tools.
    init() {}

    /// The names of a server's tools.
    func set(_ names: [String], of service: String) {
        services.withLock { $0[service] = Array(names.prefix(4096)) }
    }

    /// How a definition gets in the way of other servers' tools.
    ///
    /// - Parameter own: The tools of the same server, of which a definition may speak.
    func shadowing(
        by definition: MCPToolDefinition, of service: String, own: Set<String>
    ) -> Set<MCPToolDefinition.Shadowing> {
        let others = services.withLock { services in
            services.filter { !$0.key.utf8.elementsEqual(service.utf8) }.values.flatMap(\.self).prefix(8192)
        }
        var found: Set<MCPToolDefinition.Shadowing> = []
        for other in others {
            guard let way = definition.shadowing(of: other) else { continue }
            // A word that everybody uses means no tool; a name of several parts does.
            if way == .name || Self.isTelling(other) && !own.contains(other) { found.insert(way) }
            if found.count == 2 { break }
        }
        return found
    }

    private static func isTelling(_ name: String) -> Bool {
        var followsLower = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") { return true }
            if byte &- 0x41 < 26, followsLower { return true }
            followsLower = byte &- 0x61 < 26
        }
        return false
    }
}
