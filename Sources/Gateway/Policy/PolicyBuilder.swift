// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import PolicyBundle
internal import Protocols
internal import Rego
internal import Transport
internal import YettConfiguration

/// Makes the policy that decides out of the configuration and the files that it names.
struct PolicyBuilder {
    let configuration: GateConfiguration
    /// Every file and directory that was looked at.
    let paths: [String]
    /// The bundles at paths.
    private let local: [String: BundleContent]
    /// What the policy in force is made of.
    private let parts: Parts
    /// What the candidate is made of; `nil` where there is none.
    private let candidate: Parts?

    /// What a policy is made of.
    private struct Parts {
        var files: PolicyFiles
        /// The names of all its bundles.
        var names: [String]
    }

    /// Reads the files of a configuration, and the bundles at paths.
    ///
    /// - Parameter path: The configuration's own path.
    init(_ configuration: GateConfiguration, path: String, bundles: PolicyBundles) throws(GatewayError) {
        self.configuration = configuration
        let directory = SocketDirectory.parent(of: path)
        let policy = configuration.policy
        let candidates = policy.rollout?.bundles.map(\.candidate) ?? []
        // Which bundles there are is settled at start, and which of them is whose changes with a reload.
        let names = bundles.all.map(\.name).filter { name in
            !candidates.contains { $0.utf8.elementsEqual(name.utf8) }
        }
        let files = try PolicyFiles(policy, in: directory)
        parts = Parts(files: files, names: names)
        var places: [String] = []
        if let rollout = policy.rollout {
            var other = policy
            other.files = rollout.files ?? policy.files
            let files = try PolicyFiles(other, in: directory)
            candidate = Parts(files: files, names: names.map { rollout.successor(of: $0) })
            places += files.paths
        } else {
            candidate = nil
        }
        local = try bundles.readLocal(places: &places)
        paths = files.paths + places
    }

    /// Compiles the policy, and the candidate beside it; while a bundle has not come yet there is none.
    ///
    /// - Parameters:
    ///   - downloaded: The bundles that came from servers.
    ///   - configuration: SHA-256 of the configuration.
    /// - Throws: GatewayError with every mistake.
    func build(
        with downloaded: [String: BundleContent], configuration digest: String
    ) throws(GatewayError) -> BuiltPolicy {
        var built = try build(parts, with: downloaded, configuration: digest)
        try buildCandidate(with: downloaded, configuration: digest, into: &built)
        return built
    }

    /// Compiles the candidate. What a server sent for it and is no good keeps the policy from nothing.
    private func buildCandidate(
        with downloaded: [String: BundleContent], configuration digest: String, into policy: inout BuiltPolicy
    ) throws(GatewayError) {
        guard let candidate, let rollout = configuration.policy.rollout else { return }
        var built = BuiltPolicy(policy: nil, digest: "")
        do throws(GatewayError) {
            built = try build(candidate, with: downloaded, configuration: digest)
        } catch {
            guard candidate.names.contains(where: { local[$0] == nil }) else {
                throw GatewayError(error.lines.map { "policy.rollout: \($0)" }, isConfiguration: true)
            }
            built.digest = candidate.files.digest(with: digest, bundles: bundles(of: candidate, with: downloaded))
            built.absence = error.lines.first
            policy.candidateFault = error
        }
        policy.candidate = PolicyCandidate(
            policy: built.policy, absence: built.absence, digest: built.digest, bundles: built.bundles,
            perMillion: rollout.perMillion)
    }

    private func build(
        _ parts: Parts, with downloaded: [String: BundleContent], configuration digest: String
    ) throws(GatewayError) -> BuiltPolicy {
        let files = parts.files
        let bundles = bundles(of: parts, with: downloaded)
        let owned = PolicyOwnership(bundles: bundles).problems(with: files)
        guard owned.isEmpty else { throw GatewayError(owned, isConfiguration: true) }
        let data = try readData(files, bundles)
        var built = BuiltPolicy(policy: nil, digest: files.digest(with: digest, bundles: bundles))
        let missing = parts.names.filter { name in !bundles.contains { $0.name == name } }
        guard missing.isEmpty else {
            try checkForm(of: files)
            built.absence = "bundle \(missing.joined(separator: ", ")) has not come yet; yett status tells why"
            return built
        }
        built.bundles = bundles.map { BundleVersion(name: $0.name, revision: $0.content.manifest.revision) }
        let modules = bundles.flatMap { bundle in
            bundle.content.modules.map { PolicySource(name: "\(bundle.name)/\($0.path)", bytes: $0.bytes) }
        }
        do throws(PolicyFault) {
            built.policy = try DecisionPolicy(compiling: files.sources + modules, data: data, settings: settings)
        } catch {
            throw GatewayError(error.lines, isConfiguration: true)
        }
        return built
    }

    /// Whether a bundle belongs to the candidate and to nothing else.
    func isOfCandidate(_ name: String) -> Bool {
        !parts.names.contains { $0.utf8.elementsEqual(name.utf8) }
    }

    /// Whether a snapshot already has exactly what would be built.
    func isServed(
        by snapshot: Snapshot, with downloaded: [String: BundleContent], configuration digest: String
    ) -> Bool {
        func isMade(of parts: Parts, _ known: String) -> Bool {
            let bundles = bundles(of: parts, with: downloaded)
            return parts.files.digest(with: digest, bundles: bundles).utf8.elementsEqual(known.utf8)
        }
        guard snapshot.policy != nil, isMade(of: parts, snapshot.digest) else { return false }
        guard let candidate else { return snapshot.candidate == nil }
        return snapshot.candidate.map { isMade(of: candidate, $0.digest) } ?? false
    }

    /// The bundles that are there, in the order of the configuration.
    private func bundles(
        of parts: Parts, with downloaded: [String: BundleContent]
    ) -> [(name: String, content: BundleContent)] {
        let contents = local.merging(downloaded) { $1 }
        return parts.names.compactMap { name in contents[name].map { (name: name, content: $0) } }
    }

    /// Finds mistakes that do not depend on what is missing.
    private func checkForm(of files: PolicyFiles) throws(GatewayError) {
        var problems: [String] = []
        for source in files.sources {
            do throws(Diagnostics) {
                _ = try Parser.parseModule(source.bytes, file: 0)
            } catch {
                problems += error.list.map { mistake in
                    "\(source.name):\(mistake.location.row):\(mistake.location.column): error: "
                        + "\(mistake.code.rawValue): \(mistake.message)"
                }
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
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
        var planes: Set<Plane> = [.egress]
        if configuration.serviceProxy != nil { planes.insert(.service) }
        if configuration.mesh != nil { planes.insert(.mesh) }
        settings.phases = DecisionPhases.phases(of: planes)
        settings.clock = { UInt64(clamping: Clock.system.monotonic()) }
        return settings
    }

    /// The base documents: the files, the bundles, and what the configuration itself says below `yett`.
    private func readData(
        _ files: PolicyFiles, _ bundles: [(name: String, content: BundleContent)]
    ) throws(GatewayError) -> DataDocument {
        let heap = Heap(firstChunk: 64 * 1024)
        var merger = DataMerger(heap: heap, limits: settings.limits, owners: bundles)
        for bundle in bundles { merger.add(bundle: bundle.name, data: bundle.content.data) }
        if merger.root.member(heap.string("yett")).isDefined {
            throw GatewayError(
                ["policy.bundles: data.yett is what the gate's own configuration says; no bundle may add to it"],
                isConfiguration: true)
        }
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
