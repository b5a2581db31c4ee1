// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import Foundation
import GateSupport
import Identity
import ServicePlane
import Synchronization

/// A place that gives tokens as a test says, and remembers for whom.
final class ScriptedTokens: Sendable {
    /// What a fetch gives.
    typealias Answer = @Sendable (_ agent: String, _ number: Int) async -> Result<String, CredentialFailure>

    private let seen = Mutex<[String]>([])
    private let answer: Answer

    /// Numbered tokens, or what the script says.
    init(_ answer: @escaping Answer = { agent, number in .success(ScriptedTokens.text(agent, number)) }) {
        self.answer = answer
    }

    /// The agents that tokens were fetched for, in their order.
    var agents: [String] { seen.withLock { $0 } }

    static func text(_ agent: String, _ number: Int) -> String { "token-of-\(agent)-number-\(number)-4f1c9a" }

    /// The source of a service.
    func source(
        _ binding: TokenBinding = .caller, lifetime: Int64 = 60, isSearched: Bool = false,
        now: @escaping @Sendable () -> Int64 = { 1000 }
    ) -> TokenSource {
        TokenSource(binding: binding, now: now) { [self] request in
            let agent = request.facts.identity?.id.path.split(separator: "/").last.map { String($0) } ?? ""
            let number = seen.withLock { seen in
                seen.append(agent)
                return seen.count
            }
            return await answer(agent, number).flatMap { text in
                ServiceToken(Array(text.utf8), lifetime: lifetime, isSearched: isSearched).map { .success($0) }
                    ?? .failure(CredentialFailure("the token has bytes that no field can hold"))
            }
        }
    }
}

/// Lets fetches wait until the test says so.
final class FetchGate: Sendable {
    private let waiting = Mutex<(isOpen: Bool, continuations: [CheckedContinuation<Void, Never>])>((false, []))

    /// Waits until the gate is open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = waiting.withLock { state in
                if !state.isOpen { state.continuations.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Lets everybody pass from now on.
    func open() {
        let continuations = waiting.withLock { state in
            state.isOpen = true
            defer { state.continuations = [] }
            return state.continuations
        }
        for continuation in continuations { continuation.resume() }
    }
}
