// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `identity`.
    func readIdentity(_ value: Value, _ domain: TrustDomain) -> IdentityConfiguration {
        var identity = IdentityConfiguration()
        guard var section = value.mapping("identity") else { return identity }
        let isRemote = section.required("source")?.word(Self.sources)
        let socket = section.value("workload_api")
        if isRemote == false { identity.source = .embedded }
        if let socket = socket?.parsed(
            "a socket such as unix:///run/spire/agent.sock", { try WorkloadSocket(parsing: $0) })
        {
            identity.source = .workloadAPI(socket)
        }
        if let directory = section.value("directory").flatMap({ path($0) }) { identity.directory = directory }
        identity.sealing = section.value("sealing").flatMap { readSealing($0) }
        let workloads = section.value("socket")
        identity.socket = workloads.flatMap { socketPath($0) }
        // Beside it lies the socket of launched agents, with a longer name.
        if let workloads, let path = identity.socket, path.utf8.count > 93 {
            workloads.error("the path of this socket has at most 93 bytes")
        }
        identity.endpoints = section.value("endpoints").flatMap { readEndpoints($0) }
        identity.dnsNames = section.value("dns_names")?.list("DNS names") { dnsName($0) } ?? []
        identity = readLimits(&section, identity, IdentityConfiguration.fields)
        let entries = section.value("entries")
        identity.entries = entries?.list("entries") { readEntry($0, domain) } ?? []
        let bundles = (endpoint: section.value("bundle_endpoint"), federation: section.value("federation"))
        identity.bundleEndpoint = bundles.endpoint.flatMap { readBundleEndpoint($0) }
        identity.federation = bundles.federation.map { readFederation($0, domain) } ?? []
        section.finish()
        check(identity, value)
        if isRemote == true, socket == nil { value.error("source: workload-api needs the socket in workload_api") }
        if isRemote == false, let socket { socket.error("workload_api belongs to source: workload-api") }
        if isRemote == true, let entries { entries.error("entries are the issuer's: register them there") }
        if isRemote == true, let workloads { workloads.error("workloads ask the issuer on its own socket") }
        if isRemote == true {
            for bundle in [bundles.endpoint, bundles.federation] {
                bundle?.error(
                    "the issuer federates: it publishes the trust domain's bundle and fetches those of others")
            }
        }
        if let entries { refuseTwins(identity.entries, entries) }
        return identity
    }

    private static var sources: KeyValuePairs<String, Bool> { ["embedded": false, "workload-api": true] }

    /// The lifetimes must fit into each other: nothing outlives what vouches for it.
    private func check(_ identity: IdentityConfiguration, _ value: Value) {
        let times = [
            identity.x509Lifetime, identity.jwtLifetime, identity.intermediateLifetime, identity.rootLifetime,
            identity.jwtKeyLifetime, identity.refreshHint,
        ]
        if times.contains(where: { $0.components.attoseconds != 0 }) {
            value.error("the lifetimes of identities are whole seconds")
        }
        if identity.x509Lifetime > identity.intermediateLifetime / 2 {
            value.error("x509_lifetime must not be longer than half of intermediate_lifetime")
        }
        if identity.intermediateLifetime > identity.rootLifetime {
            value.error("intermediate_lifetime must not be longer than root_lifetime")
        }
        if identity.x509Lifetime > identity.rootLifetime / 6 {
            value.error("x509_lifetime must not be longer than a sixth of root_lifetime")
        }
        if identity.jwtLifetime > identity.jwtKeyLifetime / 6 {
            value.error("jwt_lifetime must not be longer than a sixth of jwt_key_lifetime")
        }
    }

    private func refuseTwins(_ entries: [RegistrationEntry], _ value: Value) {
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.id).inserted {
            value.error("two entries give \(entry.spiffeID) to callers with the same selectors")
        }
    }

    private func readSealing(_ value: Value) -> IdentityConfiguration.Sealing? {
        guard var section = value.mapping("what seals the keys") else { return nil }
        let key = section.value("key")
        let passphrase = section.value("passphrase")
        section.finish()
        switch (key, passphrase) {
        case (let key?, nil): return secret(key, filesOnly: true).map { .key($0) }
        case (nil, let passphrase?): return secret(passphrase, filesOnly: true).map { .passphrase($0) }
        default:
            if key != nil || section.isEmpty { value.error("one of key or passphrase is expected here") }
            return nil
        }
    }

    private func readEndpoints(_ value: Value) -> IdentityConfiguration.TokenEndpoints? {
        guard var section = value.mapping("the token endpoints") else { return nil }
        let address = section.required("address").flatMap {
            socketAddress($0, "an address with a port such as \"127.0.0.1:8443\"", minimumPort: 0)
        }
        let issuer = section.required("issuer").flatMap { readIssuer($0) }
        section.finish()
        guard let address, let issuer else { return nil }
        return IdentityConfiguration.TokenEndpoints(address: address.address, port: address.port, issuer: issuer)
    }

    /// `https`, a host and perhaps a port; whoever verifies tokens compares it byte for byte.
    private func readIssuer(_ value: Value) -> String? {
        let expected = "a URL of https and a host, such as https://gate.example.org:8443"
        guard let text = value.text(expected) else { return nil }
        let prefix = "https://"
        guard text.utf8.starts(with: prefix.utf8), text.utf8.count <= 512,
            let endpoint = try? Endpoint(parsing: String(text.dropFirst(prefix.count)), defaultPort: 443),
            ["\(prefix)\(endpoint)", endpoint.port == 443 ? "\(prefix)\(endpoint.host)" : ""].contains(where: {
                $0.utf8.elementsEqual(text.utf8)
            })
        else {
            value.error("\(expected) is expected here, in lower case and without a path")
            return nil
        }
        return text
    }

    private func dnsName(_ value: Value) -> String? {
        let expected = "a DNS name in lower case"
        guard let text = value.text(expected) else { return nil }
        guard DNSName.isValid(text) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }

    // MARK: Entries

    private func readEntry(_ value: Value, _ domain: TrustDomain) -> RegistrationEntry? {
        guard var section = value.mapping("an entry") else { return nil }
        let id = section.required("id").flatMap { readID($0, domain) }
        let parent = section.value("parent")
        let parentID = parent.flatMap { readID($0, domain) }
        let selectors = section.required("selectors")?.list("selectors") { value in
            value.parsed("a selector such as unix:uid:1001") { try Selector(parsing: $0) }
        }
        let seconds = (x509: lifetime(&section, "x509_lifetime"), jwt: lifetime(&section, "jwt_lifetime"))
        let hint = section.value("hint")?.text("a hint") ?? ""
        let names = section.value("dns_names")?.list("DNS names") { dnsName($0) } ?? []
        let domains = section.value("federates_with")?.list("trust domains") { value in
            value.parsed("a trust domain") { try TrustDomain(parsing: $0) }
        }
        section.finish()
        guard let id, let selectors, parent == nil || parentID != nil else { return nil }
        do {
            return try RegistrationEntry(
                spiffeID: id, parentID: parentID ?? LocalNode.id(in: domain), selectors: selectors,
                x509Lifetime: seconds.x509, jwtLifetime: seconds.jwt, hint: hint, dnsNames: names,
                federatesWith: domains ?? [], origin: .configuration)
        } catch {
            value.error("the entry cannot be used: \(error)")
            return nil
        }
    }

    /// A whole SPIFFE ID, or its path in the gate's trust domain.
    private func readID(_ value: Value, _ domain: TrustDomain) -> SPIFFEID? {
        value.parsed("a SPIFFE ID, or its path such as /agent/coder") { text in
            try SPIFFEID(parsing: text.utf8.first == UInt8(ascii: "/") ? "spiffe://\(domain.name)\(text)" : text)
        }
    }

    private func lifetime(_ section: inout MappingReader, _ name: String) -> Int64? {
        guard let value = section.value(name), let time = value.duration(1000...86_400_000) else { return nil }
        if time.components.attoseconds != 0 { value.error("the lifetimes of identities are whole seconds") }
        return time.components.seconds
    }
}
