// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import Protocols
internal import YettConfiguration

/// A place to which the gate may connect.
struct Destination: Sendable, Hashable {
    let host: HostPattern
    let ports: PortSet
    /// What is spoken there, as far as the configuration says it.
    var transport = Transport.unknown
    /// Whose doing it is: a grant, or the gate itself by a key of the configuration.
    let reason: String

    /// What is spoken at a place.
    enum Transport: Sendable, Hashable {
        case unknown
        case plainHTTP
        case tls
        case bytes
    }
}

extension GateConfiguration {
    /// Where agents' grants lead, in the order of the file. Decoys and local servers lead nowhere.
    var grantedDestinations: [Destination] {
        var all: [Destination] = []
        for agent in agents {
            for entry in agent.grants {
                let service = entry.service.flatMap { name in
                    services.first { $0.name.utf8.elementsEqual(name.utf8) }
                }
                let reason = "\(agent.name)/\(entry.grant.name)"
                guard let service else {
                    all += entry.grant.hosts.map { Destination(host: $0, ports: entry.grant.ports, reason: reason) }
                    continue
                }
                guard service.isSomewhere else { continue }
                for place in service.places {
                    all.append(
                        Destination(
                            host: HostPattern(place.host), ports: PortSet([place.port...place.port]),
                            transport: service.transport, reason: reason))
                }
            }
        }
        return all
    }

    /// Where the gate connects of its own accord.
    var ownDestinations: [Destination] {
        var urls: [(String, String)] = []
        for bundle in policy.bundles {
            if case .url(let url) = bundle.source { urls.append(("policy.bundles", url)) }
        }
        urls += [("decision_log.url", decisionLog.url)].compactMap { key, url in url.map { (key, $0) } }
        urls += audit.witnesses.map { ("audit.witnesses", $0.url) }
        urls += identity.federation.map { ("identity.federation", $0.url) }
        urls += (people?.providers ?? []).map { ("people.providers", $0.provider.issuer.description) }
        for receiver in signals?.receivers ?? [] {
            if case .url(let url) = receiver.keys { urls.append(("signals.receivers", url.description)) }
            if case .poll(let poll) = receiver.delivery { urls.append(("signals.receivers", poll.url)) }
        }
        urls += (signals?.streams ?? []).map { ("signals.transmitter", $0.url) }
        if let webhook = approvals.webhook { urls.append(("approvals.webhook", webhook.url)) }
        for issuer in serviceProxy?.issuers ?? [] {
            if case .url(let url) = issuer.keys { urls.append(("service_proxy.issuers", url.description)) }
        }
        for service in services {
            switch service.credential {
            case .oauth(let client, _), .exchange(let client):
                urls.append(("services.\(service.name).credential", client.tokenURL.description))
            case .fixed, .aws, .toolToken, nil: break
            }
        }
        if let otlp = telemetry.otlp { urls.append(("telemetry.otlp", otlp.url.description)) }
        let members = (cluster?.endpoints ?? []).compactMap { member -> Destination? in
            guard let host = try? HostPattern(parsing: member.host), member.port > 0 else { return nil }
            return Destination(
                host: host, ports: PortSet([member.port...member.port]), transport: .tls, reason: "cluster")
        }
        return urls.compactMap { Destination(url: $1, reason: $0) } + members
    }
}

extension Destination {
    /// The place of a URL of `http` or `https`; `nil` for anything else.
    fileprivate init?(url: String, reason: String) {
        let bytes = Array(url.utf8)
        let isSecure = bytes.starts(with: "https://".utf8)
        guard isSecure || bytes.starts(with: "http://".utf8) else { return nil }
        let authority = bytes.dropFirst(isSecure ? 8 : 7).prefix { !"/?#".utf8.contains($0) }
        guard
            let endpoint = try? Endpoint(
                parsing: String(decoding: authority, as: UTF8.self), defaultPort: isSecure ? 443 : 80)
        else { return nil }
        self.init(
            host: HostPattern(endpoint.host), ports: PortSet([endpoint.port...endpoint.port]),
            transport: isSecure ? .tls : .plainHTTP, reason: reason)
    }
}

extension HostPattern {
    /// The pattern that covers one host.
    init(_ host: Host) {
        switch host {
        case .name(let name): self.init(HostPattern.Kind.exact(name))
        case .address(let address): self.init(HostPattern.Kind.address(address))
        }
    }
}

extension ServiceConfiguration {
    /// Whether there is a place to which the gate connects for it.
    var isSomewhere: Bool { !isBuiltIn && !isDecoy && stdio == nil && servers.isEmpty }

    fileprivate var transport: Destination.Transport {
        guard protocolName.isHTTP else { return .bytes }
        return tls == .off ? .plainHTTP : .tls
    }
}
