// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Authority
internal import Decision
internal import EgressPlane
internal import Glibc
internal import Identity
internal import NIOCore
internal import ServicePlane
internal import Synchronization
internal import Transport

/// The launched agents: for each a socket of its own, which lives as long as the process that launched it.
final class Launches: Sendable {
    /// One launched agent.
    struct Launch: Sendable {
        let identity: VerifiedIdentity
        let listener: BoundListener
        let watch: ProcessWatch
        let caller: Operator
        /// Where the client of a launched MCP server asks.
        var front: BoundListener?
    }

    /// How a launch ended.
    struct End: Sendable {
        let launch: String
        let identity: VerifiedIdentity
        let caller: Operator
        let cause: String
    }

    /// The most launches at one time.
    static let largestCount = 1024

    /// The users as which agents run that root launches.
    private static let rootUsers: ClosedRange<UInt32> = 60_000...60_999

    private let open = Mutex<[String: Launch?]>([:])
    private let directory: String
    private let ended: @Sendable (End) -> Void

    /// Prepares for launches.
    ///
    /// - Parameters:
    ///   - directory: Where the sockets appear; whoever may launch can enter it.
    ///   - ended: Called after each end.
    init(directory: String, ended: @escaping @Sendable (End) -> Void) {
        self.directory = directory
        self.ended = ended
    }

    /// How many there are.
    var count: Int { open.withLock { $0.count } }

    /// Reserves a name for a launch.
    ///
    /// - Throws: ``AdminPlane/AdminError`` when there are too many.
    func reserve() throws(AdminError) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(generator.next() as UInt64, radix: 16)
        let launch = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        let isReserved = open.withLock { open in
            guard open.count < Self.largestCount, open[launch] == nil else { return false }
            open.updateValue(nil, forKey: launch)
            return true
        }
        guard isReserved else {
            throw AdminError(.unavailable, "\(Self.largestCount) launched agents run already")
        }
        return launch
    }

    /// Gives back a name that came to nothing.
    func abandon(_ launch: String) { _ = open.withLock { $0.removeValue(forKey: launch) } }

    /// Where the socket of a launch appears.
    func socketPath(of launch: String) -> String { "\(directory)/launch-\(launch).sock" }

    /// Opens the socket of a reserved launch and watches the process that asked for it.
    func start(
        _ launch: String, _ identity: VerifiedIdentity, uid: UInt32, caller: Operator, plane: EgressPlane,
        services: ServicePlane, task: TaskContext? = nil, isOwn: Bool = false
    ) async throws {
        let users = uid == 0 && !isOwn ? Self.rootUsers : uid...uid
        let listener = try await plane.openLaunch(
            identity, socketPath: socketPath(of: launch), uid: uid, launchUsers: users,
            task: task, direct: { try services.adopt($0, loop: $1, $2) })
        let watch = ProcessWatch(caller.pid) { [weak self] in
            self?.end(launch, cause: "the launching process ended")
        }
        guard let watch else {
            await listener.close()
            throw AdminError(.failed, "process \(caller.pid), which asked for the launch, is gone")
        }
        let entry = Launch(identity: identity, listener: listener, watch: watch, caller: caller)
        let isWanted = open.withLock { open in
            guard open[launch] != nil else { return false }
            open.updateValue(entry, forKey: launch)
            return true
        }
        guard isWanted else {
            watch.cancel()
            await listener.close()
            throw AdminError(.failed, "the launch was ended while it began")
        }
    }

    /// Where the client of a launched MCP server asks.
    func frontPath(of launch: String) -> String { "\(directory)/launch-\(launch)-mcp.sock" }

    /// Opens the socket of the client of a launched MCP server, which lives as long as the launch.
    func attach(_ server: AttachedServer, to launch: String, plane: ServicePlane) async throws {
        let path = frontPath(of: launch)
        let front = try await plane.openAttached(server, socketPath: path)
        let isWanted = open.withLock { open in
            guard var entry = open[launch], entry != nil else { return false }
            entry?.front = front
            open.updateValue(entry, forKey: launch)
            return true
        }
        guard isWanted else {
            await front.close()
            throw AdminError(.failed, "the launch was ended while it began")
        }
    }

    /// Ends a launch: closes its socket. What is open under it is cut by whoever hears of the end.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    func end(_ launch: String, cause: String) -> Bool {
        guard let entry = open.withLock({ $0.removeValue(forKey: launch) }), let entry else { return false }
        entry.watch.cancel()
        entry.listener.channel.close(promise: nil)
        unlink(socketPath(of: launch))
        if let front = entry.front {
            front.channel.close(promise: nil)
            unlink(frontPath(of: launch))
        }
        ended(End(launch: launch, identity: entry.identity, caller: entry.caller, cause: cause))
        return true
    }

    /// Ends every launch that `selection` chooses.
    ///
    /// - Returns: How many there were.
    @discardableResult
    func end(where selection: (VerifiedIdentity) -> Bool, cause: String) -> Int {
        let chosen = open.withLock { open in
            open.compactMap { launch, entry in
                entry.map { selection($0.identity) } == true ? launch : nil
            }
        }
        return chosen.count { end($0, cause: cause) }
    }

    /// The launch that one of these processes began.
    func launch(of lineage: [Int32]) -> LaunchedAgent? {
        open.withLock { open in
            for (name, entry) in open {
                guard let entry, lineage.contains(entry.caller.pid) else { continue }
                return LaunchedAgent(agent: String(entry.identity.id.agentName ?? ""), launch: name)
            }
            return nil
        }
    }

    /// Whether `caller` may end the launch: the one that began it, and the gate's operators otherwise.
    func caller(of launch: String) -> Operator? {
        open.withLock { $0[launch]??.caller }
    }
}
