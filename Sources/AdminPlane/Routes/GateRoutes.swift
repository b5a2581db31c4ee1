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
        router.get("metrics") { request, _ in
            let format = MetricFormat(accept: request.headers[.accept])
            let page = MetricText.page(try await gate.metrics(), format)
            return Response(
                status: .ok, headers: [.contentType: format.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
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
}
