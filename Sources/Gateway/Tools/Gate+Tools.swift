// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import ServicePlane
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// The tools of MCP servers.
    func tools(of service: String?, for agent: String?) async throws -> ToolList {
        let identity = try agent.map { try proven($0) }
        let names = try service.map { [try toolServer($0)] } ?? services.toolServices
        var list: [ToolReport] = []
        for name in names {
            var granted: Set<String>?
            if let identity {
                do {
                    granted = try services.grantedTools(of: name, to: identity, at: now)
                } catch { throw Self.adminError(error, service: name) }
            }
            for status in services.tools(of: name) ?? [] {
                var report = ToolReport(status, of: name)
                report.isAllowed = granted?.contains(status.newest.name)
                list.append(report)
            }
        }
        return ToolList(tools: list)
    }

    /// How the newest definitions of the tools of a service differ from those in use.
    func toolChanges(of service: String, tool: String?) async throws -> ToolChangeList {
        let statuses = services.tools(of: try toolServer(service)) ?? []
        let wanted = statuses.filter { status in
            guard let tool else { return status.hold != nil }
            return status.newest.name.utf8.elementsEqual(tool.utf8)
        }
        if let tool, wanted.isEmpty {
            throw AdminError(.unknown, "\(service) has named no tool “\(tool)”", remedy: "yett tools list \(service)")
        }
        return ToolChangeList(
            changes: wanted.map { status in
                let lines: [String] =
                    if let former = status.former {
                        MCPDefinitionText.difference(from: former.definition, to: status.newest.definition)
                    } else if status.hold == nil {
                        []
                    } else {
                        MCPDefinitionText.lines(of: status.newest.definition).map { "+ " + $0 }
                    }
                return ToolChange(tool: ToolReport(status, of: service), lines: lines)
            })
    }

    /// Lines for the configuration that say what the tools of a service do, guessed by plain rules.
    func toolProposal(of service: String) async throws -> ToolProposal {
        let service = try toolServer(service)
        let known = state.withLock { state in
            let configured = state.configuration.services.first { $0.name.utf8.elementsEqual(service.utf8) }
            return Set(configured?.tools.map(\.name) ?? [])
        }
        let guesses = (services.tools(of: service) ?? []).filter { !known.contains($0.newest.name) }
            .compactMap { MCPAnnotationProposal($0.newest.definition) }
        guard !guesses.isEmpty else { return ToolProposal(yaml: nil) }
        return ToolProposal(
            yaml: AnnotatedTool.proposal(
                guesses.map { (AnnotatedTool(name: $0.name, annotations: $0.annotations), $0.doubts) }, of: service))
    }

    /// Takes definitions of tools into use, and records who approved which.
    func approveTools(
        of service: String, _ request: ToolApproval, by caller: Operator
    ) async throws -> ToolApprovalReport {
        let service = try toolServer(service)
        var report = ToolApprovalReport(approved: [], refused: [])
        for tool in request.tools {
            if isApprovable(tool, of: service) {
                try await share(
                    SharedPin(
                        service: service, tool: tool.name, digest: tool.hash, origin: caller.name, why: request.why))
            }
            let isApproved: Bool
            do throws(MCPToolKeepingError) {
                isApproved = try services.approve(tool.name, digest: tool.hash, of: service)
            } catch {
                throw AdminError(
                    .unavailable, "the approval of \(tool.name) cannot be kept, so it does not count: \(error)",
                    remedy: "see whether the disk is full, then approve it again")
            }
            guard isApproved else {
                report.refused.append(ToolApprovalReport.Refusal(name: tool.name, why: whyNot(tool, of: service)))
                continue
            }
            report.approved.append(tool.name)
            var event = event(.adminAction, by: caller)
            event.operation = "tool approve"
            event.service = service
            event.tool = tool.name
            event.cause = request.why
            event.detail = tool.hash
            record(event)
        }
        logger.notice(
            "an operator approved tools",
            metadata: [
                LogField.operatorUser: .stringConvertible(caller.uid),
                LogField.trigger: .string("\(service): \(report.approved.joined(separator: ", "))"),
            ])
        return report
    }

    /// Whether it is the newest definition, and one that an operator may approve.
    private func isApprovable(_ tool: ToolApproval.Tool, of service: String) -> Bool {
        let status = services.tools(of: service)?.first { $0.newest.name.utf8.elementsEqual(tool.name.utf8) }
        guard let status, status.hold?.canBeApproved ?? true else { return false }
        return status.newest.digest.utf8.elementsEqual(tool.hash.utf8)
    }

    private func whyNot(_ tool: ToolApproval.Tool, of service: String) -> String {
        let status = services.tools(of: service)?.first { $0.newest.name.utf8.elementsEqual(tool.name.utf8) }
        guard let status else { return "the service has named no such tool" }
        if let hold = status.hold, !hold.canBeApproved { return hold.sentence }
        return "its definition is another one now, \(status.newest.digest); look at it first"
    }

    /// The name of a service that speaks MCP.
    private func toolServer(_ service: String) throws(AdminError) -> String {
        let names = services.toolServices
        if let name = names.first(where: { $0.utf8.elementsEqual(service.utf8) }) { return name }
        throw AdminError(
            .unknown, "no service “\(service)” with protocol: mcp is served",
            remedy: names.isEmpty ? "yett check --print" : "there are: \(names.joined(separator: ", "))")
    }

    /// An agent of the configuration as if it had proved who it is, in the strongest way that it can.
    func proven(_ agent: String) throws(AdminError) -> VerifiedIdentity {
        let id = try identifier(of: agent)
        guard let proof = authorizer.snapshot.agents.strongestProof(of: id) else {
            throw AdminError(.unknown, "\(id) is not configured, or nothing proves it", remedy: "yett check --print")
        }
        return VerifiedIdentity(proved: id, by: proof, basis: ProofBasis(since: clock.wall()))
    }

    /// Why nothing could be tried.
    static func adminError(_ failure: ServiceTrial.Failure, service: String) -> AdminError {
        switch failure {
        case .unknownService:
            AdminError(.unknown, "no service “\(service)” is served", remedy: "yett check --print")
        case .isToolServer:
            AdminError(.malformed, "\(service) speaks MCP; say which tool", remedy: "yett tools list \(service)")
        case .hasNoTools:
            AdminError(.malformed, "\(service) does not speak MCP; give a method and a path")
        case .arguments(let why): AdminError(.malformed, "the arguments are not those of a tool: \(why)")
        case .request(let why): AdminError(.malformed, "the request cannot be made: \(why)")
        }
    }
}

extension ToolReport {
    /// What is told of a tool.
    init(_ status: MCPToolStatus, of service: String) {
        let record = status.newest
        self.init(
            service: service, name: record.name,
            state: status.hold != nil ? "held" : record.isApproved ? "approved" : "seen",
            canBeApproved: !record.digest.isEmpty && status.hold?.canBeApproved ?? true)
        hold = status.hold?.rawValue
        why = status.hold?.sentence
        hash = record.digest.isEmpty ? nil : record.digest
        definition = record.definition.isEmpty ? nil : String(decoding: record.definition, as: UTF8.self)
        formerHash = status.former?.digest
        effect = status.annotations?.effect.rawValue
        arguments = status.annotations?.roles.mapValues(\.rawValue)
    }
}
