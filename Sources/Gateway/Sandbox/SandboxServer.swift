// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols
internal import Sandbox
internal import SandboxPlane
internal import ServicePlane

/// The sandboxes as a server of the gate's own.
struct SandboxServer: BuiltInServer {
    let plane: SandboxPlane
    let version: String

    var information: BuiltInInformation {
        BuiltInInformation(
            name: "yett-sandbox", version: version, instructions: SandboxTool.instructions,
            tools: [SandboxTool.definition], plainTool: SandboxTool.name, plainPath: SandboxTool.path)
    }

    func prepare(tool: String, arguments: JSONObject) throws(BuiltInRefusal) -> BuiltInCall {
        guard tool.utf8.elementsEqual(SandboxTool.name.utf8) else {
            throw BuiltInRefusal(.toolNotApproved, "there is no such tool")
        }
        do throws(SandboxError) {
            let order = try plane.read(arguments)
            return BuiltInCall(facts: order.facts, job: order)
        } catch {
            throw BuiltInRefusal(error)
        }
    }

    func object(to call: BuiltInCall, under terms: [SandboxTerms]) -> BuiltInRefusal? {
        guard let order = call.job as? SandboxOrder else { return Self.foreign }
        return plane.objection(to: order, under: terms).map { BuiltInRefusal($0) }
    }

    func run(
        _ call: BuiltInCall, under terms: [SandboxTerms], listener: BuiltInListener?
    ) async throws(BuiltInRefusal) -> BuiltInOutcome {
        guard let order = call.job as? SandboxOrder else { throw Self.foreign }
        var heard: SandboxListener?
        if let listener { heard = { @Sendable stream, bytes in listener(stream.rawValue, bytes) } }
        do throws(SandboxError) {
            let report = try await plane.run(order, under: terms, listener: heard)
            return BuiltInOutcome(
                fields: report.fields, text: report.text, isError: report.isError, cause: "sandbox_run",
                summary: report.summary)
        } catch {
            throw BuiltInRefusal(error)
        }
    }

    private static let foreign = BuiltInRefusal(.sandboxUnavailable, "the call is none of this server")
}

extension BuiltInRefusal {
    /// Why a run did not begin, as the gate's reason.
    init(_ error: SandboxError) {
        let reason: ReasonCode =
            switch error.kind {
            case .malformed: .protocolViolation
            case .tooLarge: .requestTooLarge
            case .unsatisfied: .sandboxUnsatisfied
            case .busy: .sandboxBusy
            case .unavailable, .setUp, .cut: .sandboxUnavailable
            }
        self.init(reason, error.description)
    }
}
