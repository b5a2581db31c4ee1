// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Protocols

extension ConfigurationReader {
    /// Where a decoy would be, were it anywhere.
    static var decoyPlace: Endpoint? { try? Endpoint(parsing: "decoy.invalid:80") }

    /// Reports what a decoy cannot have.
    func refuseForDecoy(_ section: inout MappingReader, _ service: inout ServiceConfiguration) {
        service.isDecoy = true
        for key in Self.needsHost + ["protocol", "stdio", "servers", "tools", "tasks", "openapi"] {
            guard let other = section.value(key) else { continue }
            other.error("'\(key)' is for services that are somewhere; nothing is ever sent to a decoy")
        }
    }

    /// Reads `decoys` of an MCP server.
    func readDecoys(_ value: Value) -> [DecoyTool] {
        guard var section = value.mapping("tools with what they are said to do") else { return [] }
        if section.isEmpty { value.error("at least one tool is expected here") }
        return section.all().compactMap { entry in
            guard MCPNames.isToolName(entry.name) else {
                context.error(entry.place, "the name of a tool has 1 to 128 letters, digits, '-', '_' and '.'")
                return nil
            }
            guard let text = entry.value.text("what the tool is said to do") else { return nil }
            guard (1...1024).contains(text.utf8.count) else {
                entry.value.error("what a tool is said to do has 1 to 1024 bytes")
                return nil
            }
            return DecoyTool(name: entry.name, text: text)
        }
    }
}
