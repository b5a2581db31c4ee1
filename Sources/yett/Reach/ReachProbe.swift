// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Glibc

/// Tries targets all at once, and waits for all of them together.
struct ReachProbe {
    /// The root's name servers: a question that says nothing about who asks. RFC 1035, section 4.1.
    private static let question: [UInt8] = [0x59, 0x54, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]

    private var open: [(index: Int, descriptor: CInt, way: ReachTarget.Way)] = []
    private var outcomes: [ReachOutcome?]

    /// Tries every target.
    ///
    /// - Parameter milliseconds: How long an answer may take.
    /// - Returns: What became of each, in their order.
    static func run(_ targets: [ReachTarget], milliseconds: Int) -> [ReachOutcome] {
        var probe = ReachProbe(count: targets.count)
        for (index, target) in targets.enumerated() { probe.start(target.way, index) }
        probe.wait(milliseconds)
        return probe.outcomes.map { $0 ?? .closed("no answer") }
    }

    private init(count: Int) { outcomes = Array(repeating: nil, count: count) }

    private mutating func start(_ way: ReachTarget.Way, _ index: Int) {
        let stream = CInt(SOCK_STREAM.rawValue)
        let datagram = CInt(SOCK_DGRAM.rawValue)
        switch way {
        case .tcp(let address, let port): begin(way, index, SocketName(address, port), stream, 0)
        case .nameServer(let address, let port): begin(way, index, SocketName(address, port), datagram, 0)
        case .echo(let address):
            let isIPv4 = if case .v4 = address { true } else { false }
            begin(
                way, index, SocketName(address, 0), datagram,
                isIPv4 ? CInt(IPPROTO_ICMP) : CInt(IPPROTO_ICMPV6))
        case .unix(let path): begin(way, index, SocketName(path: path), stream, 0)
        }
    }

    private mutating func begin(
        _ way: ReachTarget.Way, _ index: Int, _ name: SocketName, _ type: CInt, _ transport: CInt
    ) {
        let flags = CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(name.family, type | flags, transport)
        guard descriptor >= 0 else {
            // No such family, or no right to it: there is no such way for this process.
            let isAbsent = [EAFNOSUPPORT, EPROTONOSUPPORT, EACCES, EPERM].contains(errno)
            outcomes[index] = isAbsent ? .closed(Self.text(errno)) : .untried(Self.text(errno))
            return
        }
        guard name.connect(descriptor) == 0 || errno == EINPROGRESS else {
            outcomes[index] = Self.failure(errno, way)
            close(descriptor)
            return
        }
        switch way {
        case .tcp: break
        case .unix:
            outcomes[index] = .reached("it accepts connections")
            close(descriptor)
            return
        case .nameServer: _ = Self.question.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
        case .echo(let address):
            let isIPv4 = if case .v4 = address { true } else { false }
            let request: [UInt8] = [isIPv4 ? 8 : 128, 0, 0, 0, 0, 1, 0, 1]
            _ = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
        }
        open.append((index, descriptor, way))
    }

    private mutating func wait(_ milliseconds: Int) {
        let end = Self.now() + milliseconds
        while !open.isEmpty {
            let rest = end - Self.now()
            guard rest > 0 else { break }
            var polled = open.map { entry in
                if case .tcp = entry.way {
                    pollfd(fd: entry.descriptor, events: Int16(POLLOUT), revents: 0)
                } else {
                    pollfd(fd: entry.descriptor, events: Int16(POLLIN), revents: 0)
                }
            }
            let count = poll(&polled, nfds_t(polled.count), CInt(clamping: rest))
            guard count >= 0 || errno == EINTR else { break }
            var still: [(index: Int, descriptor: CInt, way: ReachTarget.Way)] = []
            for (entry, state) in zip(open, polled) {
                guard state.revents != 0 else {
                    still.append(entry)
                    continue
                }
                outcomes[entry.index] = Self.outcome(of: entry.descriptor, entry.way)
                close(entry.descriptor)
            }
            open = still
        }
        for entry in open { close(entry.descriptor) }
        open = []
    }

    private static func outcome(of descriptor: CInt, _ way: ReachTarget.Way) -> ReachOutcome {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return .untried(text(errno))
        }
        guard code == 0 else { return failure(code, way) }
        switch way {
        case .tcp, .unix: return .reached("connected")
        case .nameServer, .echo:
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return count >= 0 ? .reached("answered") : failure(errno, way)
        }
    }

    /// What an error says about the way.
    static func failure(_ code: CInt, _ way: ReachTarget.Way) -> ReachOutcome {
        switch code {
        case ECONNREFUSED:
            if isLocal(way) { return .closed("nobody listens there") }
            return .refused("refused at once: the target answered, or a filter that rejects instead of dropping")
        case ECONNRESET: return .refused("reset: the target answered, or a filter that rejects instead of dropping")
        case EAGAIN: return .reached("it listens, and is busy")
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, EINVAL: return .untried(text(code))
        default: return .closed(text(code))
        }
    }

    private static func isLocal(_ way: ReachTarget.Way) -> Bool {
        switch way {
        case .tcp(let address, _), .nameServer(let address, _), .echo(let address): address.isLoopback
        case .unix: true
        }
    }

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
