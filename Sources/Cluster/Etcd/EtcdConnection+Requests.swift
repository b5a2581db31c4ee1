// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
public import GRPCClient
internal import Protobufs

/// An entry of etcd.
public struct EtcdEntry: Sendable, Hashable {
    /// The whole key.
    public let key: String
    /// The value; `nil` for an entry that is gone.
    public let value: [UInt8]?
    /// The revision of the change that made it so.
    public let revision: Int64
    /// The lease that it lives with; 0 for none.
    public let lease: Int64

    init(key: String, value: [UInt8]?, revision: Int64, lease: Int64 = 0) {
        self.key = key
        self.value = value
        self.revision = revision
        self.lease = lease
    }
}

/// What a change of an entry came to.
public enum EtcdOutcome: Sendable, Hashable {
    /// It is made, at this revision.
    case written(revision: Int64)
    /// The entry was another one by then; `nil` when there was none.
    case conflict(EtcdEntry?)
}

/// A key, or every key with a prefix.
struct EtcdRange: Sendable {
    let key: String
    var isPrefix = false

    /// The first key behind the range; empty for one key. No key of ours has the byte 255.
    var end: [UInt8] {
        guard isPrefix else { return [] }
        var end = Array(key.utf8)
        if let last = end.popLast() { end.append(last &+ 1) }
        return end
    }
}

extension EtcdConnection {
    /// Reads one entry as a majority knows it.
    public func entry(_ key: String) async throws(CallFailure) -> EtcdReading {
        try await read(EtcdRange(key: key), limit: 1)
    }

    /// Reads one entry as it was at a revision.
    func entry(_ key: String, at revision: Int64) async throws(CallFailure) -> EtcdReading {
        try await read(EtcdRange(key: key), limit: 1, revision: revision)
    }

    /// Reads every entry with a prefix, all as of one revision.
    public func entries(prefix: String) async throws(CallFailure) -> EtcdReading {
        let range = EtcdRange(key: prefix, isPrefix: true)
        var all: [EtcdEntry] = []
        var page = try await answer(range, limit: limits.page)
        let (revision, cluster) = (page.header.revision, page.header.clusterID)
        while true {
            all += page.kvs.map { EtcdEntry($0) }
            guard all.count <= limits.entries else { throw .broken("more than \(limits.entries) entries") }
            guard page.more, let last = page.kvs.last else { break }
            page = try await answer(range, from: last.key + [0], limit: limits.page, revision: revision)
        }
        return EtcdReading(entries: all, revision: revision, cluster: cluster)
    }

    private func read(
        _ range: EtcdRange, limit: Int64, revision: Int64 = 0
    ) async throws(CallFailure) -> EtcdReading {
        let response = try await answer(range, limit: limit, revision: revision)
        return EtcdReading(
            entries: response.kvs.map { EtcdEntry($0) }, revision: response.header.revision,
            cluster: response.header.clusterID)
    }

    private func answer(
        _ range: EtcdRange, from start: Data? = nil, limit: Int64, revision: Int64 = 0
    ) async throws(CallFailure) -> EtcdRangeResponse {
        var request = EtcdRangeRequest()
        request.key = start ?? Data(range.key.utf8)
        request.rangeEnd = Data(range.end)
        request.limit = limit
        request.revision = revision
        return try await call(.range, request, for: EtcdRangeResponse.self)
    }

    /// Writes an entry if it is still the one that was read.
    ///
    /// - Parameters:
    ///   - known: The revision of the entry that is to be replaced; 0 when there must be none.
    ///   - value: What it becomes; `nil` removes it.
    ///   - lease: What it lives with; 0 for none.
    public func replace(
        _ key: String, known: Int64, with value: [UInt8]?, lease: Int64 = 0
    ) async throws(CallFailure) -> EtcdOutcome {
        var compare = EtcdCompare()
        compare.key = Data(key.utf8)
        compare.target = .mod
        compare.result = .equal
        compare.modRevision = known
        var request = EtcdTxnRequest()
        request.compare = [compare]
        request.success = [Self.change(key, value, lease)]
        var get = EtcdRequestOp()
        get.requestRange.key = Data(key.utf8)
        request.failure = [get]
        let response = try await call(.transaction, request, for: EtcdTxnResponse.self)
        guard !response.succeeded else { return .written(revision: response.header.revision) }
        guard case .responseRange(let range)? = response.responses.first?.response else {
            throw .broken("an answer without the entry")
        }
        return .conflict(range.kvs.first.map { EtcdEntry($0) })
    }

    /// Writes an entry whatever it was.
    ///
    /// - Returns: The revision.
    @discardableResult
    public func put(_ key: String, _ value: [UInt8]?, lease: Int64 = 0) async throws(CallFailure) -> Int64 {
        var request = EtcdTxnRequest()
        request.success = [Self.change(key, value, lease)]
        return try await call(.transaction, request, for: EtcdTxnResponse.self).header.revision
    }

    private static func change(_ key: String, _ value: [UInt8]?, _ lease: Int64) -> EtcdRequestOp {
        var change = EtcdRequestOp()
        if let value {
            change.requestPut.key = Data(key.utf8)
            change.requestPut.value = Data(value)
            change.requestPut.lease = lease
        } else {
            change.requestDeleteRange.key = Data(key.utf8)
        }
        return change
    }

    // MARK: Leases

    /// Makes a lease.
    ///
    /// - Parameters:
    ///   - seconds: How long it lives unless it is kept alive.
    ///   - id: Its number; 0 lets etcd choose.
    /// - Returns: Its number.
    public func grantLease(seconds: Int64, id: Int64 = 0) async throws(CallFailure) -> Int64 {
        var request = EtcdLeaseGrantRequest()
        request.ttl = seconds
        request.id = id
        let response = try await call(.grantLease, request, for: EtcdLeaseGrantResponse.self)
        guard response.error.isEmpty, response.id != 0 else {
            throw .status(.unknown, CallFailure.legible(response.error))
        }
        return response.id
    }

    /// Lets a lease live for its whole time from now on.
    ///
    /// - Returns: Whether it is still there.
    public func keepLeaseAlive(_ id: Int64) async throws(CallFailure) -> Bool {
        var request = EtcdLeaseKeepAliveRequest()
        request.id = id
        return try await call(.keepLeaseAlive, request, for: EtcdLeaseKeepAliveResponse.self).ttl > 0
    }

    /// Ends a lease, and what lives with it.
    public func revokeLease(_ id: Int64) async throws(CallFailure) {
        var request = EtcdLeaseRevokeRequest()
        request.id = id
        _ = try await call(.revokeLease, request, for: EtcdLeaseRevokeResponse.self)
    }

    /// How the member stands.
    public func status() async throws(CallFailure) -> EtcdStatus {
        let response = try await call(.status, EtcdStatusRequest(), for: EtcdStatusResponse.self)
        return EtcdStatus(
            version: CallFailure.legible(response.version), bytes: response.dbSize,
            hasLeader: response.leader != 0, isLeader: response.leader == response.header.memberID,
            revision: response.header.revision)
    }
}

/// What was read, and as of when.
public struct EtcdReading: Sendable {
    /// The entries, by key.
    public let entries: [EtcdEntry]
    /// The revision of the whole store.
    public let revision: Int64
    /// The number of the cluster.
    public let cluster: UInt64
}

/// How a member of etcd stands.
public struct EtcdStatus: Sendable, Hashable {
    /// Its version.
    public let version: String
    /// How large its file is.
    public let bytes: Int64
    /// Whether it knows a leader.
    public let hasLeader: Bool
    /// Whether it is that leader.
    public let isLeader: Bool
    /// The revision of its store.
    public let revision: Int64
}

extension EtcdEntry {
    /// Takes an entry over. A key that is no text becomes one that cannot be one of ours.
    init(_ pair: EtcdKeyValue, isGone: Bool = false) {
        self.init(
            key: String(decoding: pair.key, as: UTF8.self), value: isGone ? nil : Array(pair.value),
            revision: pair.modRevision, lease: pair.lease)
    }
}
