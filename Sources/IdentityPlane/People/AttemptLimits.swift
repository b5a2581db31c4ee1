// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How often somebody may try: so many times in a span of time, each of a bounded number of somebodies.
struct AttemptLimits {
    private struct Window {
        var start: Int64
        var count: Int
    }

    private let most: Int
    private let span: Int64
    private let largest = 4096
    private var windows: [String: Window] = [:]

    /// Limits tries.
    ///
    /// - Parameter span: Seconds.
    init(most: Int, within span: Int64) {
        self.most = most
        self.span = span
    }

    /// Whether one more try is allowed, which is counted. Where there is no room to count, it is not.
    mutating func admit(_ name: String, now: Int64) -> Bool {
        if var window = windows[name], now >= window.start, now < window.start &+ span {
            window.count += 1
            windows[name] = window
            return window.count <= most
        }
        if windows.count >= largest {
            windows = windows.filter { now >= $0.value.start && now < $0.value.start &+ span }
            guard windows.count < largest else { return false }
        }
        windows[name] = Window(start: now, count: 1)
        return most >= 1
    }
}
