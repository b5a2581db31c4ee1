// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Why a bridge could not be made.
public struct BridgeError: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The transport of MCP over standard input and output, between a client, the gate and a local server.
///
/// A message of the client goes to the gate as a request of streamable HTTP, on a socket that the gate made for this
/// process. What the gate lets through comes back on another socket, and becomes a line of the server's input; answers go
/// the same way back. Nothing passes from one side to the other but through the gate, which judges it as it judges any
/// server's: there is no second judgement here.
public final class StdioBridge: Sendable {
    private struct State {
        var server: ServerSide?
        var client: ClientSide?
        var isServerRunning = true
        var hasClientEnded = false
    }

    /// A pipe; both ends are closed when a program is executed.
    private struct Pipe {
        let read: CInt
        let write: CInt

        init() throws(BridgeError) {
            var ends: [CInt] = [-1, -1]
            guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
                throw BridgeError("no pipe can be made: \(String(cString: strerror(errno)))")
            }
            read = ends[0]
            write = ends[1]
        }
    }

    private let listener: GateListener
    private let input: Pipe
    private let output: Pipe
    private let errors: Pipe
    private let state = Mutex(State())
    private let drained = DispatchSemaphore(value: 0)
    /// Told of each line of the client that was taken, and of their end.
    private let heard = DispatchSemaphore(value: 0)

    /// Makes the pipes of the server, and the socket on which the gate will ask it.
    public init() throws(BridgeError) {
        listener = try GateListener()
        input = try Pipe()
        output = try Pipe()
        errors = try Pipe()
    }

    /// The name of the socket on which the gate asks.
    public var socketName: String { listener.name }
    /// What the server gets as standard input, output and error.
    public var serverDescriptors: (input: CInt, output: CInt, error: CInt) { (input.read, output.write, errors.write) }
    /// Whether the client has ended its input, which is how clients end.
    public var hasClientEnded: Bool { state.withLock { $0.hasClientEnded } }

    /// Begins to pass messages.
    ///
    /// - Parameters:
    ///   - name: What stands before each line that the server writes for people.
    ///   - complain: Tells a person.
    ///   - stop: Tells the server to end.
    ///   - kill: Ends this process, and the server with it.
    public func start(
        _ settings: BridgeSettings, name: String, complain: @escaping @Sendable (String) -> Void,
        stop: @escaping @Sendable () -> Void, kill: @escaping @Sendable () -> Void
    ) {
        let toServer = LineWriter(input.write, limit: settings.lineBytes &* 4, label: "yett.mcp.server.input")
        let toClient = LineWriter(STDOUT_FILENO, limit: settings.lineBytes &* 4, label: "yett.mcp.client.output")
        let ending: @Sendable () -> Void = { [self] in
            Task { await endServer(toServer, settings.grace, stop: stop, kill: kill) }
        }
        let server = ServerSide(settings, input: toServer, complain: complain, tooNoisy: ending)
        let client = ClientSide(settings, output: toClient, complain: complain)
        state.withLock { state in
            state.server = server
            state.client = client
        }
        listener.start(gatePid: settings.gatePid, lineBytes: settings.lineBytes, server)
        LineReading.start(errors.read, limit: 64 << 10, label: "yett.mcp.server.errors") { line in
            guard case .whole(let bytes) = line else { return }
            complain("[\(name)] \(String(decoding: bytes, as: UTF8.self))")
        } ended: {
        }
        LineReading.start(output.read, limit: settings.lineBytes, label: "yett.mcp.server.output") { line in
            await server.take(line)
        } ended: { [drained] in
            drained.signal()
        }
        LineReading.start(STDIN_FILENO, limit: settings.lineBytes, label: "yett.mcp.client.input") { [heard] line in
            await client.take(line)
            heard.signal()
        } ended: { [self] in
            state.withLock { $0.hasClientEnded = true }
            heard.signal()
            await client.finish("The client has ended its input.")
            await endServer(toServer, settings.grace, stop: stop, kill: kill)
        }
    }

    /// Ends the server's input, tells the server to end, and ends it: each when the one before did not help.
    private func endServer(
        _ input: LineWriter, _ grace: Duration, stop: @escaping @Sendable () -> Void,
        kill: @escaping @Sendable () -> Void
    ) async {
        input.close()
        for act in [stop, kill] {
            try? await Task.sleep(for: grace)
            guard state.withLock({ $0.isServerRunning }) else { return }
            act()
        }
    }

    /// The server has ended: what it wrote last is still passed on, and whoever waits is told why nothing comes. Blocks.
    ///
    /// - Parameter hasStarted: Whether there was one at all; else the client's first message may still be on its way.
    public func serverEnded(_ why: String, hasStarted: Bool = true) {
        let (server, client, isExpected) = state.withLock { state in
            state.isServerRunning = false
            return (state.server, state.client, state.hasClientEnded)
        }
        close(input.read)
        close(output.write)
        close(errors.write)
        guard let server, let client else { return }
        // What it started may have left with its output open.
        _ = drained.wait(timeout: .now() + Self.patience)
        let done = DispatchSemaphore(value: 0)
        Task {
            await server.end(why, isExpected: isExpected)
            done.signal()
        }
        _ = done.wait(timeout: .now() + Self.patience)
        if !hasStarted { _ = heard.wait(timeout: .now() + Self.greeting) }
        Task {
            await client.finish(why)
            done.signal()
        }
        _ = done.wait(timeout: .now() + Self.patience)
    }

    private static let patience = DispatchTimeInterval.seconds(5)
    /// Within which a client says something at its start.
    private static let greeting = DispatchTimeInterval.seconds(2)
}
