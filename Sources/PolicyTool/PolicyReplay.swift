// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Rego

/// Judges recorded decisions by a candidate policy.
public struct PolicyReplay {
    /// A decision that would fall otherwise.
    public struct Change: Sendable {
        /// The decision as it fell.
        public let decision: RecordedDecision
        /// How it would fall: `allow`, `hold` or `deny`.
        public let verdict: String
        /// What the policy says of it.
        public let reasons: [String]
        /// What the policy reads and the record does not hold.
        public let missing: [String]
    }

    /// What became of the decisions.
    public struct Report: Sendable {
        /// Decisions that refused and would allow.
        public internal(set) var newlyAllowed: [Change] = []
        /// Decisions that allowed and would refuse.
        public internal(set) var newlyDenied: [Change] = []
        /// How many would fall as they did.
        public internal(set) var unchanged = 0
        /// How many were not judged, by the cause.
        public internal(set) var unjudged: [String: Int] = [:]
        /// How many records do not hold a member that the policy reads, by the member.
        public internal(set) var missing: [String: Int] = [:]
    }

    /// What was found so far.
    public private(set) var report = Report()

    private let evaluator: Evaluator
    private let inputs = Heap()
    private let answer = RecordedAnswer()
    private let entryPoint: String
    private let reads: [[Text]]

    /// Compiles a candidate.
    ///
    /// The gate's own policy is added unless the files define its decision themselves.
    ///
    /// - Parameter entryPoint: the document that decides, such as `yett/authz/verdict`.
    public init(files: LoadedFiles, entryPoint: String = "yett/authz/verdict") throws(PolicyProblem) {
        let path = try PathText.parts(of: entryPoint, option: "--entry-point")
        self.entryPoint = "data." + path.map(\.string).joined(separator: ".")
        var settings = DecisionPolicy.Settings()
        settings.entryPoint = path.map(\.string)
        let data = files.document()
        let sources: [PolicySource]
        do throws(PolicyFault) {
            sources = try DecisionPolicy(compiling: files.modules, data: data, settings: settings).allSources
        } catch {
            throw PolicyProblem(error.lines.map { PolicyProblem.Entry(code: "", message: $0) })
        }
        let policy = try Policy(
            tool: sources, settings: ToolSettings().policySettings(adding: [GrantedStub.recorded]))
        guard let node = policy.analyzed.tree.node(at: path.map { .string($0) }) else {
            throw PolicyProblem(
                asked: "there is no rule \(self.entryPoint)", remedy: "--entry-point package/rule names another")
        }
        var dependencies = Dependencies()
        if let group = policy.analyzed.tree.nodes[node].group { dependencies.groups = [group] }
        reads = policy.analyzed.closure(of: dependencies).inputPaths.map { path in
            path.keys.prefix { if case .string = $0 { true } else { false } }.map { key in
                if case .string(let text) = key { text } else { "" }
            }
        }
        do throws(Diagnostics) {
            let program = try policy.program(entryPoints: [path])
            evaluator = Evaluator(
                tool: PolicyVersion(program: program, data: data), settings: ToolSettings())
        } catch {
            throw PolicyProblem(error, sources: sources)
        }
        evaluator.context.caches[RecordedAnswer.key] = answer
    }

    /// Judges one decision.
    public mutating func judge(_ decision: RecordedDecision) {
        if let cause = decision.otherCause {
            report.unjudged[cause, default: 0] += 1
            return
        }
        inputs.reset()
        evaluator.reset()
        answer.isGranted = decision.isGranted
        evaluator.context.time =
            (decision.record.number("time_us") ?? 0).multipliedReportingOverflow(by: 1000).partialValue
        let missing = decision.missing(of: reads)
        for member in missing { report.missing[member, default: 0] += 1 }
        var (verdict, reasons) = ("deny", ["policy_undefined: \(entryPoint) is undefined"])
        do throws(EvaluationError) {
            (verdict, reasons) = read(try evaluator.evaluate(entryPoint: 0, input: decision.input(in: inputs)))
            if verdict == "allow", let error = evaluator.firstBuiltinError {
                (verdict, reasons) = ("deny", ["policy_builtin_error: \(error.message)"])
            }
        } catch {
            reasons = ["policy_error: \(error)"]
        }
        let isAllowed = verdict == "allow"
        if isAllowed == decision.isAllowed {
            report.unchanged += 1
            return
        }
        let change = Change(decision: decision, verdict: verdict, reasons: reasons, missing: missing)
        if isAllowed { report.newlyAllowed.append(change) } else { report.newlyDenied.append(change) }
    }

    private func read(_ value: Value) -> (String, [String]) {
        let heap = evaluator.context.heap
        switch value.tag {
        case .undefined: return ("deny", ["policy_undefined: \(entryPoint) is undefined"])
        case .true: return ("allow", [])
        case .false: return ("deny", ["policy_denied"])
        case .object: break
        default: return ("deny", ["policy_invalid: \(entryPoint) is neither a boolean nor an object"])
        }
        let allow = value.member(heap.string("allow"))
        let allowed = allow.isDefined ? allow : value.member(heap.string("allowed"))
        guard allowed.isBoolean else { return ("deny", ["policy_invalid: \(entryPoint) has no boolean member allow"]) }
        let denials = texts(value.member(heap.string("deny")), heap)
        if !denials.isEmpty { return ("deny", denials) }
        guard allowed.isTrue else { return ("deny", ["not allowed"]) }
        let holds = texts(value.member(heap.string("hold")), heap)
        return holds.isEmpty ? ("allow", []) : ("hold", holds)
    }

    private func texts(_ value: Value, _ heap: Heap) -> [String] {
        value.elements.map { element in
            guard element.tag == .object else { return element.isString ? element.string : RegoPrinter.string(element) }
            return [heap.string("code"), heap.string("message")].map { element.member($0) }.filter(\.isString)
                .map(\.string).joined(separator: ": ")
        }
    }
}
