// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Behavior
internal import Storage
internal import YettConfiguration

/// The baselines that people ratified, as they are kept.
struct Baselines: Sendable {
    let store: BaselineStore

    init(logDirectory: String) { store = BaselineStore(logDirectory: logDirectory) }

    /// The watch with what is in force; `nil` where nobody is watched.
    ///
    /// - Throws: ``GatewayError`` for a baseline that is damaged: without it agents would be judged otherwise than somebody
    ///   said.
    func watch(_ mode: WatchConfiguration.Mode) throws(GatewayError) -> Watch? {
        guard mode != .off else { return nil }
        return Watch(mode, baseline: try current()?.baseline)
    }

    /// What is in force.
    func current() throws(GatewayError) -> (digest: String, baseline: RatifiedBaseline)? {
        do {
            guard let kept = try store.current() else { return nil }
            return (kept.digest, try RatifiedBaseline(decoding: kept.document))
        } catch {
            throw GatewayError(
                ["the baseline in force cannot be read: \(error)"],
                remedy: "bring the file back, or remove baselines/current in the audit directory for none")
        }
    }
}
