// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// A file of the pages, compiled in.
struct Asset: Sendable {
    let type: String
    let text: String

    init(_ type: String, _ text: String) {
        self.type = type
        self.text = text
    }

    /// The gate as an icon.
    static let icon = Asset(
        "image/svg+xml",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path fill="none" stroke="#1f7a5c" stroke-width="1.8" \
        stroke-linecap="round" d="M3 18V5.5M17 18V5.5M3 7c4-4.6 10-4.6 14 0M3 15.5h14M7.7 4.6v13M12.3 4.6v13"/></svg>
        """)

    /// The files with their names.
    private static let all: [(name: String, asset: Asset)] = [
        ("style.css", style), ("dashboard.js", dashboard), ("login.js", login), ("icon.svg", icon),
    ]

    static func add(to router: Router<AdminContext>) {
        for (name, asset) in all {
            router.get(RouterPath(stringLiteral: "/assets/\(name)")) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: asset.type],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: asset.text)))
            }
        }
        // Browsers ask for it by themselves.
        router.get("/favicon.ico") { _, _ in DashboardDoor.redirect(to: "/assets/icon.svg") }
    }
}
