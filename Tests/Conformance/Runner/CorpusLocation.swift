// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// Finds corpora: in the directory that `YETT_CONFORMANCE_DIR` names, else in this folder, else beside the repository.
struct CorpusLocation {
    /// The corpora that were written for this project and stand in its repository.
    private static let ownCorpora = ["http-attacks", "ssrf", "mcp-attacks"]

    private let named: String?
    private let isContinuousIntegration: Bool

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        named = environment["YETT_CONFORMANCE_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        isContinuousIntegration = environment["CI"] == "true"
    }

    /// Where a file of a corpus is.
    enum Finding {
        case found(URL)
        /// It is not there, and that is not an error; the text says why.
        case passedOver(String)
        /// It is not there and should be.
        case missing(String)
    }

    /// Looks for `file` in the folder `corpus`, or for the folder itself.
    func find(_ corpus: String, _ file: String?) -> Finding {
        let path = file.map { corpus + "/" + $0 } ?? corpus
        if let named {
            let url = URL(filePath: named).appending(path: path)
            return exists(url) ? .found(url) : .passedOver("\(named) has no \(path)")
        }
        let isOwn = Self.ownCorpora.contains(corpus)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root =
            isOwn
            ? folder.appending(path: "Corpora")
            : folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "shared/conformance")
        let url = root.appending(path: path)
        if exists(url) { return .found(url) }
        let text = "\(url.path()) is not there"
        return isOwn || isContinuousIntegration ? .missing(text) : .passedOver(text)
    }

    private func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path()) }
}
