// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Rego
import Synchronization
import Telemetry

/// A gate that remembers what was asked of it.
final class FakeGate: GateControl {
    private let asked = Mutex<[String]>([])
    /// Whether its bundle is there.
    let isActive = Mutex(true)
    /// What agents, services and tools call themselves.
    let chosenName = Mutex("h:443")

    /// The verbs that were called, with their callers.
    var calls: [String] { asked.withLock { $0 } }

    func note(_ call: String) { asked.withLock { $0.append(call) } }

    func status() async throws -> StatusReport {
        StatusReport(
            version: "test", pid: 1, state: .serving, uptimeSeconds: 5, trustDomain: "gate.test", agents: ["a"],
            configuration: .init(path: "/yett.yaml", digest: "d1", revision: 3, loadedAt: "t"), lastReload: nil,
            listeners: ["127.0.0.1:1"], connections: 2, launches: 0, quarantined: [],
            bundles: [
                BundleReport(
                    name: "main", source: "https://bundles.test/main", isActive: isActive.withLock { $0 },
                    activeRevision: "r1", size: nil, lastRequest: nil, lastSuccessfulRequest: nil,
                    lastSuccessfulDownload: nil, lastSuccessfulActivation: nil, code: nil, message: nil, httpCode: nil)
            ],
            audit: .init(directory: "/a", origin: "o", durability: "process", records: 9, isAvailable: true))
    }

    func metrics() async throws -> [MetricFamily] { try await status().families }

    func risk() async throws -> RiskList { RiskList(mode: "enforce", agents: []) }

    func connections() async throws -> [ConnectionReport] {
        [
            ConnectionReport(
                connection: "c-1", decision: "d-1", agent: "spiffe://gate.test/agent/a", proof: "token", task: nil,
                service: nil, operation: "tunnel", destination: chosenName.withLock { $0 }, source: "127.0.0.1:2",
                grant: "a/g",
                bytesUp: 1, bytesDown: 2, ageMilliseconds: 3)
        ]
    }

    func cut(_ request: CutRequest, by caller: Operator) async throws -> CutReport {
        note("cut \(request.agent ?? "-") by \(caller.uid)")
        return CutReport(cut: 4)
    }

    func reload(by caller: Operator) async throws -> ReloadReport {
        note("reload by \(caller.uid)")
        throw AdminError(.failed, "it broke", remedy: "mend it")
    }

    func explain(_ decision: String) async throws -> DecisionExplanation {
        note("explain \(decision)")
        throw AdminError(.unknown, "no record names decision \(decision)")
    }

    func records(_ query: RecordQuery) async throws -> [RecordLine] {
        note("records limit \(query.limit) host \(query.host ?? "-")")
        let name = chosenName.withLock { $0 }
        if !name.utf8.elementsEqual("h:443".utf8) {
            var event = AuditEvent(kind: .decision, time: 1_795_132_800_000_000)
            event.agent = name
            event.host = name
            event.path = name
            event.tool = name
            event.detail = name
            event.grant = name
            event.verdict = .deny
            event.reasons = [name]
            var bytes: [UInt8] = []
            event.encode(into: &bytes)
            return [RecordLine(index: 7, json: String(decoding: bytes, as: UTF8.self))]
        }
        return [RecordLine(index: 7, json: #"{"kind":"cut"}"#), RecordLine(index: 8, json: "{}")]
    }

    func follow(from index: UInt64, waiting seconds: Int) async throws -> [RecordLine] {
        note("follow \(index) \(seconds)")
        return []
    }

    func evaluate(_ query: DocumentQuery, by caller: Operator) async throws -> DocumentAnswer {
        let path = query.path ?? ["system", "main"]
        note(
            "evaluate \(path.joined(separator: "/")) \(query.input.map { String(decoding: $0, as: UTF8.self) } ?? "-")")
        switch path.last {
        case "undefined": return DocumentAnswer(path: path, result: nil)
        case "conflict":
            throw DocumentError.evaluation(
                EvaluationError(
                    code: "eval_conflict_error", message: "complete rules must not produce multiple outputs",
                    file: "a.rego", location: Location(file: 0, row: 3, column: 1), limit: nil))
        default:
            var answer = DocumentAnswer(path: path, result: Array("true".utf8))
            answer.metrics = [("timer_rego_query_eval_ns", 7)]
            answer.version = "1.2.3"
            answer.bundles = [("main", "r1")]
            return answer
        }
    }

    func answers(to query: String, _ parameters: DocumentQuery, by caller: Operator) async throws -> [UInt8]? {
        note("query \(query) \(parameters.input.map { String(decoding: $0, as: UTF8.self) } ?? "-")")
        return query == "false" ? nil : Array(#"[{"x":1}]"#.utf8)
    }

    func policies() async throws -> [PolicyText] {
        [PolicyText(id: "/etc/yett/authz.rego", bytes: Array("package a\n".utf8))]
    }

    func proof(of index: UInt64) async throws -> String { "proof of \(index)\n" }

    func openLaunch(_ request: LaunchRequest, by caller: Operator) async throws -> LaunchReport {
        note("launch \(request.agent) \(request.uid) by \(caller.uid)")
        return LaunchReport(
            launchId: "l1", socketPath: "/s", identity: "i", protectedPaths: [], forbiddenSockets: [])
    }

    func openStdio(_ request: StdioRequest, by caller: Operator) async throws -> StdioReport {
        note("stdio \(request.service) \(request.uid) by \(caller.uid)")
        return StdioReport(
            launch: try await openLaunch(LaunchRequest(agent: "a", uid: request.uid), by: caller), clientSocket: "/c",
            gatePid: 1, lineBytes: 1, grace: .seconds(1))
    }

    func endLaunch(_ launch: String, by caller: Operator) async throws { note("end \(launch)") }

    private static let sample = TaskReport(
        id: "t-1", state: "open", agent: "i", origin: "uid:0", purpose: "p", grants: [TaskPart("g")], startedAt: "s",
        expiresAt: "e", secondsLeft: 5, connections: 0)

    func startTask(_ request: TaskRequest, by caller: Operator) async throws -> TaskStartReport {
        note("task \(request.agent) \(request.grants.map(\.name).joined(separator: " ")) by \(caller.uid)")
        return TaskStartReport(task: Self.sample, handle: "th_secret")
    }

    func tasks() async throws -> [TaskReport] {
        var task = Self.sample
        task.purpose = chosenName.withLock { $0 }
        task.person = task.purpose
        return [task]
    }

    func task(_ id: String) async throws -> TaskReport {
        note("show \(id)")
        return Self.sample
    }

    func stopTask(_ id: String, why: String?, by caller: Operator) async throws -> TaskStopReport {
        note("stop \(id) \(why ?? "-")")
        return TaskStopReport(stopped: [id], cut: 2)
    }

    func quarantine(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        note("quarantine \(request.agent)")
        return QuarantineReport(agent: request.agent, isQuarantined: true, cut: 0)
    }

    func release(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        note("release \(request.agent)")
        return QuarantineReport(agent: request.agent, isQuarantined: false, cut: 0)
    }
}
