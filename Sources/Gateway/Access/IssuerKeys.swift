// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import IdentityPlane
internal import Protocols
internal import Synchronization

/// The keys of one authorization server: those of a file, or those of a URL, asked for when they are needed.
final class IssuerKeys: Sendable {
    /// What is known of a key.
    enum Answer {
        case known(VerificationKey)
        case unknown
        /// The server cannot be asked; the text says why.
        case unavailable(String)
        /// The answer comes later.
        case later
    }

    typealias Completion = @Sendable (Answer) -> Void

    private struct State {
        var keys = ProviderKeys()
        var isAsking = false
        var waiting: [(keyID: String, done: Completion)] = []
    }

    /// The most requests that wait for the keys.
    private static let mostWaiting = 1024

    private enum Source {
        case fixed(VerificationKeys)
        case url(ProviderURL, any ProviderFetcher)
    }

    private let source: Source
    private let state = Mutex(State())

    /// Keys that stay.
    init(_ keys: VerificationKeys) { source = .fixed(keys) }

    /// Keys that are asked for.
    init(_ url: ProviderURL, _ fetcher: any ProviderFetcher) { source = .url(url, fetcher) }

    /// The key with a name.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - done: Called once after ``Answer/later``, on any thread.
    func key(_ keyID: String, now: Int64, then done: @escaping Completion) -> Answer {
        switch source {
        case .fixed(let keys): return keys[keyID].map { .known($0) } ?? .unknown
        case .url(let url, let fetcher):
            let (answer, asks) = state.withLock { state -> (Answer, Bool) in
                if let key = state.keys.known(keyID, now: now) { return (.known(key), false) }
                func wait() -> Bool {
                    guard state.waiting.count < Self.mostWaiting else { return false }
                    state.waiting.append((keyID, done))
                    return true
                }
                if state.isAsking { return (wait() ? .later : .unavailable("too many wait for its keys"), false) }
                switch state.keys.step(for: keyID, now: now) {
                case .use(let key): return (.known(key), false)
                case .unknown: return (.unknown, false)
                case .unavailable: return (.unavailable("it was asked for them a moment ago, in vain"), false)
                case .fetch:
                    state.isAsking = true
                    return (wait() ? .later : .unavailable("too many wait for its keys"), true)
                }
            }
            if asks { Task { await fetch(url, fetcher, now) } }
            return answer
        }
    }

    /// Whether there is a key of this name, without asking anybody.
    func knows(_ keyID: String, now: Int64) -> Bool {
        switch source {
        case .fixed(let keys): keys[keyID] != nil
        case .url: state.withLock { $0.keys.known(keyID, now: now) != nil }
        }
    }

    private func fetch(_ url: ProviderURL, _ fetcher: any ProviderFetcher, _ now: Int64) async {
        var failure: String?
        var body: [UInt8]?
        do throws(ProviderFetchFailure) {
            let answer = try await fetcher.fetch(
                ProviderFetch(url, largestAnswer: JSONWebKeySet.limits.bytes))
            if answer.status != 200 {
                failure = "its keys have status \(answer.status)"
            } else if answer.body.count > JSONWebKeySet.limits.bytes {
                failure = "its key set is too long"
            } else {
                body = answer.body
            }
        } catch {
            failure = error.description
        }
        let (waiting, keys, problem) = state.withLock { state in
            if let body {
                do throws(ProviderError) {
                    try state.keys.take(body, now: now)
                } catch {
                    failure = error.description
                }
            }
            let waiting = state.waiting
            state.waiting = []
            state.isAsking = false
            return (waiting, state.keys, failure)
        }
        for (keyID, done) in waiting {
            if let key = keys.known(keyID, now: now) {
                done(.known(key))
            } else if let problem {
                done(.unavailable(problem))
            } else {
                done(.unknown)
            }
        }
    }
}
