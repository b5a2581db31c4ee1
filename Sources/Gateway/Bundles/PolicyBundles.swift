// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Logging
internal import PolicyBundle
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// The bundles of the gate: what came of each, and how it fares. Which there are is settled at start.
final class PolicyBundles: Sendable {
    /// The bundles in the order of the configuration.
    let all: [BundleSettings]

    private let directory: String
    private let conditions: Mutex<[String: BundleCondition]>
    private let store: BundleStore?
    private let logger: Logger
    private let clock: Clock

    /// Reads keys and certificates.
    ///
    /// - Parameter path: The configuration's own path, beside which relative paths begin.
    init(_ policy: PolicyConfiguration, path: String, clock: Clock, logger: Logger) throws(GatewayError) {
        all = try BundleSettings.all(of: policy)
        directory = SocketDirectory.parent(of: path)
        conditions = Mutex([:])
        let isKept = all.contains { $0.configuration.isRemote && $0.configuration.isPersistent }
        store = isKept ? BundleStore(directory: policy.persistenceDirectory) : nil
        self.clock = clock
        self.logger = logger
    }

    /// Those that come from servers.
    var remote: [BundleSettings] { all.filter(\.configuration.isRemote) }

    // MARK: Contents

    /// The bundles at paths, read now.
    ///
    /// - Parameter places: Collects every file and directory that was looked at.
    func readLocal(places: inout [String]) throws(GatewayError) -> [String: BundleContent] {
        var contents: [String: BundleContent] = [:]
        var problems: [String] = []
        for settings in all {
            guard case .path(let text) = settings.configuration.source else { continue }
            let path = text.utf8.first == UInt8(ascii: "/") ? text : "\(directory)/\(text)"
            do throws(BundleFailure) {
                let content = try settings.reader.read(path: path, places: &places)
                guard !content.isDelta else { throw .patch("a delta changes what a server sent, and nothing else") }
                contents[settings.name] = content
            } catch {
                problems.append("policy.bundles.\(settings.name): \(path): \(error)")
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        return contents
    }

    /// What came from servers.
    var downloaded: [String: BundleContent] {
        conditions.withLock { conditions in conditions.compactMapValues(\.content) }
    }

    /// What is to take the place of a bundle when something new came.
    ///
    /// - Throws: when it is for other data, or was signed before what is in use.
    func successor(_ content: BundleContent, of settings: BundleSettings) throws(BundleFailure) -> BundleContent {
        let before = downloaded[settings.name]
        var content = content
        if content.isDelta {
            guard let before else { throw .patch("a delta came first, and there is nothing to change") }
            content = try before.applying(content, limits: settings.reader.limits)
        }
        if let known = before?.signature?.issuedAt {
            guard let issuedAt = content.signature?.issuedAt, issuedAt >= known else {
                throw .signature(
                    "it was made before that of the bundle in use: somebody may send an old one again; to go back to "
                        + "an older policy, sign it anew")
            }
        }
        return content
    }

    /// Remembers what came and was not refused.
    func hold(_ content: BundleContent, of name: String) {
        conditions.withLock { $0[name, default: BundleCondition()].content = content }
    }

    /// The policy that serves is made of some bundles.
    ///
    /// - Parameter renewed: Which of them came anew.
    func activated(_ names: [String], renewed: (String) -> Bool) {
        let now = clock.wall()
        conditions.withLock { conditions in
            for name in names {
                let isFirst = !(conditions[name]?.isActive ?? false)
                conditions[name, default: BundleCondition()].isActive = true
                if isFirst || renewed(name) { conditions[name]?.lastActivation = now }
            }
        }
    }

    // MARK: Kept versions

    /// Reads the kept versions, so that the gate can start without the servers.
    func restore() {
        guard let store else { return }
        for settings in remote where settings.configuration.isPersistent {
            do {
                guard let kept = try store.kept(settings.name) else { continue }
                let content = try settings.reader.read(archive: kept.archive, entityTag: kept.entityTag)
                hold(content, of: settings.name)
                logger.notice(
                    "a kept bundle is read; it serves until the server sends another",
                    metadata: [
                        LogField.bundle: .string(settings.name),
                        LogField.bundleRevision: .string(content.manifest.revision),
                    ])
            } catch {
                fail(settings.name, "the kept version is refused: \(error)")
            }
        }
    }

    /// The policy for the start: without those kept versions that nothing can be made of.
    ///
    /// - Throws: ``GatewayError`` when it is the files that are wrong.
    func firstPolicy(of builder: PolicyBuilder, configuration digest: String) throws(GatewayError) -> BuiltPolicy {
        let mistake: GatewayError
        do throws(GatewayError) {
            let policy = try builder.build(with: downloaded, configuration: digest)
            if policy.policy != nil { activated(policy.bundles.map(\.name)) { _ in true } }
            return policy
        } catch {
            mistake = error
        }
        guard !downloaded.isEmpty else { throw mistake }
        forget(mistake.lines.joined(separator: "; "))
        return try builder.build(with: downloaded, configuration: digest)
    }

    /// Forgets what was restored since no policy can be made of it.
    private func forget(_ reason: String) {
        for settings in remote where downloaded[settings.name] != nil {
            conditions.withLock { $0[settings.name]?.content = nil }
            fail(settings.name, "the kept version is refused: \(reason)")
        }
    }

    /// Keeps what serves now and came whole.
    func keep() {
        guard let store else { return }
        for settings in remote where settings.configuration.isPersistent {
            let archive = conditions.withLock { conditions -> BundleStore.Entry? in
                guard let content = conditions[settings.name]?.content, let archive = content.archive else {
                    return nil
                }
                conditions[settings.name]?.content?.archive = nil
                return BundleStore.Entry(archive: archive, entityTag: content.entityTag)
            }
            guard let archive else { continue }
            do {
                try store.keep(archive, as: settings.name)
            } catch {
                logger.error(
                    "a bundle is in use and cannot be kept for the next start; see policy.persistence_directory",
                    metadata: [LogField.bundle: .string(settings.name), LogField.error: .string("\(error)")])
            }
        }
    }

    // MARK: Conditions

    /// Notes what a download came to.
    func note(_ event: BundleDownloader.Event, of name: String) {
        let now = clock.wall()
        switch event {
        case .asked: change(name) { $0.lastRequest = now }
        case .unchanged:
            change(name) { $0.lastAnswer = now }
            mend(name)
        case .downloaded(let size):
            change(name) { condition in
                condition.lastAnswer = now
                condition.lastDownload = now
                condition.size = size
            }
        case .activated: mend(name)
        case .failed(let failure): fail(name, failure.description, status: failure.status)
        case .refused(let error): fail(name, "what the server sent is refused: \(error)")
        }
    }

    private func change(_ name: String, _ body: (inout BundleCondition) -> Void) {
        conditions.withLock { body(&$0[name, default: BundleCondition()]) }
    }

    /// Notes what is wrong; the log has a line for each change.
    private func fail(_ name: String, _ message: String, status: Int? = nil) {
        let fault = BundleCondition.Fault(message: Self.shown(message), status: status)
        let (isNews, isActive) = conditions.withLock { conditions in
            defer { conditions[name, default: BundleCondition()].fault = fault }
            return (conditions[name]?.fault != fault, conditions[name]?.isActive ?? false)
        }
        guard isNews else { return }
        logger.error(
            isActive
                ? "a bundle was not renewed; the former version serves on"
                : "a bundle is missing; everything is denied until it comes",
            metadata: [LogField.bundle: .string(name), LogField.error: .string(fault.message)])
    }

    /// What others wrote a part of, fit for a line of a log.
    private static func shown(_ message: String) -> String {
        let scalars = message.unicodeScalars.prefix(1000).map { scalar -> Unicode.Scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func mend(_ name: String) {
        let was = conditions.withLock { conditions -> Bool in
            defer { conditions[name]?.fault = nil }
            return conditions[name]?.fault != nil
        }
        if was { logger.notice("a bundle can be had again", metadata: [LogField.bundle: .string(name)]) }
    }

    /// How each fares.
    ///
    /// - Parameter versions: The bundles of the policy that serves.
    func reports(_ versions: [BundleVersion]) -> [BundleReport] {
        let conditions = conditions.withLock { $0 }
        return all.map { settings in
            var report = (conditions[settings.name] ?? BundleCondition()).report(of: settings)
            let version = versions.first { $0.name == settings.name }
            report.isActive = version != nil
            report.activeRevision = version?.revision
            return report
        }
    }
}
