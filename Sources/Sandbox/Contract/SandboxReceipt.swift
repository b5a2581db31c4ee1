// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What a run leaves behind: what ran, on what terms, what kept it apart, and when the last of it was dead. Only digests
/// of content. Its canonical form goes into the audit tree.
public struct SandboxReceipt: Sendable, Hashable {
    /// What ran.
    public var program: SandboxProgramKind
    /// Of the text or module.
    public var source: SandboxDigest
    /// Of standard input.
    public var input: SandboxDigest
    /// Of each argument, in order.
    public var arguments: [SandboxDigest]
    /// Of each file that was given, by path.
    public var files: [(path: String, digest: SandboxDigest)] {
        get { zip(filePaths, fileDigests).map { ($0, $1) } }
        set {
            filePaths = newValue.map(\.path)
            fileDigests = newValue.map(\.digest)
        }
    }
    /// Of what was kept of standard output.
    public var output: SandboxDigest
    /// Of what was kept of standard error.
    public var errors: SandboxDigest
    /// Whether more was written than was kept.
    public var isTruncated: Bool
    /// How the run ended.
    public var outcome: SandboxOutcome
    /// The limits in force.
    public var limits: SandboxLimits
    /// What kept it apart.
    public var isolation: SandboxIsolation
    /// What the host saw of the sandbox's network.
    public var network: SandboxNetworkProof
    /// When the code started, in microseconds since 1970.
    public var started: Int64
    /// When it had to be over.
    public var deadline: Int64
    /// When the last process of the sandbox was seen to be gone.
    public var ended: Int64
    /// What was used up.
    public var usage: SandboxUsage

    private var filePaths: [String] = []
    private var fileDigests: [SandboxDigest] = []

    /// The receipt of a request, before its run.
    public init(
        _ request: SandboxRequest, isolation: SandboxIsolation, network: SandboxNetworkProof
    ) {
        program = request.program.kind
        source = SandboxDigest(request.program.bytes)
        input = SandboxDigest(request.input)
        arguments = request.arguments.map { SandboxDigest(Array($0.utf8)) }
        output = SandboxDigest([])
        errors = SandboxDigest([])
        isTruncated = false
        outcome = .crashed
        limits = request.limits
        self.isolation = isolation
        self.network = network
        started = 0
        deadline = 0
        ended = 0
        usage = SandboxUsage()
        files = request.files.map { ($0.path, SandboxDigest($0.bytes)) }
    }

    /// The receipt as a JSON value.
    public var json: JSONValue {
        var json: JSONValue = [
            "arguments": .array(arguments.map(\.json)), "deadline_us": .integer(deadline), "ended_us": .integer(ended),
            "input": input.json, "isolation": isolation.json, "limits": limits.json, "network": network.json,
            "outcome": .string(outcome.name), "program": .string(program.rawValue), "source": source.json,
            "started_us": .integer(started), "stderr": errors.json, "stdout": output.json,
            "truncated": .bool(isTruncated), "usage": usage.json, "version": 1,
        ]
        guard case .object(var object) = json else { return json }
        object["files"] = .array(files.map { ["content": $0.digest.json, "path": .string($0.path)] })
        if let exit = outcome.exit { object["exit"] = .integer(exit) }
        if let signal = outcome.signal { object["signal"] = .integer(signal) }
        json = .object(object)
        return json
    }

    /// The receipt in the canonical form of RFC 8785.
    public var canonicalBytes: [UInt8] { json.canonicalBytes }

    /// The digest of the canonical form, by which a record names the receipt.
    public var digest: String { SandboxDigest(canonicalBytes).text }
}

/// What the host itself saw of a sandbox's network before the code started.
public struct SandboxNetworkProof: Sendable, Hashable {
    /// The identity of the sandbox's network namespace; `nil` where the code has no system calls of its own.
    public var namespace: UInt64?
    /// The identity of the host's, which must be another one.
    public var hostNamespace: UInt64?
    /// The interfaces in it as the host lists them.
    public var interfaces: [String]
    /// Why there is none, in one word of the driver's: `empty_namespace`, `no_device`, `no_import`.
    public var reason: String

    /// What was seen.
    public init(namespace: UInt64?, hostNamespace: UInt64?, interfaces: [String], reason: String) {
        self.namespace = namespace
        self.hostNamespace = hostNamespace
        self.interfaces = interfaces
        self.reason = reason
    }

    /// Whether this shows that there is no network: another namespace than the host's, and nothing but a loopback in it.
    public var holds: Bool {
        guard interfaces.allSatisfy({ $0.utf8.elementsEqual("lo".utf8) }), interfaces.count <= 1 else { return false }
        guard let namespace else { return interfaces.isEmpty }
        return hostNamespace.map { $0 != namespace } ?? false
    }

    var json: JSONValue {
        [
            "host_namespace": hostNamespace.map { .integer($0) } ?? .null,
            "interfaces": .array(interfaces.map { .string($0) }),
            "namespace": namespace.map { .integer($0) } ?? .null, "reason": .string(reason),
        ]
    }
}

extension SandboxLimits {
    /// The limits by their names.
    public var json: JSONValue {
        var object = JSONObject()
        for (name, limit) in Self.names { object[name] = .integer(self[keyPath: limit]) }
        return .object(object)
    }
}

extension SandboxIsolation {
    /// The structure as policies and receipts see it.
    public var json: JSONValue {
        [
            "accel": acceleration.map { .string($0.rawValue) } ?? .null, "atomic_kill": .bool(hasAtomicKill),
            "cgroup": .string(groups.rawValue), "driver": .string(driver), "image": .string(image),
            "jailed": .bool(isJailed), "one_shot": .bool(isOneShot), "own_user": .bool(hasOwnUser),
            "seccomp": .bool(isFiltered), "strength": .string(strength.rawValue),
        ]
    }
}

extension SandboxUsage {
    var json: JSONValue {
        [
            "cpu_us": .integer(processorMicroseconds), "memory_kills": .integer(memoryKills),
            "peak_memory_bytes": .integer(peakMemoryBytes),
        ]
    }
}
