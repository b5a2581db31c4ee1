// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// Which service a request is for, and the path there.
struct ServiceRoute {
    let service: GateService
    /// The path to judge.
    let decisionPath: String
    /// The path to send.
    let forwardPath: [UInt8]
    /// The path below the service; empty or with a slash at its beginning.
    let below: String
    /// Whether the host says which service is meant.
    let isByHost: Bool

    /// Why a request is for no service.
    enum Failure: Error {
        /// It is not of the form in which services are asked.
        case form
        /// No service has the name or virtual host.
        case unknown
    }

    private static let prefix = Array("/s/".utf8)

    /// Finds the service by virtual host, else by `/s/<service>/`.
    init(_ head: borrowing HTTP1RequestHead, in bytes: UnsafeRawBufferPointer, _ table: ServiceTable) throws(Failure) {
        let host: ByteRange?
        switch head.target.form {
        case .origin: host = head.fields.host
        case .absolute: host = head.target.host
        case .authority, .asterisk: throw .form
        }
        let decision = head.path.withDecisionBytes(in: bytes) { Array($0) }
        let forward = head.path.withForwardBytes(in: bytes) { Array($0) }
        if let host, let service = table.service(of: Self.name(host.slice(of: bytes))) {
            self.init(service, decision[...], forward[...], isByHost: true)
            return
        }
        if let service = table.service(at: decision), forward == decision {
            self.init(service, decision[...], forward[...], isByHost: false)
            return
        }
        guard decision.starts(with: Self.prefix), forward.starts(with: Self.prefix) else { throw .unknown }
        let rest = decision[Self.prefix.count...]
        let name = rest.prefix { $0 != 0x2F }
        // What is sent must have the very same beginning: a parameter in it would be seen by nobody.
        let end = Self.prefix.count + name.count
        guard let service = table.service(named: Array(name)), forward.count >= end,
            forward[..<end].elementsEqual(decision[..<end]), forward.count == end || forward[end] == 0x2F
        else { throw .unknown }
        self.init(service, decision[end...], forward[end...], isByHost: false)
    }

    private init(
        _ service: GateService, _ decision: ArraySlice<UInt8>, _ forward: ArraySlice<UInt8>, isByHost: Bool
    ) {
        self.service = service
        self.isByHost = isByHost
        below = String(decoding: decision, as: UTF8.self)
        // A call is the same one whichever way it comes.
        let plain = service.description.builtIn?.information.plainPath
        let isPlain = plain.map { decision.elementsEqual($0.utf8) } ?? false
        decisionPath = String(decoding: Self.join(service.base, isPlain ? [0x2F] : decision), as: UTF8.self)
        forwardPath = Self.join(service.base, forward)
    }

    /// The address of the service at the gate as the client asked for it, without a slash at its end.
    func entrance(
        _ head: borrowing HTTP1RequestHead, in bytes: UnsafeRawBufferPointer, isSecure: Bool
    ) -> String? {
        let host: ByteRange? = head.target.form == .absolute ? head.target.host : head.fields.host
        guard let host = host?.text(in: bytes), !host.isEmpty else { return nil }
        let place = "\(isSecure ? "https" : "http")://\(host)"
        return isByHost ? place : "\(place)/s/\(service.name)"
    }

    /// The root of a service whose path has one is that path itself, without a slash behind it.
    private static func join(_ base: [UInt8], _ rest: ArraySlice<UInt8>) -> [UInt8] {
        if base.isEmpty { return rest.isEmpty ? [0x2F] : Array(rest) }
        return rest.isEmpty || rest.elementsEqual([0x2F]) ? base : base + rest
    }

    /// A host in lower case, without its port.
    private static func name(_ host: UnsafeRawBufferPointer) -> [UInt8] {
        var end = host.count
        if host.last != 0x5D, let colon = host.lastIndex(of: 0x3A) { end = colon }
        return host[..<end].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }
}
