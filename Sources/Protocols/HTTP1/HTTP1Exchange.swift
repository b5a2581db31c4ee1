// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Judges the responses to one request in their order: informational ones, a switch of protocols, the final one.
public struct HTTP1Exchange: Sendable, Hashable {
    /// What to do with a response head.
    public enum Verdict: Sendable, Hashable {
        /// An informational response. Forward it when `forward` is true, else drop it; another head follows.
        case informational(forward: Bool)
        /// The final response. `framing` tells where its body ends; the upstream connection may be used again
        /// afterwards only when `reusable`.
        case final(framing: HTTP1Framing, reusable: Bool)
        /// The upstream agrees to the upgrade that was asked for: forward the head, then relay bytes.
        case switched
        /// Must not be forwarded; answer 502 and close the upstream connection.
        case refused(HTTP1Refusal)
    }

    /// The method of the request.
    public let method: HTTP1Method

    /// The version the client speaks.
    public let clientVersion: HTTP1Version

    /// True when the request as forwarded asked for an upgrade.
    public let asksForUpgrade: Bool

    private var informational = 0

    /// The exchange that begins with a request.
    public init(method: HTTP1Method, clientVersion: HTTP1Version, asksForUpgrade: Bool = false) {
        self.method = method
        self.clientVersion = clientVersion
        self.asksForUpgrade = asksForUpgrade
    }

    /// What to do with the next response head on this connection.
    public mutating func judge(_ head: HTTP1ResponseHead, limits: HTTP1Limits = .standard) -> Verdict {
        if head.status == 101 {
            let isAgreed =
                asksForUpgrade && head.version == .http11 && head.fields.signals.contains(.upgrade)
                && head.fields.upgrade != nil
            return isAgreed ? .switched : .refused(HTTP1Refusal(.unexpectedSwitch, in: .response))
        }
        if head.isInformational {
            informational &+= 1
            guard informational <= limits.informationalResponses else {
                return .refused(HTTP1Refusal(.tooManyInformational, in: .response))
            }
            return .informational(forward: clientVersion == .http11)
        }
        let framing = head.framing(forRequest: method)
        // A message without a body that nevertheless announces one may be followed by bytes of it.
        let announcesBody = head.fields.isChunked || (head.fields.contentLength ?? 0) > 0
        let isDoubtful = framing == .none && announcesBody && method != .head && head.status != 304
        return .final(framing: framing, reusable: head.allowsKeepAlive && framing != .untilClose && !isDoubtful)
    }
}
