// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import CAres
import Glibc

/// The c-ares channels and the sockets they ask for. Lives on the resolver's thread and nowhere else.
///
/// One channel reads the hosts file and never opens a socket. The other asks name servers for A and AAAA apart, so that a
/// server that is silent about one family does not hold the other's addresses back.
final class AresLoop {
    private let configuration: AresConfiguration
    private let inbox: AresInbox
    private var hosts: ares_channel?
    private var servers: ares_channel?
    private var sockets: [Int32: Int16] = [:]
    private var lookups: [ObjectIdentifier: AresLookup] = [:]

    init(configuration: AresConfiguration, inbox: AresInbox) {
        self.configuration = configuration
        self.inbox = inbox
    }

    /// Opens the channels. To be called once, before `run`; c-ares keeps a pointer to this object.
    func open() throws(AresSetupError) {
        guard AresLibrary.isReady else { throw .library }
        hosts = try makeChannel(lookups: "f")
        servers = try makeChannel(lookups: "b")
        guard let servers, !configuration.servers.isEmpty else { return }
        let list = configuration.servers.map(\.description).joined(separator: ",")
        guard ares_set_servers_ports_csv(servers, list) == Int32(ARES_SUCCESS) else { throw .servers(list) }
    }

    /// A channel that looks into these places: `f` for files, `b` for name servers.
    private func makeChannel(lookups: String) throws(AresSetupError) -> ares_channel {
        var options = ares_options()
        options.flags = Int32(ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS)
        options.timeout = Int32(clamping: max(configuration.queryTimeoutMilliseconds, 1))
        options.tries = Int32(clamping: max(configuration.tries, 1))
        options.ednspsz = 1232
        options.sock_state_cb_data = Unmanaged.passUnretained(self).toOpaque()
        options.sock_state_cb = { data, socket, readable, writable in
            guard let data else { return }
            Unmanaged<AresLoop>.fromOpaque(data).takeUnretainedValue()
                .watch(socket, readable: readable != 0, writable: writable != 0)
        }
        // ARES_OPT_DOMAINS with none: no domains to search.
        let mask =
            ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB
            | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS
        var channel: ares_channel?
        let status = lookups.withCString { lookups in
            options.lookups = UnsafeMutablePointer(mutating: lookups)
            return ares_init_options(&channel, &options, Int32(mask))
        }
        guard status == Int32(ARES_SUCCESS), let channel else { throw .channel(status: status) }
        return channel
    }

    /// Serves lookups until the inbox is closed, then answers the rest with `shutDown` and frees everything.
    func run() {
        while let arrived = inbox.take() {
            for lookup in arrived { start(lookup) }
            expire()
            wait()
        }
        for lookup in lookups.values { lookup.finish(.failure(.shutDown)) }
        for lookup in inbox.close() { lookup.finish(.failure(.shutDown)) }
        destroy()
    }

    /// Frees the channels. c-ares calls back what is still under way.
    func destroy() {
        let channels = [hosts, servers]
        hosts = nil
        servers = nil
        for case let channel? in channels { ares_destroy(channel) }
    }

    private func start(_ lookup: AresLookup) {
        lookups[ObjectIdentifier(lookup)] = lookup
        lookup.deadline = Self.now() + Int64(clamping: configuration.deadlineMilliseconds)
        ask(hosts, AF_UNSPEC, lookup) { loop, lookup, result in
            switch result {
            case .success, .failure(.tooManyAnswers): loop.finish(lookup, result)
            case .failure: loop.askServers(lookup)
            }
        }
    }

    private func askServers(_ lookup: AresLookup) {
        let families = [AF_INET, AF_INET6]
        lookup.outstanding = families.count
        for family in families {
            ask(servers, family, lookup) { loop, lookup, result in loop.complete(lookup, result) }
        }
    }

    private func ask(_ channel: ares_channel?, _ family: Int32, _ lookup: AresLookup, then: @escaping AresCallback.Then)
    {
        guard let channel else { return then(self, lookup, .failure(.shutDown)) }
        var hints = ares_addrinfo_hints()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        let context = Unmanaged.passRetained(AresCallback(loop: self, lookup: lookup, then: then)).toOpaque()
        ares_getaddrinfo(
            channel, lookup.name.description, nil, &hints,
            { context, status, _, info in
                defer { if let info { ares_freeaddrinfo(info) } }
                guard let context else { return }
                let callback = Unmanaged<AresCallback>.fromOpaque(context).takeRetainedValue()
                let limit = callback.loop.configuration.maximumAnswers
                let result = AresLookup.result(status: status, info: info, maximumAnswers: limit)
                callback.then(callback.loop, callback.lookup, result)
            }, context)
    }

    /// Takes what one family's query gave; the other may still come for a moment.
    private func complete(_ lookup: AresLookup, _ result: Result<Answers, ResolveError>) {
        lookup.outstanding -= 1
        lookup.add(result)
        if lookup.outstanding <= 0 {
            finish(lookup, lookup.combined(maximumAnswers: configuration.maximumAnswers))
        } else if case .success = result {
            let delay = Int64(clamping: configuration.resolutionDelayMilliseconds)
            lookup.deadline = min(lookup.deadline, Self.now() + delay)
        }
    }

    private func finish(_ lookup: AresLookup, _ result: Result<Answers, ResolveError>) {
        lookups[ObjectIdentifier(lookup)] = nil
        inbox.release()
        lookup.finish(result)
    }

    /// Answers callers whose time is up. Their queries run out by themselves and count as pending until then.
    private func expire() {
        let now = Self.now()
        for lookup in lookups.values where !lookup.isAnswered && lookup.deadline <= now {
            lookup.finish(lookup.combined(maximumAnswers: configuration.maximumAnswers))
        }
    }

    private func wait() {
        guard let channel = servers else { return }
        var descriptors = [pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0)]
        for (socket, events) in sockets { descriptors.append(pollfd(fd: socket, events: events, revents: 0)) }
        let ready = poll(&descriptors, nfds_t(descriptors.count), timeout(channel))
        if ready > 0 {
            if descriptors[0].revents != 0 { inbox.acknowledge() }
            for descriptor in descriptors.dropFirst() where descriptor.revents != 0 {
                let isWritable = descriptor.revents & Int16(POLLOUT) != 0
                let isReadable = descriptor.revents & ~Int16(POLLOUT) != 0
                ares_process_fd(
                    channel, isReadable ? descriptor.fd : ARES_SOCKET_BAD, isWritable ? descriptor.fd : ARES_SOCKET_BAD)
            }
        }
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
    }

    /// Milliseconds until c-ares or a deadline wants the thread; -1 for never.
    private func timeout(_ channel: ares_channel) -> Int32 {
        var milliseconds = Int64.max
        var time = timeval()
        if let next = ares_timeout(channel, nil, &time)?.pointee {
            milliseconds = Int64(next.tv_sec) * 1000 + (Int64(next.tv_usec) + 999) / 1000
        }
        let now = Self.now()
        for lookup in lookups.values where !lookup.isAnswered {
            milliseconds = min(milliseconds, max(lookup.deadline - now, 0))
        }
        return milliseconds == Int64.max ? -1 : Int32(clamping: milliseconds)
    }

    private func watch(_ socket: Int32, readable: Bool, writable: Bool) {
        let events = (readable ? Int16(POLLIN) : 0) | (writable ? Int16(POLLOUT) : 0)
        sockets[socket] = events == 0 ? nil : events
    }

    private static func now() -> Int64 {
        Int64(clamping: cares_monotonic_nanoseconds() / 1_000_000)
    }
}

/// What travels through the C callback.
private final class AresCallback {
    typealias Then = (AresLoop, AresLookup, Result<Answers, ResolveError>) -> Void

    let loop: AresLoop
    let lookup: AresLookup
    let then: Then

    init(loop: AresLoop, lookup: AresLookup, then: @escaping Then) {
        self.loop = loop
        self.lookup = lookup
        self.then = then
    }
}

/// The one initialisation of the library for the whole process.
private enum AresLibrary {
    static let isReady = ares_library_init(1) == 0
}
