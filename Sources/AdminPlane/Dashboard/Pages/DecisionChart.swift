// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How decisions fell lately: columns of equal spans of time.
struct DecisionChart {
    private struct Column {
        var allowed = 0
        var held = 0
        var denied = 0
        var total: Int { allowed + held + denied }
    }

    private static let columns = 60
    private static let height = 84
    private var counts = [Column](repeating: Column(), count: columns)
    private let first: Int64
    private let last: Int64

    init(_ records: [ShownRecord]) {
        first = records.map(\.time).min() ?? 0
        last = max(records.map(\.time).max() ?? 0, first)
        let span = max(last - first, 1)
        for record in records {
            let column = Int((record.time - first) * Int64(Self.columns - 1) / span)
            switch record.text("verdict") {
            case "allow": counts[column].allowed += 1
            case "hold": counts[column].held += 1
            default: counts[column].denied += 1
            }
        }
    }

    var html: HTML {
        let sum = counts.reduce(into: Column()) { sum, column in
            sum.allowed += column.allowed
            sum.held += column.held
            sum.denied += column.denied
        }
        guard sum.total > 0 else { return "<p class=\"empty\">Nothing was decided yet.</p>" }
        let most = counts.map(\.total).max() ?? 1
        var bars = HTML.none
        for (index, column) in counts.enumerated() {
            var bottom = Self.height
            let parts: [(Int, HTML)] = [(column.denied, "bad"), (column.held, "wait"), (column.allowed, "good")]
            for (count, look) in parts where count > 0 {
                let size = max(2, count * (Self.height - 4) / most)
                bottom -= size
                bars +=
                    "<rect class=\"\(look)\" x=\"\(index * 16 + 1)\" y=\"\(max(0, bottom))\" width=\"13\" height=\"\(size)\"/>"
            }
        }
        let label =
            "\(Amount.count(sum.allowed)) allowed, \(Amount.count(sum.held)) held, \(Amount.count(sum.denied)) denied"
        return """
            <figure class="chart"><svg viewBox="0 0 960 \(Self.height)" preserveAspectRatio="none" role="img" \
            aria-label="\(label)">\(bars)</svg>
            <figcaption><span class="key good">\(Amount.count(sum.allowed)) allowed</span>\
            <span class="key wait">\(Amount.count(sum.held)) held</span>\
            <span class="key bad">\(Amount.count(sum.denied)) denied</span>\
            <span class="muted">within \(Amount.time(seconds: (last - first) / 1_000_000))</span></figcaption></figure>
            """
    }
}
