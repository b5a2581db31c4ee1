// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import GateSupport
import NIOCore
import Synchronization

@testable import Outbound

/// A client whose names come from a script, and which notes down where it dials.
final class OutboundHarness: Sendable {
    static let authority = Result { try TestAuthority() }

    private let answers: [String: [[String]]]
    private let state = Mutex<(lookups: [String: Int], dialled: [String])>(([:], []))

    /// How often each name was looked up.
    var lookups: [String: Int] { state.withLock { $0.lookups } }
    /// Every address that was dialled.
    var dialled: [String] { state.withLock { $0.dialled } }

    /// - Parameter answers: For each name the addresses of one lookup after another; the last ones repeat.
    init(_ answers: [String: [[String]]] = [:]) { self.answers = answers }

    func lookup(_ name: HostName) -> Result<[IPAddress], any Error> {
        let turns = answers[name.description] ?? []
        guard let last = turns.last else { return .failure(NotFound()) }
        let turn = state.withLock { state in
            defer { state.lookups[name.description, default: 0] += 1 }
            return state.lookups[name.description, default: 0]
        }
        return .success((turn < turns.count ? turns[turn] : last).compactMap { IPAddress($0) })
    }

    struct NotFound: Error {}

    /// A client.
    ///
    /// - Parameters:
    ///   - exceptions: Host and port for which 127.0.0.1 is allowed.
    ///   - port: Where everything that is dialled really leads; nowhere when it is nil.
    func client(
        exceptions: [(String, UInt16)] = [], to port: UInt16? = nil, limits: OutboundLimits = .init(),
        trust: OutboundTrust? = nil
    ) throws -> OutboundClient {
        OutboundClient(
            addressGuard: AddressGuard(
                exceptions: try exceptions.map {
                    try AddressException(host: $0.0, port: "\($0.1)", block: "127.0.0.1")
                }),
            lookup: { [self] name, done in done(lookup(name)) },
            trust: try trust ?? .web(authorities: Array(Self.authority.get().pem.utf8)), limits: limits
        ) { [self] judged in
            state.withLock { $0.dialled.append("\(judged.address)") }
            guard let port else { throw NotFound() }
            return try SocketAddress(ipAddress: "127.0.0.1", port: Int(port))
        }
    }

    /// A server with a certificate for these names.
    static func server(
        _ names: [String] = ["server.test"], addresses: [[UInt8]] = [], validity: ClosedRange<Double> = -3600...3600,
        _ answer: @escaping @Sendable (String) -> SecureServer.Answer
    ) async throws -> SecureServer {
        let leaf = try authority.get().issue(
            dnsNames: names, addresses: addresses, validity: validity, profile: .server)
        return try await SecureServer(leaf, answer)
    }
}

extension OutboundClient {
    /// Why a fetch of this URL fails; nil when it does not.
    func failure(
        _ url: String, _ method: OutboundRequest.Method = .get, redirects: OutboundRequest.Redirects = .refused
    ) async -> OutboundError? {
        do throws(OutboundError) {
            _ = try await send(OutboundRequest(OutboundURL(parsing: url), method, redirects: redirects))
            return nil
        } catch {
            return error
        }
    }
}
