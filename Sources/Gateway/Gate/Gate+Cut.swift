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
