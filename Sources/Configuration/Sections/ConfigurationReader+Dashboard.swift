// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `dashboard`.
    ///
    /// - Parameter hasPeople: Whether people sign in anywhere.
    func readDashboard(_ value: Value, hasPeople: Bool) -> DashboardConfiguration? {
        guard var section = value.mapping("dashboard") else { return nil }
        let address = section.required("address").flatMap {
            socketAddress($0, "an address with a port such as \"127.0.0.1:8445\"", minimumPort: 0)
        }
        let url = section.value("url")
        let tls = section.value("tls")
        let roles = section.value("roles")
        var dashboard = DashboardConfiguration(
            address: address?.address ?? .v4(IPv4Address(127, 0, 0, 1)), port: address?.port ?? 0)
        dashboard = readLimits(&section, dashboard, DashboardConfiguration.fields)
        section.finish()
        dashboard.tls = tls.flatMap { readPagesTLS($0) }
        if let url { dashboard.url = readURL(url, isSecure: tls != nil) }
        if let roles { read(roles, into: &dashboard) }
        if let roles, !hasPeople {
            roles.error("roles are for people who sign in: add a section people, or leave roles out")
        }
        guard let address else { return nil }
        if tls == nil, !address.address.isLoopback {
            value.error("the dashboard is served over TLS: add tls, or listen on a loopback address")
        }
        if tls != nil, url == nil {
            value.error("'url' is missing in dashboard: the name that the certificate is for")
        }
        if [dashboard.idle, dashboard.session].contains(where: { $0.components.attoseconds != 0 }) {
            value.error("the times of the dashboard are whole seconds")
        }
        if dashboard.idle > dashboard.session { value.error("idle must not be longer than session") }
        return dashboard
    }

    private func read(_ value: Value, into dashboard: inout DashboardConfiguration) {
        guard var section = value.mapping("roles") else { return }
        dashboard.viewers = section.value("viewer").map { readMembers($0) } ?? dashboard.viewers
        dashboard.operators = section.value("operator").map { readMembers($0) } ?? dashboard.operators
        dashboard.admins = section.value("admin").map { readMembers($0) } ?? dashboard.admins
        section.finish()
    }

    private func readMembers(_ value: Value) -> DashboardConfiguration.Members {
        var members = DashboardConfiguration.Members()
        guard var section = value.mapping("a role") else { return members }
        let groups = section.value("groups")
        let people = section.value("people")
        members.groups = groups?.list("groups") { readGroup($0) } ?? []
        members.people = people?.list("people") { readPerson($0) } ?? []
        section.finish()
        if groups == nil, people == nil {
            value.error("a role without groups and people is nobody's: name some, or leave the role out")
        }
        return members
    }

    private func readGroup(_ value: Value) -> String? {
        guard let text = value.text("the name of a group") else { return nil }
        guard (1...256).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\u{7f}" })
        else {
            value.error("the name of a group has 1 to 256 bytes and no control characters")
            return nil
        }
        return text
    }

    private func readPerson(_ value: Value) -> String? {
        let expected = "a person as issuer, '#' and subject, such as \"https://login.example.org#alice\""
        guard let text = value.text(expected) else { return nil }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let issuer = ProviderURL(String(parts[0])), !issuer.hasQuery,
            (1...255).contains(parts[1].utf8.count),
            parts[1].unicodeScalars.allSatisfy({ (0x21...0x7e).contains($0.value) })
        else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }
}
