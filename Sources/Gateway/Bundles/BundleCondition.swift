// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import PolicyBundle
internal import Telemetry
internal import YettConfiguration

/// How one bundle fares. Times are in microseconds since 1970.
struct BundleCondition: Sendable {
    /// What was read last and not refused; it waits when other bundles of the policy have not come yet.
    var content: BundleContent?
    /// Whether the policy that serves was made with it.
    var isActive = false
    /// Bytes of the last download.
    var size: Int?
    var lastRequest: Int64?
    var lastAnswer: Int64?
    var lastDownload: Int64?
    var lastActivation: Int64?
    /// What is wrong now.
    var fault: Fault?

    /// Something that went wrong, in OPA's form.
    struct Fault: Sendable, Hashable {
        var message: String
        var status: Int?
    }

    /// The report for operators.
    func report(of settings: BundleSettings) -> BundleReport {
        let source: String =
            switch settings.configuration.source {
            case .path(let path): path
            case .url(let url): url
            }
        return BundleReport(
            name: settings.name, source: source, isActive: isActive,
            activeRevision: isActive ? content?.manifest.revision : nil, size: size,
            lastRequest: Self.text(lastRequest), lastSuccessfulRequest: Self.text(lastAnswer),
            lastSuccessfulDownload: Self.text(lastDownload), lastSuccessfulActivation: Self.text(lastActivation),
            code: fault == nil ? nil : "bundle_error", message: fault?.message,
            httpCode: fault?.status.map { String($0) })
    }

    private static func text(_ time: Int64?) -> String? { time.map { Timestamp.text(microseconds: $0) } }
}
