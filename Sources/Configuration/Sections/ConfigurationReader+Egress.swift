// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

extension ConfigurationReader {
    /// Reads `egress`.
    func readEgress(_ value: Value) -> EgressConfiguration {
        var egress = EgressConfiguration()
        guard var section = value.mapping("egress") else { return egress }
        egress.listeners = section.value("listeners")?.list("listeners") { readListener($0) } ?? []
        if let resolver = section.value("resolver") { egress.resolver = readResolver(resolver) }
        egress.exceptions = section.value("exceptions")?.list("exceptions") { readException($0) } ?? []
        if let limits = section.value("limits") {
            egress.limits = readLimits(limits, EgressLimits(), EgressLimits.fields, "the limits of egress")
        }
        section.finish()
        return egress
    }

    // MARK: Listeners

    /// Reads a listener.
    ///
    /// - Parameter spoken: What clients may speak; the file may say it when this is `nil`.
    func readListener(
        _ value: Value, speaking spoken: Set<ListenerConfiguration.ClientProtocol>? = nil
    ) -> ListenerConfiguration? {
        guard var section = value.mapping("a listener") else { return nil }
        let tcp = section.value("address")
        let unix = section.value("unix")
        let mode = section.value("mode")
        let identify = section.value("identify")
        let protocols = spoken == nil ? section.value("protocols") : nil
        let security = section.value("tls")
        let tls = security.flatMap { readTLS($0) }
        section.finish()
        if tcp == nil, unix == nil { value.error("a listener has an 'address' or a 'unix' socket") }
        if tcp != nil, let unix { unix.error("address and unix exclude one another") }
        if tcp != nil, let mode { mode.error("mode is for Unix sockets") }
        if unix != nil, tcp == nil, let security { security.error("tls is for listeners with an address") }
        let permissions = mode.map { readMode($0) } ?? 0o660
        var address: ListenerConfiguration.Address?
        if let tcp {
            address = socketAddress(tcp, "an address with a port such as \"127.0.0.1:3128\"", minimumPort: 0)
                .map { .tcp($0.address, port: $0.port) }
        } else if let path = unix.flatMap({ socketPath($0) }), let permissions {
            address = .unix(path: path, mode: permissions)
        }
        let isUnix = unix != nil
        let kinds =
            identify.map { readIdentification($0, isUnix: isUnix) }
            ?? (isUnix ? [.unix] : security != nil ? [.x509, .token, .source] : [.token, .source])
        if kinds.contains(.x509), security == nil, let identify {
            identify.error("to identify by x509, the listener needs tls")
        }
        let words: KeyValuePairs<String, ListenerConfiguration.ClientProtocol> = ["http": .http, "socks5": .socks5]
        let spoken = spoken ?? protocols.map { Set($0.list("protocols") { $0.word(words) } ?? []) }
        protocols?.refuseEmpty("of http and socks5")
        guard let address else { return nil }
        var listener = ListenerConfiguration(address: address, identification: kinds)
        if let spoken { listener.protocols = spoken }
        listener.tls = tls
        listener.place = value.place
        return listener
    }

    private func readIdentification(_ value: Value, isUnix: Bool) -> Set<ListenerConfiguration.Identification> {
        let words: KeyValuePairs<String, ListenerConfiguration.Identification> = [
            "x509": .x509, "unix": .unix, "token": .token, "source": .source,
        ]
        let kinds = value.list("ways to learn who is asking") { element -> ListenerConfiguration.Identification? in
            guard let kind = element.word(words) else { return nil }
            if kind == .unix, !isUnix { element.error("unix identifies on Unix sockets only") }
            if kind == .source, isUnix { element.error("source identifies on TCP listeners only") }
            return kind
        }
        value.refuseEmpty("of x509, unix, token and source")
        return Set(kinds ?? [])
    }

    /// The word `svid`, or files.
    private func readTLS(_ value: Value) -> ListenerTLS? {
        if value.isWord("svid") { return .svid }
        guard value.isMapping, var section = value.mapping("tls") else {
            value.error("svid is expected here, or a mapping of certificate, key and client_ca")
            return nil
        }
        let certificate = section.required("certificate").flatMap { secret($0, filesOnly: true) }
        let key = section.required("key").flatMap { secret($0, filesOnly: true) }
        let authority = section.required("client_ca").flatMap { secret($0, filesOnly: true) }
        section.finish()
        guard let certificate, let key, let authority else { return nil }
        return .files(ListenerTLS.Files(certificate: certificate, key: key, clientAuthority: authority))
    }

    /// Permission bits in octal digits.
    private func readMode(_ value: Value) -> UInt32? {
        let expected = "permission bits in octal digits such as \"0660\""
        guard let text = value.text(expected) else { return nil }
        guard (3...4).contains(text.utf8.count), let mode = UInt32(text, radix: 8), mode <= 0o777 else {
            value.error("\(expected) is expected here")
            return nil
        }
        return mode
    }

    /// A path that fits into a socket's address (107 bytes, unix(7)).
    func socketPath(_ value: Value) -> String? {
        guard let path = path(value) else { return nil }
        guard path.utf8.count <= 107 else {
            value.error("the path of a socket has at most 107 bytes")
            return nil
        }
        return path
    }

    func socketAddress(
        _ value: Value, _ expected: String, minimumPort: Int, defaultPort: UInt16? = nil
    ) -> (address: IPAddress, port: UInt16)? {
        guard let text = value.text(expected) else { return nil }
        if let defaultPort, let address = IPAddress(text) { return (address, defaultPort) }
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Value.decimal(String(text[text.utf8.index(after: colon)...])),
            (minimumPort...65_535).contains(port),
            let port16 = UInt16(exactly: port), case .address(let address)? = try? Host(parsing: String(text[..<colon]))
        else {
            value.error(
                "\(expected) is expected here", hint: "a host name is not accepted, and IPv6 stands in brackets")
            return nil
        }
        return (address, port16)
    }

    // MARK: Resolver and exceptions

    private func readResolver(_ value: Value) -> ResolverConfiguration {
        var resolver = ResolverConfiguration()
        guard var section = value.mapping("the resolver") else { return resolver }
        if let servers = section.value("servers") {
            resolver.servers =
                servers.list("name servers") { element in
                    socketAddress(element, "a name server such as \"127.0.0.1:53\"", minimumPort: 1, defaultPort: 53)
                        .map { .init(address: $0.address, port: $0.port) }
                } ?? []
        }
        resolver = readLimits(&section, resolver, ResolverConfiguration.fields)
        if let hosts = section.value("hosts") { resolver.hosts = readHosts(hosts) }
        section.finish()
        if resolver.total < resolver.timeout {
            context.error(section.place(of: "total"), "total is shorter than timeout")
        }
        return resolver
    }

    private func readHosts(_ value: Value) -> [HostName: [IPAddress]] {
        guard var section = value.mapping("hosts") else { return [:] }
        var hosts: [HostName: [IPAddress]] = [:]
        for entry in section.all() {
            let name: HostName
            do {
                name = try HostName(parsing: entry.name)
            } catch {
                context.error(entry.place, "a host name is expected here: \(error)")
                continue
            }
            let addresses = entry.value.list("addresses") { element -> IPAddress? in
                element.parsed("an address") { text in try IPAddress(text).orThrow() }
            }
            if hosts[name] != nil { context.error(entry.place, "the host '\(name)' occurs twice") }
            hosts[name] = addresses ?? []
        }
        return hosts
    }

    private func readException(_ value: Value) -> ExceptionConfiguration? {
        guard var section = value.mapping("an exception") else { return nil }
        let hosts = section.required("host").flatMap { pattern($0) }
        let port = section.required("port")?.integer(1...65_535)
        let block = section.required("cidr").flatMap { self.block($0) }
        section.finish()
        guard let hosts, let port = port.flatMap(UInt16.init(exactly:)), let block else { return nil }
        if hosts.kind == .any {
            value.error("an exception names its host; any-public is not allowed here")
            return nil
        }
        do {
            return ExceptionConfiguration(try AddressException(hosts: hosts, port: port, block: block), at: value.place)
        } catch {
            value.error("this is no exception: \(error)")
            return nil
        }
    }
}

extension ResolverConfiguration {
    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<ResolverConfiguration>] = [
        .time("timeout", \.timeout, 50...60_000, "one answer of one server"),
        .time("total", \.total, 100...300_000, "one look-up, whatever has been tried"),
        .count("cache_entries", \.cacheEntries, 0...10_000_000, "answers that are kept"),
        .time("maximum_ttl", \.maximumTTL, 0...86_400_000, "how long an answer is kept at most"),
        .time("negative_ttl", \.negativeTTL, 0...3_600_000, "how long it is remembered that a name does not exist"),
    ]
}

private struct NotAnAddress: Error, CustomStringConvertible {
    var description: String { "four decimal parts, or an IPv6 address without brackets" }
}

extension Optional {
    fileprivate func orThrow() throws -> Wrapped {
        guard let self else { throw NotAnAddress() }
        return self
    }
}
