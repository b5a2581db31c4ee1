// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// The gate itself.
struct SystemPage {
    let gate: any GateControl

    func page() async throws -> Page {
        let state = try await gate.status()
        var page = Page(.system)
        page.summary = "Yett \(state.version), \(state.state.rawValue) for \(Amount.time(seconds: state.uptimeSeconds))"
        page.content = Part.section(
            "process", "Process",
            Part.list([
                ("version", Part.name(state.version)),
                ("state", Part.badge(state.state.rawValue, state.state == .serving ? "good" : "wait")),
                ("process", "\(state.pid)"), ("up", "\(Amount.time(seconds: state.uptimeSeconds))"),
                ("trust domain", Part.name(state.trustDomain)), ("launches", "\(Amount.count(state.launches))"),
                ("connections", "\(Amount.count(state.connections))"),
                ("revocations", "\(Amount.count(state.revocations ?? 0))"),
                ("followed tasks", "\(Amount.count(state.followedTasks ?? 0))"),
            ]))
        page.content += Part.section(
            "listeners", "Listeners",
            "<ul class=\"plain\">\(state.listeners.map { "<li><code>\($0)</code></li>" as HTML })</ul>")
        if let identity = state.identity {
            page.content += Part.section(
                "identity", "Identity",
                Part.list([
                    ("source", Part.name(identity.source)),
                    ("the gate is", identity.id.map { Part.name($0) } ?? Part.nothing),
                    ("until", identity.expiresAt.map { "\(Amount.moment($0))" } ?? Part.nothing),
                    ("trust domains", "\(identity.trustDomains.joined(separator: ", "))"),
                    ("trouble", identity.problem.map { Part.name($0) } ?? Part.nothing),
                ]))
        }
        page.content += Part.section(
            "endpoints", "Endpoints of services",
            Part.table(
                "Endpoints of services", ["Service", "Endpoint", "State", "#Back in", "Trouble"],
                (state.endpoints ?? []).map { endpoint in
                    [
                        Part.name(endpoint.service), Part.name(endpoint.endpoint),
                        Part.badge(endpoint.state.rawValue, endpoint.state == .well ? "good" : "bad"),
                        endpoint.ejectedSeconds.map { "\(Amount.time(seconds: $0))" } ?? Part.nothing,
                        endpoint.problem.map { Part.name($0) } ?? Part.nothing,
                    ]
                }, empty: "No service has several endpoints."))
        return page
    }
}

/// Texts in addresses.
enum FormEncoded {
    /// Everything but unreserved characters escaped.
    static func text(_ text: String) -> String { FormText.escaped(text) }
}
