// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Glibc
internal import Synchronization
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Opens the sockets of a local MCP server and its client: the launch of the server as an agent of its own, and the
    /// way of the client to the service, which nobody but the asking process has.
    func openStdio(_ request: StdioRequest, by caller: Operator) async throws -> StdioReport {
        let configuration = state.withLock { $0.configuration }
        let known = configuration.services.first { $0.name.utf8.elementsEqual(request.service.utf8) }
        guard let service = known, let agent = service.stdio else {
            throw AdminError(
                .unknown,
                known == nil
                    ? "no service is named “\(request.service)”"
                    : "service “\(request.service)” has host and port, and is no local server",
                remedy: "add under services: \(request.service): {protocol: mcp, stdio: AGENT}, under agents: AGENT: "
                    + "{attest: [{launch: true}]}, then type: yett reload")
        }
        guard let proxy = configuration.serviceProxy else {
            throw AdminError(
                .unknown, "the configuration has no service proxy, which reads what client and server say",
                remedy: "add 'service_proxy: {}', then type: yett reload")
        }
        guard
            let server = AttachedServer(
                service: service.name, socketName: request.socketName, pid: caller.pid, uid: caller.uid)
        else { throw AdminError(.malformed, "“\(request.socketName)” is not the name of a socket of yett") }
        if !request.bringsToken { try checkClient(caller, of: service.name) }
        let launch = try await openLaunch(
            LaunchRequest(agent: agent, uid: request.uid, program: request.program), by: caller)
        do {
            try await launches.attach(server, to: launch.launchId, plane: services)
        } catch {
            launches.end(launch.launchId, cause: "the client's socket could not be opened")
            throw error
        }
        return StdioReport(
            launch: launch, clientSocket: launches.frontPath(of: launch.launchId), gatePid: getpid(),
            lineBytes: proxy.limits.stdioLine, grace: proxy.limits.stdioGrace)
    }

    /// Who would never be let in should hear so at once, and what to add.
    private func checkClient(_ caller: Operator, of service: String) throws(AdminError) {
        var status = stat()
        let group = stat("/proc/\(caller.pid)", &status) == 0 ? status.st_gid : gid_t.max
        let process = ProcessCredentials(
            pid: caller.pid, uid: caller.uid, gid: group, path: Self.program(of: caller.pid))
        guard authorizer.snapshot.agents.identify(process: process) == nil else { return }
        throw AdminError(
            .forbidden, "processes of user \(caller.uid) are no agent of the configuration",
            remedy: "add under agents: NAME: {attest: [{unix: {uid: \(caller.uid)}}], grants: [{name: \(service), "
                + "service: \(service), tools: {TOOL: {}}}]}, then type: yett reload; or bring a token: --token FILE")
    }

    private static func program(of process: Int32) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/\(process)/exe", &bytes, bytes.count)
        guard count > 0, count < bytes.count else { return nil }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
