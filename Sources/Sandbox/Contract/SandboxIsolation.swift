// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How strong the wall is between the code and the host. Later ones are stronger.
public enum SandboxStrength: String, Sendable, CaseIterable, Comparable {
    /// Namespaces and filters of the host's own kernel.
    case namespace
    /// A WebAssembly engine in a process of its own.
    case wasm
    /// A kernel in user space that answers the code's system calls.
    case userKernel = "user-kernel"
    /// A virtual machine.
    case vm

    private var rank: Int {
        switch self {
        case .namespace: 0
        case .wasm: 1
        case .userKernel: 2
        case .vm: 3
        }
    }

    /// By strength.
    public static func < (left: SandboxStrength, right: SandboxStrength) -> Bool { left.rank < right.rank }
}

/// How a driver gets its speed.
public enum SandboxAcceleration: String, Sendable, CaseIterable {
    /// The processor runs the code directly, or in a guest of its virtualization.
    case hardware
    /// The processor runs the guest's user mode, and emulates the rest.
    case ring3
    /// Instructions are translated.
    case emulated
    /// gVisor traps system calls with seccomp.
    case systrap
    /// gVisor traps system calls with ptrace.
    case ptrace
    /// A module is compiled.
    case jit
    /// A module is interpreted.
    case interpreter
}

/// Which control groups hold the limits.
public enum SandboxGroups: String, Sendable, CaseIterable {
    /// One hierarchy for each controller.
    case v1
    /// The unified hierarchy.
    case v2
    /// No group: limits are those of single processes.
    case none
}

/// How a run is, or would be, kept apart: what receipts say and what policies ask about.
public struct SandboxIsolation: Sendable, Hashable {
    /// The driver's name.
    public var driver: String
    /// What the wall is made of, before anything is subtracted; see ``strength``.
    public var wall: SandboxStrength
    /// How it gets its speed; `nil` where that says nothing.
    public var acceleration: SandboxAcceleration?
    /// Whether the driver's own processes run inside namespaces and filters as well.
    public var isJailed: Bool
    /// Whether an allow-list of system calls is in force.
    public var isFiltered: Bool
    /// Which control groups hold the limits.
    public var groups: SandboxGroups
    /// Whether everything in the sandbox is killed by one write to the kernel's control group.
    public var hasAtomicKill: Bool
    /// Whether the sandbox has a user id of the host that nothing else bears.
    public var hasOwnUser: Bool
    /// Whether what ran the code is destroyed after one run.
    public var isOneShot: Bool
    /// The digest of what the code sees as its system, `sha256:…`.
    public var image: String

    /// Describes an isolation.
    public init(
        driver: String, wall: SandboxStrength, acceleration: SandboxAcceleration?, isJailed: Bool, isFiltered: Bool,
        groups: SandboxGroups, hasAtomicKill: Bool, hasOwnUser: Bool, isOneShot: Bool, image: String
    ) {
        self.driver = driver
        self.wall = wall
        self.acceleration = acceleration
        self.isJailed = isJailed
        self.isFiltered = isFiltered
        self.groups = groups
        self.hasAtomicKill = hasAtomicKill
        self.hasOwnUser = hasOwnUser
        self.isOneShot = isOneShot
        self.image = image
    }

    /// The strength that counts: an emulated machine outside of a jail is no stronger than a kernel in user space.
    public var strength: SandboxStrength {
        wall == .vm && acceleration != .hardware && acceleration != .ring3 && !isJailed ? .userKernel : wall
    }
}

/// The least that a run demands of its isolation.
public struct SandboxRequirement: Sendable, Hashable {
    /// The weakest wall that will do.
    public var strength: SandboxStrength = .namespace
    /// The acceleration that it must have.
    public var acceleration: SandboxAcceleration?
    /// Whether the driver's processes must run in a jail.
    public var needsJail = false
    /// Whether system calls must be filtered.
    public var needsFilter = false
    /// Whether control groups must hold the limits.
    public var needsGroups = false
    /// Whether the sandbox must have a user id of its own.
    public var needsOwnUser = false

    /// No demand but a sandbox.
    public init() {}

    /// Both demands at once; `nil` when nothing can meet both, which is so for two different accelerations.
    public func and(_ other: SandboxRequirement) -> SandboxRequirement? {
        if let mine = acceleration, let theirs = other.acceleration, mine != theirs { return nil }
        var both = self
        both.strength = max(strength, other.strength)
        both.acceleration = acceleration ?? other.acceleration
        both.needsJail = needsJail || other.needsJail
        both.needsFilter = needsFilter || other.needsFilter
        both.needsGroups = needsGroups || other.needsGroups
        both.needsOwnUser = needsOwnUser || other.needsOwnUser
        return both
    }

    /// What the isolation lacks, in words; empty when it meets the demand.
    public func lacks(_ isolation: SandboxIsolation) -> [String] {
        var lacks: [String] = []
        if isolation.strength < strength {
            lacks.append("its strength is \(isolation.strength.rawValue), \(strength.rawValue) is demanded")
        }
        if let acceleration, isolation.acceleration != acceleration {
            let has = isolation.acceleration?.rawValue ?? "none"
            lacks.append("its acceleration is \(has), \(acceleration.rawValue) is demanded")
        }
        if needsJail && !isolation.isJailed { lacks.append("it does not run in a jail") }
        if needsFilter && !isolation.isFiltered { lacks.append("it filters no system calls") }
        if needsGroups && isolation.groups == .none { lacks.append("no control groups hold its limits") }
        if needsOwnUser && !isolation.hasOwnUser { lacks.append("it has no user id of its own") }
        return lacks
    }
}
