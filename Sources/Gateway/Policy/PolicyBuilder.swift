// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols
internal import Rego
internal import Transport
internal import YettConfiguration

/// Makes the policy that decides out of the configuration and the files that it names.
struct PolicyBuilder {
    let configuration: GateConfiguration
    let files: PolicyFiles

    /// Reads the files of a configuration.
    ///
    /// - Parameter path: The configuration's own path.
    init(_ configuration: GateConfiguration, path: String) throws(GatewayError) {
        self.configuration = configuration
        files = try PolicyFiles(configuration.policy, in: SocketDirectory.parent(of: path))
    }

    /// Compiles the policy.
    ///
    /// - Throws: GatewayError with every mistake.
    func build() throws(GatewayError) -> DecisionPolicy {
        let data = try readData()
        do throws(PolicyFault) {
            return try DecisionPolicy(compiling: files.sources, data: data, settings: settings)
        } catch {
            throw GatewayError(error.lines, isConfiguration: true)
        }
    }

    private var settings: DecisionPolicy.Settings {
        let policy = configuration.policy
        var settings = DecisionPolicy.Settings()
        settings.entryPoint = policy.entryPoint
        settings.input = policy.effectiveInput == .envoy ? .envoy : .facts
        settings.onBuiltinError =
            switch policy.onBuiltinError {
            case .deny: .deny
            case .ignore: .ignore
            case .strict: .strict
            }
        settings.isStrict = policy.isStrict
        settings.allowedBuiltins = Set(policy.allowedBuiltins)
        settings.limits = Rego.Limits(policy.limits)
        settings.phases = DecisionPhases.phases(of: [.egress])
        settings.clock = { UInt64(clamping: Clock.system.monotonic()) }
        return settings
    }

    /// The base documents: the files, and what the configuration itself says below `yett`.
    private func readData() throws(GatewayError) -> DataDocument {
        let heap = Heap(firstChunk: 64 * 1024)
        var merger = DataMerger(heap: heap, limits: settings.limits)
        merger.add(configuration.policyData(), at: ["yett"], from: "the configuration")
        for file in files.data { merger.add(file) }
        guard merger.problems.isEmpty else { throw GatewayError(merger.problems, isConfiguration: true) }
        return DataDocument(root: merger.root, in: heap)
    }
}

extension Rego.Limits {
    /// The limits as the configuration has them.
    init(_ limits: PolicyLimits) {
        self.init()
        instructions = limits.instructions
        nanoseconds = UInt64(clamping: limits.time.wholeNanoseconds)
        heapBytes = limits.memory
        resultBytes = limits.result
        callDepth = limits.callDepth
        collectionElements = limits.collection
        stringBytes = limits.string
        numberBits = limits.numberBits
        numberDigits = limits.numberDigits
        numberExponent = limits.numberExponent
        patternBytes = limits.pattern
        patternMemory = limits.patternMemory
        inputBytes = limits.input
        inputDepth = limits.inputDepth
        inputNodes = limits.inputNodes
    }
}
