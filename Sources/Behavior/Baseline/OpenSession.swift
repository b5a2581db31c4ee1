// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A session that is going on, as the learner sees it.
struct OpenSession: Sendable {
    /// Domains of a session that count.
    private static let domains = 16

    let role: ByteName
    var lastSeen: Int64
    /// Whether it teaches nothing.
    var isTainted = false
    /// Whether it was counted.
    var isOver = false
    private(set) var calls: Int64 = 0
    private(set) var bytes: Int64 = 0
    /// The first tools, in order.
    private(set) var path: [(tool: ToolName, isEffectful: Bool)] = []
    private(set) var sent: [(domain: ByteName, bytes: Int64)] = []

    init(role: ByteName, now: Int64) {
        self.role = role
        lastSeen = now
    }

    mutating func add(_ event: BehaviorEvent, _ settings: BehaviorSettings.Learning) {
        if !event.isContinuation {
            calls += 1
            if let tool = ToolName(event), path.count < settings.callsPerSession {
                path.append((tool, event.effect.isEffectful))
            }
        }
        bytes = BehaviorLimits.clamp(bytes + event.bytesUp)
        guard let destination = event.destination else { return }
        let domain = ByteName(destination.domain)
        if let index = sent.firstIndex(where: { $0.domain == domain }) {
            sent[index].bytes = BehaviorLimits.clamp(sent[index].bytes + event.bytesUp)
        } else if sent.count < Self.domains {
            sent.append((domain, event.bytesUp))
        }
    }
}
