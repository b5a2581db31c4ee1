// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Logging
internal import ServicePlane
internal import Synchronization
internal import Telemetry
internal import Transport

/// Definitions of tools that are approved at one gate are approved at all, digest by digest.
extension Gate {
    /// Writes an approval; only then it may count here.
    func share(_ pin: SharedPin) async throws(AdminError) {
        guard let cluster else { return }
        let wall = clock.wall()
        let admitted = cluster.memory.withLock { $0.statementTimes[pin.key] }
        do throws(ClusterError) {
            try await cluster.link.change(pin.key) { value throws(ClusterError) -> EntryChange<Void> in
                var own = pin
                if cluster.members != nil {
                    // Later than every approval before it, whatever the clocks of other gates say.
                    let known = value.flatMap { try? SharedPin(pin.key, signed: cluster.claim($0, at: pin.key)) }
                    own.time = max(wall, max(known?.time ?? 0, admitted ?? 0) &+ 1)
                }
                return .write(try cluster.signed(own.value, at: pin.key), ())
            }
        } catch {
            throw AdminError(
                .unavailable, "\(pin.tool) is not approved: the other gates cannot be told: \(error)",
                remedy: "yett cluster")
        }
    }

    /// Puts back an approval that etcd has lost, or has an older one of.
    func deliver(pin key: ClusterKey, _ cluster: GateCluster) async throws(ClusterError) {
        guard let known = cluster.memory.withLock({ $0.pins[key] }), let signed = known.signed else { return }
        try await cluster.link.change(key, isNew: false) { value throws(ClusterError) -> EntryChange<Void> in
            let there = value.flatMap { try? SharedPin(key, signed: cluster.claim($0, at: key)) }
            return there?.time ?? .min >= known.pin.time ?? .min ? .leave(()) : .write(signed, ())
        }
        cluster.memory.withLock { $0.pins[key]?.isThere = true }
    }

    /// Takes over an approval. What cannot be read or believed approves nothing.
    func takePin(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        cluster.memory.withLock { $0.pins[entry.key] = $0.pins[entry.key]?.away }
        guard let value = entry.value else { return }
        let claim = cluster.claim(value, at: entry.key)
        let pin: SharedPin
        if cluster.members != nil {
            pin = try SharedPin(entry.key, signed: claim)
            try cluster.admit(entry.key, at: pin.time ?? .min)
        } else {
            pin = try SharedPin(entry.key, claim.payload)
        }
        let known = KnownPin(pin: pin, signed: cluster.members == nil ? nil : value)
        cluster.memory.withLock { $0.pins[entry.key] = known }
        approve(pin)
    }

    /// Called once a second: a server may name a tool here after it was approved elsewhere.
    func approveSharedPins() {
        guard let cluster else { return }
        let pins = cluster.memory.withLock { $0.pins }
        for known in pins.values { approve(known.pin) }
    }

    /// Takes a definition into use if it is the one that waits here.
    private func approve(_ pin: SharedPin) {
        let waiting = services.tools(of: pin.service)?.contains { status in
            status.newest.name.utf8.elementsEqual(pin.tool.utf8) && status.hold?.canBeApproved ?? false
                && status.newest.digest.utf8.elementsEqual(pin.digest.utf8)
        }
        guard waiting ?? false else { return }
        do throws(MCPToolKeepingError) {
            guard try services.approve(pin.tool, digest: pin.digest, of: pin.service) else { return }
        } catch {
            logger.error("an approval could not be kept", metadata: [LogField.error: .string("\(error)")])
            return
        }
        var event = event(.adminAction)
        event.operation = "tool approve"
        event.service = pin.service
        event.tool = pin.tool
        event.cause = pin.why
        event.detail = "\(pin.digest); another gate, \(pin.origin)"
        record(event)
    }
}
