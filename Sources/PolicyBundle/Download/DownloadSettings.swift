// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How a bundle is downloaded.
public struct DownloadSettings: Sendable, Hashable {
    /// Where it is.
    public var url: String
    /// Headers for every request, such as one that authorizes.
    public var headers: [(name: String, value: String)] {
        get { headerList.map { ($0.name, $0.value) } }
        set { headerList = newValue.map { Header(name: $0.name, value: $0.value) } }
    }
    /// The shortest time between two requests, in nanoseconds.
    public var minimumDelay: UInt64 = 60_000_000_000
    /// The longest time between two requests, in nanoseconds.
    public var maximumDelay: UInt64 = 120_000_000_000
    /// How long a server that can may hold an answer back until there is something new, in seconds; nil: not at all.
    public var longPollingSeconds: Int?
    /// How long an answer may take besides, in seconds.
    public var timeoutSeconds = 30

    private struct Header: Sendable, Hashable {
        let name: String
        let value: String
    }
    private var headerList: [Header] = []

    /// Downloads from an address.
    public init(url: String) {
        self.url = url
    }
}
