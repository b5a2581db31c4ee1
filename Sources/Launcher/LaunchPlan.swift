// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// What to launch, for which agent, and what of the host it may see.
public struct LaunchPlan: Sendable {
    /// The agent's name in the configuration; used in messages.
    public var agent: String
    /// The program and its arguments. A name without `/` is looked up in the caller's `PATH`.
    public var command: [String]
    /// The host path of the Unix socket that the gate made for this launch. A connection whose first byte is 5 speaks
    /// SOCKS5, any other HTTP. It must be connectable by the caller; a launch by root gives it to the launch user.
    public var gateSocket: String
    /// The directory that the program starts in and may write to; absolute.
    public var workingDirectory: String
    /// Further host paths to show read-only. Unix sockets that lie in a shown directory can be connected to.
    public var readablePaths: [String] = []
    /// Further host paths to show writable.
    public var writablePaths: [String] = []
    /// Variables to set besides the fixed ones, later entries over earlier ones and over the fixed ones.
    public var environment: [EnvironmentVariable] = []
    /// Variables that lead to the gate's services; a value that begins with a slash is a path at the gate. What
    /// ``environment`` says goes before them.
    public var serviceVariables: [EnvironmentVariable] = []
    /// Variables with credentials that open nothing; what is set otherwise comes before them.
    public var plantedVariables: [EnvironmentVariable] = []
    /// Files with such credentials, by their paths below the home directory.
    public var plantedFiles: [String: String] = [:]
    /// The caller's own environment. Only an allow-list of it is passed on; `PATH` is reduced to what the inside sees.
    public var callerEnvironment: [EnvironmentVariable] = []
    /// A PEM file to trust inside besides the system's: shown read-only and named to the usual clients.
    public var certificateBundle: String?
    /// Host paths that must never be shown: the gate's sockets, audit directory, state and configuration secrets.
    public var protectedPaths: [String] = []
    /// Host sockets that the self-test must fail to reach, besides the well-known ones and the gate's.
    public var forbiddenSockets: [String] = []
    /// The host path of the Workload API, which is shown to the program; `nil` for none. Others must be able to connect.
    public var workloadSocket: String?
    /// What the program may use up.
    public var limits = LaunchLimits()
    /// The helper that runs inside, when it does not lie beside the running executable.
    public var jailHelper: String?
    /// The descriptors that become the program's standard input, output and error.
    public var standardDescriptors: StandardDescriptors = StandardDescriptors()

    /// A plan with nothing shown but the system and the working directory.
    public init(agent: String, command: [String], gateSocket: String, workingDirectory: String) {
        self.agent = agent
        self.command = command
        self.gateSocket = gateSocket
        self.workingDirectory = workingDirectory
    }
}

/// One `NAME=VALUE`.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The part before the first `=`.
    public let name: String
    /// The part after it.
    public let value: String

    /// A variable; names are checked when the launch begins.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Parses `NAME=VALUE`; `nil` without a `=` or with an empty name.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals != bytes.startIndex else { return nil }
        name = String(text[..<equals])
        value = String(text[bytes.index(after: equals)...])
    }
}

/// The descriptors of the caller that the program gets as 0, 1 and 2.
public struct StandardDescriptors: Sendable {
    /// Becomes standard input.
    public var input: Int32 = 0
    /// Becomes standard output.
    public var output: Int32 = 1
    /// Becomes standard error.
    public var error: Int32 = 2

    /// The caller's own standard descriptors.
    public init() {}

    /// The given descriptors.
    public init(input: Int32, output: Int32, error: Int32) {
        self.input = input
        self.output = output
        self.error = error
    }

    /// Refuses what would show more of the host than a stream does: a directory opens everything below it.
    func judge() throws(LaunchError) {
        for descriptor in [input, output, error] {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                throw .refused("standard descriptor \(descriptor) is closed; give it /dev/null")
            }
            let kind = status.st_mode & S_IFMT
            guard kind != S_IFDIR, kind != S_IFBLK, fcntl(descriptor, F_GETFL) & Self.pathOnly == 0 else {
                throw .refused("standard descriptor \(descriptor) is a directory or a disk, which is not passed inside")
            }
        }
    }

    /// `O_PATH` of Linux on x86-64 and AArch64.
    private static let pathOnly: Int32 = 0o10000000
}
