// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Telemetry

/// State of the gate, live connections, cut, reload, quarantine.
struct GateRoutes {
    let gate: any GateControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("status") { _, _ in Answer(try await gate.status()) }
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: Self.metrics(of: try await gate.status()))))
        }
        router.get("connections") { _, _ in
            Answer(ConnectionList(connections: try await gate.connections()))
        }
        router.get("risk") { _, _ in Answer(try await gate.risk()) }
        router.post("cut") { request, context in
            let selection = try await request.decode(as: CutRequest.self, context: context)
            guard !selection.isEmpty else {
                throw AdminError(
                    .malformed, "nothing says which connections to cut",
                    remedy: "give an agent, a task, a service or a connection")
            }
            return Answer(try await gate.cut(selection, by: context.caller))
        }
        router.post("reload") { _, context in Answer(try await gate.reload(by: context.caller)) }
        router.get("decisions/:decision") { _, context in
            Answer(try await gate.explain(try context.parameters.require("decision")))
        }
        router.post("quarantine") { request, context in
            let wanted = try await request.decode(as: QuarantineRequest.self, context: context)
            return Answer(try await gate.quarantine(wanted, by: context.caller))
        }
        router.post("release") { request, context in
            let wanted = try await request.decode(as: QuarantineRequest.self, context: context)
            return Answer(try await gate.release(wanted, by: context.caller))
        }
    }

    private static func metrics(of status: StatusReport) -> String {
        var text = MetricText()
        text.add(.uptime, Int(status.uptimeSeconds))
        text.add(.liveConnections, status.connections)
        text.add(.launches, status.launches)
        text.add(.quarantined, status.quarantined.count)
        text.add(.auditRecords, Int(clamping: status.audit.records))
        text.add(.auditHealthy, status.audit.isAvailable ? 1 : 0)
        text.add(.snapshotRevision, Int(clamping: status.configuration.revision))
        text.add(.lastReloadAccepted, status.lastReload?.isAccepted == false ? 0 : 1)
        text.add(.bundlesMissing, status.bundles.count { !$0.isActive })
        text.add(.bundlesFailing, status.bundles.count { $0.message != nil })
        text.add(.endpoints, status.endpoints?.count ?? 0)
        text.add(.endpointsOut, status.endpoints?.count { $0.state != .well } ?? 0)
        return text.text
    }
}
