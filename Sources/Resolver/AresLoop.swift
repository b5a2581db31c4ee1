// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import CAres
import Glibc

/// The c-ares channel and the sockets it asks for. Lives on the resolver's thread and nowhere else.
final class AresLoop {
    private let configuration: AresConfiguration
    private let inbox: AresInbox
    private var channel: ares_channel?
    private var sockets: [Int32: Int16] = [:]
    private var lookups: [ObjectIdentifier: AresLookup] = [:]

    init(configuration: AresConfiguration, inbox: AresInbox) {
        self.configuration = configuration
        self.inbox = inbox
    }

    /// Opens the channel. To be called once, before `run`; c-ares keeps a pointer to this object.
    func open() throws(AresSetupError) {
        guard AresLibrary.isReady else { throw .library }
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
        let mask =
            ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB
            | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS
        // Files, then servers: names of /etc/hosts are honoured. No domains to search.
        let status = "fb".withCString { lookups in
            options.lookups = UnsafeMutablePointer(mutating: lookups)
            return ares_init_options(&channel, &options, Int32(mask))
        }
        guard status == Int32(ARES_SUCCESS), let channel else { throw .channel(status: status) }
        guard !configuration.servers.isEmpty else { return }
        let servers = configuration.servers.map(\.description).joined(separator: ",")
        guard ares_set_servers_ports_csv(channel, servers) == Int32(ARES_SUCCESS) else { throw .servers(servers) }
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

    /// Frees the channel. c-ares calls back what is still under way.
    func destroy() {
        guard let channel else { return }
        self.channel = nil
        ares_destroy(channel)
    }

    private func start(_ lookup: AresLookup) {
        guard let channel else { return finish(lookup, .failure(.shutDown)) }
        lookups[ObjectIdentifier(lookup)] = lookup
        lookup.deadline = Self.now() + Int64(clamping: configuration.deadlineMilliseconds)
        var hints = ares_addrinfo_hints()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        let context = Unmanaged.passRetained(AresCallback(loop: self, lookup: lookup)).toOpaque()
        ares_getaddrinfo(
            channel, lookup.name.description, nil, &hints,
            { context, status, _, info in
                defer { if let info { ares_freeaddrinfo(info) } }
                guard let context else { return }
                let callback = Unmanaged<AresCallback>.fromOpaque(context).takeRetainedValue()
                callback.loop.complete(callback.lookup, status: status, info: info)
            }, context)
    }

    private func complete(_ lookup: AresLookup, status: Int32, info: UnsafeMutablePointer<ares_addrinfo>?) {
        finish(
            lookup,
            AresLookup.result(status: status, info: info, maximumAnswers: configuration.maximumAnswers))
    }

    private func finish(_ lookup: AresLookup, _ result: Result<Answers, ResolveError>) {
        lookups[ObjectIdentifier(lookup)] = nil
        inbox.release()
        lookup.finish(result)
    }

    /// Tells callers whose time is up. Their queries run out by themselves and count as pending until then.
    private func expire() {
        let now = Self.now()
        for lookup in lookups.values where !lookup.isAnswered && lookup.deadline <= now {
            lookup.finish(.failure(.timeout))
        }
    }

    private func wait() {
        guard let channel else { return }
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
    let loop: AresLoop
    let lookup: AresLookup

    init(loop: AresLoop, lookup: AresLookup) {
        self.loop = loop
        self.lookup = lookup
    }
}

/// The one initialisation of the library for the whole process.
private enum AresLibrary {
    static let isReady = ares_library_init(1) == 0
}
