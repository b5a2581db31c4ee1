// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import FoundationEssentials

/// What was tried, what got through, and what follows.
struct ReachReport: Encodable {
    /// One attempt.
    struct Attempt: Encodable {
        let target: String
        let kind: String
        let what: String
        /// `open`, `closed` or `untried`.
        let result: String
        let detail: String
        /// What to change, where a way is open that should not be.
        let remedy: String?
    }

    /// What the attempts prove.
    enum Verdict: String, Encodable {
        /// The gate is reached, and nothing else.
        case proven
        /// There is another way.
        case routeExists = "route-exists"
        /// Too little could be tried.
        case untried

        /// The exit code that says it.
        var exitCode: Int32 {
            switch self {
            case .proven: 0
            case .routeExists: 1
            case .untried: 2
            }
        }
    }

    let verdict: Verdict
    let gate: [Attempt]
    let attempts: [Attempt]

    init(gate: [(ReachTarget, ReachOutcome)], others: [(ReachTarget, ReachOutcome)]) {
        self.gate = gate.map { Attempt($0, $1, isGate: true) }
        attempts = others.map { Attempt($0, $1, isGate: false) }
        let isGateReached = gate.contains { if case .reached = $0.1 { true } else { false } }
        let isAllTried = !others.contains { if case .untried = $0.1 { true } else { false } }
        if attempts.contains(where: { $0.result == "open" }) {
            verdict = .routeExists
        } else {
            verdict = isGateReached && isAllTried && !others.isEmpty ? .proven : .untried
        }
    }

    /// The report as one line for programs.
    var line: String {
        guard let data = try? AdminJSON.encoder.encode(self) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// The report for people.
    var text: String {
        var table = Table([("RESULT", .left), ("TARGET", .left), ("WHAT", .left), ("DETAIL", .left)])
        for attempt in gate {
            table.add([attempt.result == "open" ? "gate" : "NO GATE", attempt.target, attempt.what, attempt.detail])
        }
        for attempt in attempts {
            let result = attempt.result == "open" ? "FAIL" : attempt.result
            table.add([result, attempt.target, attempt.what, attempt.detail])
        }
        var text = table.text + "\n"
        var told: Set<String> = []
        for attempt in attempts {
            if let remedy = attempt.remedy, told.insert(remedy).inserted { text += "\(attempt.target): \(remedy)\n" }
        }
        return text + summary + "\n"
    }

    private var summary: String {
        let open = attempts.count { $0.result == "open" }
        switch verdict {
        case .proven: return "\(attempts.count) ways tried: none is open but the one to the gate"
        case .routeExists: return "\(open) of \(attempts.count) ways tried are open beside the gate: a route exists"
        case .untried where !gate.contains(where: { $0.result == "open" }):
            return gate.isEmpty
                ? "nothing is proven: name the gate, --gate ADDRESS:PORT or --config FILE"
                : "nothing is proven: the gate itself is not reached, so that perhaps nothing is"
        case .untried: return "nothing is proven: some ways could not be tried"
        }
    }
}

extension ReachReport.Attempt {
    init(_ target: ReachTarget, _ outcome: ReachOutcome, isGate: Bool) {
        self.target = target.text
        kind = target.kind.rawValue
        what = target.what
        switch outcome {
        case .reached(let text):
            result = "open"
            detail = text
            remedy = isGate ? nil : target.kind.remedy
        case .refused(let text):
            result = isGate ? "closed" : "open"
            detail = text
            remedy = isGate ? nil : target.kind.remedy
        case .closed(let text):
            result = "closed"
            detail = text
            remedy = nil
        case .untried(let text):
            result = "untried"
            detail = text
            remedy = nil
        }
    }
}

extension ReachTarget.Kind {
    /// Who lets it through, and what to change.
    fileprivate var remedy: String {
        switch self {
        case .gate: "nothing"
        case .publicAddress, .destination, .other:
            "the network lets this workload out. Kubernetes: its pod must be selected by agents-default-deny (yett render "
                + "kubernetes), by no other policy with egress, and the network plugin must enforce policies. A host: nft add "
                + "rule inet filter output meta skuid AGENT oifname != lo drop, or start it with yett exec"
        case .nameServer:
            "names leave through DNS. Kubernetes: no policy that selects this pod may open port 53, and dnsPolicy: None keeps "
                + "programs from waiting. A host: nft add rule inet filter output meta skuid AGENT meta l4proto {tcp, udp} th "
                + "dport 53 drop, also to 127.0.0.53"
        case .metadata:
            "the cloud's metadata service gives credentials to whoever asks. Kubernetes: no policy may open its address; cloud: "
                + "require session tokens and a hop limit of 1. A host: drop its address for the agent's user"
        case .clusterAPI:
            "the cluster's API is another way out. No policy that selects this pod may open it; automountServiceAccountToken: "
                + "false takes its credentials away"
        case .proxy: "another proxy than the gate answers. Close its port for this workload, and unset the variable"
        case .localSocket:
            "its server acts for whoever connects. Take the mount or the group away that lets this workload have it"
        case .operators:
            "agents must not command the gate. Its directory has to be of mode 0700, of another user than the agent's"
        }
    }
}
