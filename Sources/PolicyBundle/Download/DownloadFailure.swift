// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore

/// Why there is no answer that counts.
public struct DownloadFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The status of the answer, if there was one.
    public let status: Int?
    /// What happened, whose fault it is, and what to do.
    public let description: String

    /// An answer that is neither a bundle nor that nothing changed.
    init(_ status: Int, location: String?) {
        self.status = status
        switch status {
        case 301, 302, 303, 307, 308:
            let place = location.map { " to " + Self.shown($0) } ?? ""
            description = "the server sends elsewhere\(place) (status \(status)); name that address as the url"
        case 304: description = "the server says that nothing changed, and the gate has nothing yet (status 304)"
        case 401, 403:
            description = "the server refuses the gate (status \(status)); see the bundle's token and tls.certificate"
        case 404: description = "the server has no such bundle (status 404); see the bundle's url"
        default: description = "the server answers with status \(status)"
        }
    }

    /// An answer that takes too long.
    init(timeout: Int) {
        status = nil
        description = "the server took longer than \(timeout) s (polling.timeout)"
    }

    /// No answer, or a part of one.
    init(_ error: any Error, limit: Int) {
        status = nil
        description =
            error is NIOTooManyBytesError
            ? "the server sends more than \(limit) bytes (policy.limits.bundle)"
            : "there is no answer: \(Self.shown("\(error)"))"
    }

    /// What others wrote, fit for a line of a log.
    private static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(300).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
