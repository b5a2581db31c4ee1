// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Identity
internal import Logging
internal import Synchronization
internal import Telemetry

extension Gate {
    /// Ends live connections, then records who asked.
    func cut(_ request: CutRequest, by caller: Operator) async throws -> CutReport {
        let agent = try request.agent.map { try identifier(of: $0) }
        var connection: ConnectionID?
        if let text = request.connection {
            guard let parsed = ConnectionID(text) else {
                throw AdminError(.malformed, "“\(text)” is not a connection id", remedy: "yett ps")
            }
            guard registry.all().contains(where: { $0.connection == parsed }) else {
                throw AdminError(.unknown, "no live connection is named \(text)", remedy: "yett ps")
            }
            connection = parsed
        }
        let count = registry.cut(
            where: { live in
                if let connection, live.connection != connection { return false }
                if let agent, live.facts.identity?.id != agent { return false }
                if let task = request.task, live.facts.task?.id != task { return false }
                if let service = request.service, !Self.goes(live.facts, to: service) { return false }
                return true
            }, CutReason(.operatorCut, detail: request.why))
        var event = event(.cut, by: caller)
        event.agent = agent?.description
        event.task = request.task
        event.service = request.service
        event.connection = request.connection
        event.reasons = [ReasonCode.operatorCut.rawValue]
        event.cause = request.why
        event.detail = "\(count) connections"
        record(event)
        logger.notice(
            "an operator cut live connections",
            metadata: [
                LogField.operatorUser: .stringConvertible(caller.uid), LogField.cut: .stringConvertible(count),
            ])
        return CutReport(cut: count)
    }

    /// Denies everything to an agent, cuts its connections and records who asked.
    func quarantine(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        let agent = try identifier(of: request.agent)
        let why = request.why ?? "an operator quarantined the agent"
        authorizer.quarantine(agent, why: why)
        state.withLock { $0.quarantined[agent] = why }
        let count = registry.cut(where: { $0.facts.identity?.id == agent }, CutReason(.quarantined, detail: why))
        watchLivePermits()
        record(adminAction("quarantine", agent, why: request.why, by: caller, detail: "\(count) connections cut"))
        return QuarantineReport(agent: agent.description, isQuarantined: true, cut: count)
    }

    /// Ends a quarantine and records who asked.
    func release(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        let agent = try identifier(of: request.agent)
        let wasQuarantined = authorizer.release(agent)
        _ = state.withLock { $0.quarantined.removeValue(forKey: agent) }
        guard wasQuarantined else {
            throw AdminError(.conflict, "\(agent) is not quarantined", remedy: "yett status")
        }
        record(adminAction("release", agent, why: request.why, by: caller, detail: nil))
        return QuarantineReport(agent: agent.description, isQuarantined: false, cut: 0)
    }

    private func adminAction(
        _ operation: String, _ agent: SPIFFEID, why: String?, by caller: Operator, detail: String?
    ) -> AuditEvent {
        var event = event(.adminAction, by: caller)
        event.operation = operation
        event.agent = agent.description
        event.cause = why
        event.detail = detail
        logger.notice(
            "an operator changed an agent's state",
            metadata: [
                LogField.operatorUser: .stringConvertible(caller.uid), LogField.trigger: .string(operation),
                LogField.agent: .string(agent.description),
            ])
        return event
    }

    /// The SPIFFE ID of an agent that a person names by its short name or in full.
    func identifier(of agent: String) throws(AdminError) -> SPIFFEID {
        do throws(SPIFFEIDError) {
            return agent.utf8.contains(UInt8(ascii: ":"))
                ? try SPIFFEID(parsing: agent)
                : try SPIFFEID(agent: agent, in: authorizer.snapshot.trustDomain)
        } catch {
            throw AdminError(.malformed, "“\(agent)” names no agent: \(error)", remedy: "yett status")
        }
    }

    private static func goes(_ facts: Facts, to service: String) -> Bool {
        if let name = facts.service, name.utf8.elementsEqual(service.utf8) { return true }
        return facts.destination.host.description.utf8.elementsEqual(service.utf8)
    }
}
