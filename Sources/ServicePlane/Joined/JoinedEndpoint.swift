// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The MCP servers behind one endpoint.
public struct JoinedEndpoint: Sendable {
    /// The name of the service that the endpoint is.
    public let name: String
    /// The services, in their order. None has two underscores in a row in its name, or one at its end.
    public let members: [String]
    /// Web origins whose pages may reach the endpoint.
    public let origins: [String]

    /// Describes an endpoint.
    public init(name: String, members: [String], origins: [String] = []) {
        self.name = name
        self.members = members
        self.origins = origins
    }

    func has(_ member: String) -> Bool { members.contains { $0.utf8.elementsEqual(member.utf8) } }
}
