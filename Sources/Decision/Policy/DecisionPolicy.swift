// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// A compiled policy with its data: what turns facts into a verdict.
///
/// Immutable and safe from any thread; a reload makes a new one.
public final class DecisionPolicy: Sendable {
    /// How it is compiled and evaluated.
    public let settings: Settings
    /// All sources, the gate's own policy last where it is not replaced.
    public let allSources: [PolicySource]
    /// What the compiler found.
    public let policy: Policy
    /// Whether the policy asks for the grants.
    public let usesGrants: Bool
    /// Whether the same request may get another verdict at another time.
    public let dependsOnTime: Bool
    /// Whether the policy reads header fields, which planes collect only then.
    public let readsFields: Bool
    /// The base documents.
    public let data: DataDocument

    private let pool: EvaluatorPool
    private let facts: FactsDocument
    private let envoy: EnvoyDocument

    /// Compiles a policy.
    ///
    /// The gate's own policy is added unless the sources define its decision themselves.
    ///
    /// - Parameters:
    ///   - sources: The user's files.
    ///   - data: The base documents, `yett` among them.
    /// - Throws: PolicyFault with every mistake.
    public init(
        compiling sources: [PolicySource] = [], data: DataDocument = .empty, settings: Settings = Settings()
    ) throws(PolicyFault) {
        allSources = Self.completed(sources)
        self.settings = settings
        self.data = data
        let policy = try Self.compile(allSources, settings)
        self.policy = policy
        let path = settings.entryPoint.map { Text($0) }
        let reads = PolicyReads(policy.analyzed, entryPoint: path, settings)
        guard reads.isDefined else {
            throw PolicyFault(["policy: error: no rule stands at data.\(settings.entryPoint.joined(separator: "."))"])
        }
        guard reads.mistakes.isEmpty else {
            throw PolicyFault(
                reads.mistakes.prefix(10).map { mistake in
                    "\(PolicyFault.place(mistake.location, policy.analyzed.sources)): error: \(mistake.message)"
                })
        }
        let program: Program
        do throws(Diagnostics) {
            program = try policy.program(entryPoints: [path])
        } catch {
            throw PolicyFault(error, sources: policy.analyzed.sources)
        }
        usesGrants = reads.dependencies.builtins.contains(GrantedBuiltin.name)
        readsFields = reads.readsFields
        dependsOnTime =
            reads.members.contains(.time) || settings.input == .envoy
            || reads.dependencies.builtins.contains("time.now_ns")
        let keys = FactKeys(program.symbols)
        facts = FactsDocument(
            keys: keys, services: data.root.member(keys.yett).member(keys.services), members: reads.members)
        envoy = EnvoyDocument(keys: keys)
        pool = EvaluatorPool(
            version: PolicyVersion(program: program, data: data, limits: settings.limits), settings: settings)
    }

    /// The policy of the gate alone, without data: requests are allowed when a grant covers them.
    ///
    /// Should it ever not compile, nothing is allowed.
    public static let standard = try? DecisionPolicy()

    /// Decides.
    ///
    /// - Parameters:
    ///   - facts: What the plane knows.
    ///   - granted: What the grants say of it; absent when the policy does not ask for them.
    func decide(_ facts: borrowing Facts, granted: Verdict?) -> Verdict {
        if readsFields, facts.plane == .egress, let http = facts.http, http.path != nil, http.fields == nil {
            return .deny(
                .policyError, detail: "the header fields that the policy reads were not kept", grant: granted?.grant)
        }
        let worker = pool.take()
        defer { pool.give(worker) }
        let evaluator = worker.evaluator
        evaluator.context.time = facts.time.multipliedReportingOverflow(by: 1_000_000_000).partialValue
        let input: Value
        switch settings.input {
        case .facts: input = self.facts.make(of: facts, in: evaluator.context.heap)
        case .envoy:
            do throws(EnvoyBody.Failure) {
                input = try envoy.make(of: facts, in: evaluator.context.heap)
            } catch {
                return .deny(
                    .protocolViolation, detail: "the body is not what its content type says", grant: granted?.grant)
            }
        }
        worker.request.begin(input: input, isGranted: granted?.effect == .allow)
        let value: Value
        do throws(EvaluationError) {
            value = try evaluator.evaluate(entryPoint: 0, input: input)
        } catch {
            return .deny(error.reason, detail: error.detail, grant: granted?.grant)
        }
        let reader = VerdictReader(
            entryPoint: settings.entryPoint, granted: granted, isTunnel: facts.operation.name == .tunnel,
            isCarried: facts.plane == .mesh)
        let verdict = settings.input == .envoy ? reader.readEnvoy(value) : reader.read(value)
        guard verdict.effect != .deny, settings.onBuiltinError == .deny, let error = evaluator.firstBuiltinError else {
            return verdict
        }
        return .deny(.policyBuiltinError, detail: error.detail, grant: granted?.grant)
    }

    /// The whole input document of facts as JSON.
    func inputText(of facts: Facts) -> [UInt8] {
        let worker = pool.take()
        defer { pool.give(worker) }
        let heap = worker.evaluator.context.heap
        switch settings.input {
        case .facts:
            let whole = FactsDocument(keys: self.facts.keys, services: self.facts.services, members: .all)
            return Rego.JSONWriter.bytes(whole.make(of: facts, in: heap))
        case .envoy:
            let document = try? envoy.make(of: facts, in: heap, hidesCredentials: true)
            return Rego.JSONWriter.bytes(document ?? heap.emptyObject(capacity: 0))
        }
    }

    /// Evaluates any document of the policy, as OPA's API does.
    ///
    /// - Parameters:
    ///   - path: Where it stands below `data`.
    ///   - input: The input as JSON; absent for none.
    ///   - time: Now, in nanoseconds since 1970.
    ///   - judge: Answers `yett.granted` for the facts of a document.
    ///   - body: Takes the result, which is undefined if nothing stands there; it must not be kept.
    func evaluate<Result>(
        path: [String], input: [UInt8]?, time: Int64, isStrict: Bool = false, judge: @escaping (Facts) -> Verdict,
        _ body: (Value, EvaluationError?) throws -> Result
    ) throws -> Result {
        let worker = pool.take()
        defer { pool.give(worker) }
        let evaluator = worker.evaluator
        let heap = evaluator.context.heap
        evaluator.context.time = time
        evaluator.isStrict = isStrict
        defer { evaluator.isStrict = settings.onBuiltinError == .strict }
        worker.request.begin(judge: judge)
        let document: Value
        if let input {
            document = try JSONReader(heap: heap, limits: settings.limits).read(input)
        } else {
            document = .undefined
        }
        let value = try evaluator.evaluate(path: path.map { Self.key($0, heap) }, input: document)
        return try body(value, evaluator.firstBuiltinError)
    }

    /// A key of a path as OPA's API reads it: digits are a position.
    private static func key(_ segment: String, _ heap: Heap) -> Value {
        Int64(segment).map { .integer($0) } ?? heap.string(segment)
    }
}

extension EvaluationError {
    /// The reason of a denial that rests on the error.
    fileprivate var reason: ReasonCode {
        if limit != nil { return .policyLimit }
        switch code {
        case "eval_builtin_error", "eval_type_error": return .policyBuiltinError
        default: return .policyError
        }
    }

    fileprivate var detail: String { VerdictReader.shortened(description) }
}
