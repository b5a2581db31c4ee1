// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Logging
internal import PolicyBundle
internal import Synchronization
internal import Telemetry

extension Gate {
    /// Makes the policy anew with a bundle that came; it serves afterwards, or nothing has changed.
    ///
    /// - Throws: what is wrong with the bundle, or with what it says together with the files and the other bundles.
    func activate(_ bundle: BundleContent, of settings: BundleSettings) async throws {
        let isInForce = try reloading.withLock { _ in
            let content = try bundles.successor(bundle, of: settings)
            let (builder, digest) = state.withLock { ($0.builder, $0.fileDigest) }
            var downloaded = bundles.downloaded
            downloaded[settings.name] = content
            // What serves already needs no new snapshot; a server without tags sends the same again and again.
            let snapshot = authorizer.snapshot
            if builder.isServed(by: snapshot, with: downloaded, configuration: digest) {
                bundles.hold(content, of: settings.name)
                return true
            }
            let policy = try builder.build(with: downloaded, configuration: digest)
            if let fault = policy.candidateFault, builder.isOfCandidate(settings.name) { throw fault }
            bundles.hold(content, of: settings.name)
            guard policy.policy != nil else { return false }
            serve(policy, since: settings.name)
            return true
        }
        if isInForce { bundles.keep() }
    }

    /// Puts a policy into force. All bundles of it are of one moment: decisions see the former snapshot or this one.
    private func serve(_ policy: BuiltPolicy, since bundle: String) {
        let old = authorizer.snapshot
        let snapshot = old.replacing(
            policy: policy.policy, bundles: policy.bundles, absence: policy.absence,
            candidate: policy.candidate, digest: policy.digest, revision: old.revision + 1)
        authorizer.replace(with: snapshot)
        bundles.activated(snapshot.allBundles.map(\.name)) { $0 == bundle }
        watchLivePermits()
        let cut = reconsider()
        var event = event(.reload)
        event.verdict = .allow
        event.cause = "bundle"
        event.detail = "configuration \(snapshot.digest); \(Self.text(of: snapshot.bundles)); \(cut) connections cut"
        record(event)
        logger.notice(
            "a new snapshot serves",
            metadata: [
                LogField.revision: .stringConvertible(snapshot.revision), LogField.digest: .string(snapshot.digest),
                LogField.trigger: "bundle", LogField.bundle: .string(bundle),
                LogField.bundleRevision: .string(snapshot.bundles.first { $0.name == bundle }?.revision ?? ""),
                LogField.cut: .stringConvertible(cut),
            ])
    }

    /// Bundles and their revisions as records and explanations name them.
    static func text(of bundles: [BundleVersion]) -> String {
        bundles.map { bundle in
            bundle.revision.isEmpty ? "bundle \(bundle.name)" : "bundle \(bundle.name) \(bundle.revision)"
        }.joined(separator: ", ")
    }
}
