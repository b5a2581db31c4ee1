// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Logging
internal import ServicePlane
internal import Synchronization
internal import Telemetry

/// Definitions of tools that are approved at one gate are approved at all, digest by digest.
extension Gate {
    /// Writes an approval; only then it may count here.
    func share(_ pin: SharedPin) async throws(AdminError) {
        guard let cluster else { return }
        do throws(ClusterError) {
            try await cluster.link.change(pin.key) { value throws(ClusterError) -> EntryChange<Void> in
                .write(pin.value, ())
            }
        } catch {
            throw AdminError(
                .unavailable, "\(pin.tool) is not approved: the other gates cannot be told: \(error)",
                remedy: "yett cluster")
        }
    }

    /// Takes over an approval.
    func takePin(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let value = entry.value else {
            cluster.memory.withLock { $0.pins[entry.key] = nil }
            return
        }
        // What cannot be read approves nothing.
        cluster.memory.withLock { $0.pins[entry.key] = nil }
        let pin = try SharedPin(entry.key, value)
        cluster.memory.withLock { $0.pins[entry.key] = pin }
        approve(pin)
    }

    /// Called once a second: a server may name a tool here after it was approved elsewhere.
    func approveSharedPins() {
        guard let cluster else { return }
        let pins = cluster.memory.withLock { $0.pins }
        for pin in pins.values { approve(pin) }
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
