// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One way to run code: a folder of this module, and nothing outside of it knows how it works.
public protocol SandboxDriver: Sendable {
    /// The name in receipts, messages and the configuration.
    var name: String { get }

    /// Finds out by a real run whether the driver works here, and what it offers. Takes seconds at most.
    func probe() async -> SandboxVerdict

    /// Runs one request. The driver demands of itself what the request does: a sandbox that turns out weaker than
    /// probed is an error, never a weaker run. A cancelled task cuts the run; the result is still returned.
    ///
    /// - Parameter listener: Told about output as it comes, on any thread, one piece after the other.
    /// - Returns: What became of the run. By then nothing of it is left.
    func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult
}

/// Hears what a run writes while it runs; together the pieces are what the result holds.
public typealias SandboxListener = @Sendable (SandboxStream, [UInt8]) -> Void

/// Which of the two streams.
public enum SandboxStream: String, Sendable {
    /// Standard output.
    case output = "stdout"
    /// Standard error.
    case errors = "stderr"
}

/// What a probe found.
public enum SandboxVerdict: Sendable, Hashable {
    /// The driver works and offers this for programs of these kinds.
    case usable(SandboxIsolation, Set<SandboxProgramKind>)
    /// The driver does not work here: why, and the command or setting that would change it.
    case unusable(reason: String, remedy: String)
}

/// A driver's verdict, and of when it is.
public struct SandboxProbe: Sendable, Hashable {
    /// The driver's name.
    public let driver: String
    /// What was found.
    public let verdict: SandboxVerdict
    /// How long it took, in microseconds.
    public let microseconds: Int64
    /// The boot in which it was found.
    public let boot: String

    /// A finding.
    public init(driver: String, verdict: SandboxVerdict, microseconds: Int64, boot: String) {
        self.driver = driver
        self.verdict = verdict
        self.microseconds = microseconds
        self.boot = boot
    }
}
