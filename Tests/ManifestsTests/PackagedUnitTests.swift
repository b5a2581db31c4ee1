// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Manifests
import Testing
import YettConfiguration

/// The unit of the Debian package has to serve every configuration; `yett render systemd` writes one for a single one. What
/// both take from the gate is the same list.
@Suite struct PackagedUnitTests {
    private static let packaging = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../packaging").standardizedFileURL

    private static func directives(_ text: String) -> Set<String> {
        Set(text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") && !$0.hasPrefix("[") })
    }

    @Test("gives up what the rendered unit of its configuration gives up, but for what another one may need")
    func packagedUnit() throws {
        let text = try String(contentsOf: Self.packaging.appendingPathComponent("yett.yaml"), encoding: .utf8)
        let configuration = try #require(GateConfiguration.read(text, file: "yett.yaml").configuration)
        let documents = try ManifestKind.systemd.render(configuration, RenderOptions(image: "yett")).documents
        let rendered = Self.directives(try #require(documents.first { $0.name == "yett.service" }).text)
        let packaged = Self.directives(
            try String(contentsOf: Self.packaging.appendingPathComponent("systemd/yett.service"), encoding: .utf8))
        #expect(
            rendered.subtracting(packaged).sorted() == [
                // The socket unit is an example there.
                "Also=yett.socket", "Documentation=man:yett(1)",
                // Agents may be known by their processes.
                "ProtectProc=invisible",
                // The longest that `limits.shutdown_grace` is likely to be, and not that of one file.
                "TimeoutStopSec=25s",
            ])
    }
}
