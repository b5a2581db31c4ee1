// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// The pages that are looked at.
struct PageRoutes {
    let gate: any GateControl
    let access: DashboardAccess

    func add(to router: Router<AdminContext>) {
        page(router, "/") { _, visitor in try await MapPage(gate: gate, visitor: visitor).page() }
        page(router, "/decisions") { request, _ in
            try await DecisionsPage(gate: gate).page(try PageParameters(request))
        }
        router.get("/decisions/:decision") { request, context in
            let decision = try context.parameters.require("decision")
            return try await show(request, context) { _ in try await DecisionsPage(gate: gate).page(of: decision) }
        }
        page(router, "/agents") { _, visitor in try await AgentsPage(gate: gate, visitor: visitor).page() }
        page(router, "/tasks") { _, visitor in try await TasksPage(gate: gate, visitor: visitor).page() }
        page(router, "/approvals") { _, visitor in try await ApprovalsPage(gate: gate, visitor: visitor).page() }
        router.get("/approvals/:approval") { request, context in
            let approval = try context.parameters.require("approval")
            return try await show(request, context) { visitor in
                try await ApprovalsPage(gate: gate, visitor: visitor).page(of: approval)
            }
        }
        page(router, "/tools") { _, visitor in try await ToolsPage(gate: gate, visitor: visitor).page() }
        page(router, "/policy") { _, visitor in try await PolicyPage(gate: gate, visitor: visitor).page() }
        page(router, "/sandbox") { _, _ in try await SandboxPage(gate: gate).page() }
        page(router, "/audit") { request, _ in try await AuditPage(gate: gate).page(try PageParameters(request)) }
        router.get("/audit/proofs/:index") { _, context in
            let text = try context.parameters.require("index")
            guard let index = UInt64(text), index <= 1 << 52 else {
                throw AdminError(.malformed, "an index is a number")
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/plain; charset=utf-8",
                    .contentDisposition: "attachment; filename=\"record-\(index).tlog-proof\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(string: try await gate.proof(of: index))))
        }
        page(router, "/system") { _, _ in try await SystemPage(gate: gate).page() }
    }

    private func page(
        _ router: Router<AdminContext>, _ path: RouterPath,
        _ make: @escaping @Sendable (Request, DashboardVisitor) async throws -> Page
    ) {
        router.get(path) { request, context in
            try await show(request, context) { visitor in try await make(request, visitor) }
        }
    }

    private func show(
        _ request: Request, _ context: AdminContext, _ make: (DashboardVisitor) async throws -> Page
    ) async throws -> Response {
        guard let visitor = context.visitor, let session = visitor.session else {
            throw AdminError(.forbidden, "nobody is signed in")
        }
        // A page that refreshes itself does not take the notice from the one that is loaded next.
        let isRefresh = request.headers[DashboardDoor.refresh] != nil
        let page = try await make(visitor)
        return page.response(for: visitor, notice: isRefresh ? nil : access.sessions.notice(for: session))
    }
}
