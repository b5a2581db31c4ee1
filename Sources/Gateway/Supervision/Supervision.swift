// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Logging
internal import Telemetry
internal import Transport

/// What the gate was given by the process that started it: sockets that listen already, and somebody who wants to know
/// how it fares.
public struct Supervision: Sendable {
    /// The sockets.
    let handed: HandedSockets
    /// Who wants to know; `nil` where nobody does.
    let supervisor: Supervisor?

    /// Nothing was given.
    public static let none = Supervision(handed: HandedSockets(), supervisor: nil)

    private init(handed: HandedSockets, supervisor: Supervisor?) {
        self.handed = handed
        self.supervisor = supervisor
    }

    /// Reads variables.
    ///
    /// - Parameter process: The number of this process: what is meant for another one is left alone.
    /// - Throws: ``GatewayError`` when something was given that cannot be used.
    init(environment: [String: String], process: Int32) throws(GatewayError) {
        do throws(HandedSocketError) {
            handed = try HandedSockets(environment: environment, process: process)
        } catch {
            throw GatewayError(["\(error)"], remedy: error.remedy, isConfiguration: true)
        }
        supervisor = try Supervisor(environment: environment, process: process)
    }

    /// Takes what this process was given, so that no program which it starts takes it for its own. To be called once,
    /// before there are other threads.
    ///
    /// - Throws: ``GatewayError`` when something was given that cannot be used.
    public static func take() throws(GatewayError) -> Supervision {
        var environment: [String: String] = [:]
        for name in HandedSockets.variables + Supervisor.variables {
            guard let value = getenv(name) else { continue }
            environment[name] = String(cString: value)
            unsetenv(name)
        }
        return try Supervision(environment: environment, process: getpid())
    }

    /// Tells the service manager, if there is one. When that fails, the log says so and the gate goes on: whoever waits
    /// for the message in vain acts by itself.
    func tell(_ logger: Logger, _ message: (Supervisor) throws(SupervisorError) -> Void) {
        guard let supervisor else { return }
        do throws(SupervisorError) {
            try message(supervisor)
        } catch {
            logger.warning(
                "the service manager could not be told", metadata: [LogField.error: .string("\(error)")])
        }
    }
}
