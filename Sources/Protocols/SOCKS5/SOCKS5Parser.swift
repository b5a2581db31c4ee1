// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// The server's side of SOCKS5 (RFC 1928) with user name and password (RFC 1929), for CONNECT only.
///
/// Call ``read(_:)`` with the bytes received and not yet consumed; drop `consumed` of them after each event. After
/// `.greeting` tell the choice with ``select(_:)``. No message is longer than 513 bytes, so the caller never needs to
/// hold more than ``maximumMessageBytes``.
public struct SOCKS5Parser: Sendable {
    /// The longest message of the protocol: user name and password of 255 bytes each with three bytes around them.
    public static let maximumMessageBytes = 513

    /// What the client said.
    public enum Event: Sendable, Hashable {
        /// The message is not complete.
        case needMore
        /// The methods offered. Answer with ``SOCKS5Reply/selection(_:)`` and call ``SOCKS5Parser/select(_:)``.
        case greeting(offersNone: Bool, offersPassword: Bool, consumed: Int)
        /// A user name and a password, relative to the bytes handed in. Answer with
        /// ``SOCKS5Reply/authentication(succeeded:)``.
        case credentials(user: ByteRange, password: ByteRange, consumed: Int)
        /// A request for a connection. A literal address comes as `Host.address` and is for the caller to judge.
        case connect(Endpoint, consumed: Int)
        /// Turn the client away and close.
        case refused(SOCKS5Refusal)
    }

    private enum Phase {
        case greeting
        case selection
        case credentials
        case request
        case done
        case refused(SOCKS5Refusal)
    }

    private var phase = Phase.greeting

    /// A parser at the start of a connection.
    public init() {}

    /// True once the request phase is reached, in which a refusal is told with ``SOCKS5Refusal/reply``.
    public var isInRequest: Bool {
        switch phase {
        case .request, .done: true
        default: false
        }
    }

    /// Tells which of the offered methods was chosen.
    public mutating func select(_ method: SOCKS5Method) {
        guard case .selection = phase else { return }
        phase = method == .password ? .credentials : .request
    }

    /// Reads the next message.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> Event {
        let event: Event
        switch phase {
        case .greeting: event = greeting(bytes)
        case .credentials: event = credentials(bytes)
        case .request: event = request(bytes)
        case .selection, .done: return .needMore
        case .refused(let refusal): return .refused(refusal)
        }
        switch event {
        case .needMore: break
        case .greeting: phase = .selection
        case .credentials: phase = .request
        case .connect: phase = .done
        case .refused(let refusal): phase = .refused(refusal)
        }
        return event
    }

    private func greeting(_ bytes: UnsafeRawBufferPointer) -> Event {
        guard let version = bytes.first else { return .needMore }
        guard version == 5 else { return .refused(.badVersion) }
        guard bytes.count >= 2 else { return .needMore }
        let count = Int(bytes[1])
        guard count > 0 else { return .refused(.noMethods) }
        guard bytes.count &- 2 >= count else { return .needMore }
        let methods = bytes[2..<(2 &+ count)]
        return .greeting(
            offersNone: methods.contains(SOCKS5Method.none.rawValue),
            offersPassword: methods.contains(SOCKS5Method.password.rawValue), consumed: 2 &+ count)
    }

    private func credentials(_ bytes: UnsafeRawBufferPointer) -> Event {
        guard let version = bytes.first else { return .needMore }
        guard version == 1 else { return .refused(.badVersion) }
        guard bytes.count >= 2 else { return .needMore }
        let userCount = Int(bytes[1])
        guard userCount > 0 else { return .refused(.badCredentials) }
        guard bytes.count > 2 &+ userCount else { return .needMore }
        let passwordStart = 3 &+ userCount
        let passwordCount = Int(bytes[2 &+ userCount])
        guard passwordCount > 0 else { return .refused(.badCredentials) }
        let end = passwordStart &+ passwordCount
        guard bytes.count >= end else { return .needMore }
        return .credentials(
            user: ByteRange(2, 2 &+ userCount), password: ByteRange(passwordStart, end), consumed: end)
    }

    private func request(_ bytes: UnsafeRawBufferPointer) -> Event {
        guard let version = bytes.first else { return .needMore }
        guard version == 5 else { return .refused(.badVersion) }
        if bytes.count > 1, bytes[1] != 1 { return .refused(.unsupportedCommand) }
        if bytes.count > 2, bytes[2] != 0 { return .refused(.malformed) }
        guard bytes.count > 4 else {
            return bytes.count == 4 && ![1, 3, 4].contains(bytes[3]) ? .refused(.unsupportedAddressType) : .needMore
        }
        let hostStart: Int
        let hostCount: Int
        switch bytes[3] {
        case 1: (hostStart, hostCount) = (4, 4)
        case 3: (hostStart, hostCount) = (5, Int(bytes[4]))
        case 4: (hostStart, hostCount) = (4, 16)
        default: return .refused(.unsupportedAddressType)
        }
        guard hostCount > 0 else { return .refused(.malformed) }
        let end = hostStart &+ hostCount
        guard bytes.count >= end &+ 2 else { return .needMore }
        let host = UnsafeRawBufferPointer(rebasing: bytes[hostStart..<end])
        let port = UInt16(bytes[end]) << 8 | UInt16(bytes[end &+ 1])
        guard let host = Self.host(host, type: bytes[3]), let endpoint = Endpoint(host: host, port: port) else {
            return .refused(.malformed)
        }
        return .connect(endpoint, consumed: end &+ 2)
    }

    private static func host(_ bytes: UnsafeRawBufferPointer, type: UInt8) -> Host? {
        switch type {
        case 1: return .address(.v4(IPv4Address(rawValue: bytes.reduce(0) { $0 &<< 8 | UInt32($1) })))
        case 4: return .address(.v6(IPv6Address(rawValue: bytes.reduce(0) { $0 &<< 8 | UInt128($1) })))
        // A name in brackets is an address in a place where RFC 1928 has a name; no client needs that.
        default: return bytes.first == 0x5b ? nil : try? Host(parsing: bytes)
        }
    }
}
