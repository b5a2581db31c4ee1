// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Starts the processes of the Wasm driver: the launcher of the sandbox plane, in a jail.
public protocol WasmSpawner: Sendable {
    /// What the processes are kept in.
    func jail() throws(SandboxError) -> WasmJail

    /// Starts a process, which ends with the thread that starts it: that is not the calling one, but one that stays.
    /// The descriptors remain the caller's as well.
    func spawn(_ launch: WasmLaunch) throws(SandboxError) -> any WasmProcess
}

/// What a spawner keeps its processes in.
public struct WasmJail: Sendable, Hashable {
    /// Whether that is namespaces of their own, without the host's files and network.
    public var isJailed: Bool
    /// Which control groups hold their limits.
    public var groups: SandboxGroups
    /// Whether one write kills everything in it.
    public var hasAtomicKill: Bool
    /// Whether it has a user id of its own.
    public var hasOwnUser: Bool
    /// The directory inside which a program may use, of limited size and gone with the jail; `nil` where there is none.
    public var scratch: String?
    /// The number that ``WasmLaunch/image`` has inside.
    public var imageDescriptor: Int32 = 3

    /// Describes a jail.
    public init(isJailed: Bool, groups: SandboxGroups, hasAtomicKill: Bool, hasOwnUser: Bool, scratch: String?) {
        self.isJailed = isJailed
        self.groups = groups
        self.hasAtomicKill = hasAtomicKill
        self.hasOwnUser = hasOwnUser
        self.scratch = scratch
    }
}

/// A process that a spawner is asked to start.
public struct WasmLaunch: Sendable {
    /// The program's path and its arguments.
    public var arguments: [String]
    /// Files and directories of the host that it reads at the same paths, beside the system's libraries.
    public var readable: [String]
    /// The socket that becomes its standard input and output.
    public var channel: Int32
    /// A file that it has open from the start.
    public var image: Int32?
    /// What it may use, the engine's own needs included; the time is the most that it may live.
    public var limits: SandboxLimits
}

/// A process that a spawner started.
public protocol WasmProcess: Sendable {
    /// What the host saw of its network before it ran anything.
    var network: SandboxNetworkProof { get }

    /// Ends it and everything that it started.
    func kill()

    /// Waits on the calling thread until nothing of it is left, for so long; `nil` when something still is. Safe to call
    /// again.
    func end(milliseconds: Int32) -> WasmEnd?
}

/// A process's end as the host saw it.
public struct WasmEnd: Sendable, Hashable {
    /// When the last of it was gone, in microseconds since 1970.
    public var time: Int64
    /// How often it was ended for want of memory.
    public var memoryKills: Int64

    /// An end.
    public init(time: Int64, memoryKills: Int64) {
        self.time = time
        self.memoryKills = memoryKills
    }
}
