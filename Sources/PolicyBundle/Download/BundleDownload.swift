// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// When a bundle is asked for, with which headers, and what becomes of the answer (OPA's bundle protocol).
///
/// It neither waits nor sends: it says what to do next and is told what came of it.
public struct BundleDownload: Sendable {
    /// What to ask for.
    public struct Request: Sendable, Hashable {
        /// Headers besides the configured ones.
        public let headers: [String: String]
        /// Seconds after which there is no answer any more.
        public let timeoutSeconds: Int
    }

    /// What an answer says besides its content.
    public struct Answer: Sendable, Hashable {
        /// The status code of HTTP.
        public let status: Int
        /// The tag of this version.
        public let entityTag: String?
        /// The media type.
        public let contentType: String?

        /// Describes an answer.
        public init(status: Int, entityTag: String? = nil, contentType: String? = nil) {
            self.status = status
            self.entityTag = entityTag
            self.contentType = contentType
        }
    }

    /// What to do next.
    public enum Action: Sendable, Hashable {
        /// Send a request and tell `answered` or `failed`.
        case ask(Request)
        /// Read and activate the content that came, then tell `activated` or `refused`.
        case activate(entityTag: String?)
        /// Do nothing for some nanoseconds, then tell `waited`.
        case wait(UInt64)
    }

    private enum State: Sendable {
        case idle
        case asking
        case activating(entityTag: String?)
    }

    /// What servers that hold answers back say that they send.
    static let pollingType = "application/vnd.openpolicyagent.bundles"
    /// The least delay between two answers to long polls, in nanoseconds: a server that holds nothing back is not
    /// asked without end.
    static let longPollingPause: UInt64 = 100_000_000
    /// The longest tag that is sent back.
    static let longestTag = 1024
    /// The delay after the first failure, in nanoseconds.
    static let firstRetryDelay: UInt64 = 100_000_000

    private let settings: DownloadSettings
    private var state = State.idle
    private var entityTag: String?
    private var isLongPolling = false
    private var failures = 0

    /// Begins.
    ///
    /// - Parameter entityTag: the tag of the version that is in use already.
    public init(_ settings: DownloadSettings, entityTag: String? = nil) {
        self.settings = settings
        self.entityTag = entityTag
    }

    /// The first request.
    public mutating func start() -> Action {
        ask()
    }

    /// The wait is over.
    public mutating func waited() -> Action {
        ask()
    }

    private mutating func ask() -> Action {
        state = .asking
        var headers = ["Prefer": "modes=snapshot,delta"]
        var timeout = settings.timeoutSeconds
        if isLongPolling, let seconds = settings.longPollingSeconds {
            headers["Prefer"] = "modes=snapshot,delta;wait=\(seconds)"
            timeout = timeout &+ seconds
        }
        if let entityTag { headers["If-None-Match"] = entityTag }
        return .ask(Request(headers: headers, timeoutSeconds: timeout))
    }

    /// An answer came, its content with it.
    ///
    /// - Parameter random: decides within the delays.
    public mutating func answered(_ answer: Answer, random: inout some RandomNumberGenerator) -> Action {
        guard case .asking = state else { return wait(&random) }
        switch answer.status {
        case 200:
            isLongPolling = settings.longPollingSeconds != nil && Self.isPollingType(answer.contentType)
            let tag = answer.entityTag.flatMap { Self.isUsable($0) ? $0 : nil }
            state = .activating(entityTag: tag)
            return .activate(entityTag: tag)
        case 304:
            // Nothing changed since nothing: the server is wrong.
            guard entityTag != nil else { return failed(random: &random) }
            failures = 0
            if answer.contentType != nil {
                isLongPolling = settings.longPollingSeconds != nil && Self.isPollingType(answer.contentType)
            }
            return next(&random)
        default: return failed(random: &random)
        }
    }

    /// Whether a tag can be sent back; without one, the next answer is the whole bundle.
    private static func isUsable(_ tag: String) -> Bool {
        let bytes = tag.utf8
        return !bytes.isEmpty && bytes.count <= longestTag && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func isPollingType(_ type: String?) -> Bool {
        guard let type else { return false }
        let bare = type.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        return bare.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }.elementsEqual(pollingType.utf8)
    }

    /// There was no answer, or only a part of one.
    public mutating func failed(random: inout some RandomNumberGenerator) -> Action {
        state = .idle
        isLongPolling = false
        failures = min(failures &+ 1, 64)
        return .wait(retryDelay(&random))
    }

    /// The content is in use.
    public mutating func activated(random: inout some RandomNumberGenerator) -> Action {
        if case .activating(let tag) = state { entityTag = tag }
        failures = 0
        return next(&random)
    }

    /// The content was refused; what was in use before stays in use.
    ///
    /// The tag is forgotten, so that a server cannot answer that nothing changed, or send a change to what is not
    /// there.
    public mutating func refused(random: inout some RandomNumberGenerator) -> Action {
        entityTag = nil
        return failed(random: &random)
    }

    private mutating func next(_ random: inout some RandomNumberGenerator) -> Action {
        guard isLongPolling else { return wait(&random) }
        state = .idle
        return .wait(UInt64.random(in: Self.longPollingPause...(2 &* Self.longPollingPause), using: &random))
    }

    private mutating func wait(_ random: inout some RandomNumberGenerator) -> Action {
        state = .idle
        let longest = max(settings.minimumDelay, settings.maximumDelay)
        return .wait(UInt64.random(in: settings.minimumDelay...longest, using: &random))
    }

    /// Grows by 1.6 with each failure up to the longest delay, and is spread by a fifth so that many gates do not ask
    /// at once.
    private func retryDelay(_ random: inout some RandomNumberGenerator) -> UInt64 {
        var delay = Double(Self.firstRetryDelay)
        let longest = Double(max(settings.maximumDelay, Self.firstRetryDelay))
        for _ in 1..<max(failures, 1) where delay < longest { delay *= 1.6 }
        return UInt64(min(delay, longest) * Double.random(in: 0.8...1, using: &random))
    }
}
