// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

extension MCPServiceSettings {
    /// Programs come and their output goes within messages.
    mutating func takeContent() {
        limits = MCPLimits(rpc: JSONRPCLimits(json: JSONLimits(bytes: 32 << 20, stringBytes: 32 << 20)))
        answers = MCPLimits(rpc: JSONRPCLimits(json: JSONLimits(bytes: 64 << 20, stringBytes: 32 << 20)))
    }
}

extension MCPServiceState {
    /// What is known of a server of the gate's own: its tools are those of this very program, and wait for nobody.
    convenience init(_ server: any BuiltInServer, name: String, settings: MCPServiceSettings) {
        self.init(name: name, settings: settings)
        let definitions = server.information.tools.compactMap { tool in
            tool.object.flatMap { try? MCPToolDefinition($0) }
        }
        _ = learn(definitions, MCPCatalogue.Page(cursor: nil, next: nil))
    }
}
