// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import GRPCClient
internal import Synchronization

/// What becomes of an entry, and what whoever changes it learns by that.
public enum EntryChange<Outcome: Sendable>: Sendable {
    /// It gets a value.
    case write([UInt8], Outcome)
    /// It goes.
    case remove(Outcome)
    /// It stays as it is.
    case leave(Outcome)
}

extension ClusterLink {
    /// Changes an entry: asks what becomes of the one that is there, and writes that if nobody was faster; otherwise again.
    ///
    /// - Parameters:
    ///   - ends: After which nobody needs the entry, in Unix seconds; `nil` to keep it.
    ///   - isNew: Whether there is none most times. The first attempt then saves a question; otherwise it would cost etcd
    ///     a write that comes to nothing.
    ///   - patience: How long a majority of etcd is waited for, in milliseconds: it may just be choosing a leader.
    ///   - change: Called with the value that is there, or `nil`; once for each attempt.
    /// - Returns: What the last call of `change` gave back.
    @discardableResult
    public func change<Outcome: Sendable>(
        _ key: ClusterKey, ends: Int64? = nil, isNew: Bool = true, patience: Int64 = 5_000,
        _ change: @Sendable ([UInt8]?) throws(ClusterError) -> EntryChange<Outcome>
    ) async throws(ClusterError) -> Outcome {
        let deadline = clock.monotonic() &+ patience &* 1_000_000
        var known: EtcdEntry?
        var isKnown = isNew
        var failure: CallFailure?
        for attempt in 0..<Self.mostAttempts {
            guard let connection = state.withLock({ $0.connection }) else {
                try await pause(until: deadline, failure)
                continue
            }
            if !isKnown {
                do throws(CallFailure) {
                    known = try await connection.entry(terms.text(key)).entries.first
                    isKnown = true
                } catch {
                    failure = error
                    try await pause(until: deadline, error)
                    continue
                }
            }
            let value: [UInt8]?
            let result: Outcome
            switch try change(known?.value) {
            case .leave(let outcome): return outcome
            case .write(let bytes, let outcome): (value, result) = (bytes, outcome)
            case .remove(let outcome): (value, result) = (nil, outcome)
            }
            do throws(CallFailure) {
                let lease = value == nil ? 0 : try await lease(until: ends, connection)
                let outcome = try await connection.replace(
                    terms.text(key), known: known?.revision ?? 0, with: value, lease: lease)
                guard case .conflict(let entry) = outcome else { return result }
                known = entry
                if attempt > 2 { try? await Task.sleep(for: .milliseconds(Int64.random(in: 1...20))) }
            } catch {
                failure = error
                isKnown = false
                if case .status(.notFound, _) = error { leases.withLock { $0.removeAll() } }
                try await pause(until: deadline, error)
            }
        }
        throw .contended
    }

    private static var mostAttempts: Int { 200 }

    private func pause(until deadline: Int64, _ failure: CallFailure?) async throws(ClusterError) {
        let last = failure ?? state.withLock { $0.lastFailure }
        guard clock.monotonic() < deadline, !Task.isCancelled else { throw .unreachable(last) }
        try? await Task.sleep(for: .milliseconds(50))
    }

    /// Reads an entry as a majority knows it.
    public func value(_ key: ClusterKey) async throws(ClusterError) -> [UInt8]? {
        guard let connection = state.withLock({ $0.connection }) else {
            throw .unreachable(state.withLock { $0.lastFailure })
        }
        do throws(CallFailure) {
            return try await connection.entry(terms.text(key)).entries.first?.value
        } catch {
            throw .unreachable(error)
        }
    }

    // MARK: Leases

    /// What entries whose use ends within the same hour live with, made by whoever needs it first. It only removes what
    /// nobody needs any more: that a time is over, each gate says by its own clock.
    private func lease(until ends: Int64?, _ connection: EtcdConnection) async throws(CallFailure) -> Int64 {
        guard let ends else { return 0 }
        let hour = ends / 3_600 &+ 1
        if leases.withLock({ $0.contains(hour) }) { return leaseID(hour) }
        let seconds = max(60, hour &* 3_600 &- clock.wall() / 1_000_000 &+ 3_600)
        // Lives longer than anything here: two years.
        guard seconds < 63_072_000 else { return 0 }
        do throws(CallFailure) {
            _ = try await connection.grantLease(seconds: seconds, id: leaseID(hour))
        } catch {
            // It is there already.
            guard case .status(.failedPrecondition, _) = error else { throw error }
        }
        leases.withLock { leases in
            if leases.count > 4_096 { leases.removeAll() }
            leases.insert(hour)
        }
        return leaseID(hour)
    }

    private func leaseID(_ hour: Int64) -> Int64 {
        let digest = SHA256.hash(data: Array("yett lease \(terms.prefix)\(hour)".utf8))
        let bits = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return max(1, Int64(bits >> 1))
    }
}
