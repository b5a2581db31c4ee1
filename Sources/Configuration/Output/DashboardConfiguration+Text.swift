// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols

extension DashboardConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writeListener(address, port: port, url: url?.description, tls: tls, &writer)
        writeLimits(Self.fields, self, &writer)
        let roles = [("viewer", viewers), ("operator", operators), ("admin", admins)].filter { $0.1 != Members() }
        guard !roles.isEmpty else { return }
        writer.section("roles") { writer in
            for (name, members) in roles {
                writer.section(name) { writer in
                    if !members.groups.isEmpty { writer.list("groups", members.groups) }
                    if !members.people.isEmpty { writer.list("people", members.people) }
                }
            }
        }
    }
}
