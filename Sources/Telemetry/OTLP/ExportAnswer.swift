// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Reads what a collector answers (OTLP specification, OTLP/HTTP response).
public enum ExportAnswer {
    /// What an answer means for what was sent.
    ///
    /// - Parameters:
    ///   - retryAfter: The field `Retry-After`, of which seconds are understood.
    public static func outcome(status: Int, retryAfter: String?, body: [UInt8]) -> ExportQueue.Outcome {
        switch status {
        case 200..<300: .accepted(rejected: rejected(in: body))
        case 429, 502, 503, 504: .retry(after: retryAfter.flatMap(nanoseconds))
        default: .refused
        }
    }

    /// How many items a partial success names. A body that says nothing understandable says that all is well.
    private static func rejected(in body: [UInt8]) -> Int {
        guard let answer = try? JSONValue(parsing: body), let partial = answer["partialSuccess"] else { return 0 }
        let names = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"]
        return names.compactMap { name -> Int? in
            guard let value = partial[name] else { return nil }
            // 64-bit numbers are texts, but not everybody writes them so.
            return value.string.flatMap { Int($0) } ?? value.integer.map { Int(clamping: $0) }
        }.first { $0 > 0 } ?? 0
    }

    private static func nanoseconds(_ text: String) -> Int64? {
        guard (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let seconds = Int64(text)
        else { return nil }
        return seconds &* 1_000_000_000
    }
}
