// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The files that the snapshot in force was read from, as they were before they were read.
struct WatchedFiles {
    private let configuration: String
    /// The stamp of each file; absent for a file that was not there.
    private(set) var stamps: [String: FileStamp]

    init(configuration: String) {
        self.configuration = configuration
        stamps = [:]
        stamps[configuration] = FileStamp(of: configuration)
    }

    /// Whether the configuration is there.
    var hasConfiguration: Bool { stamps[configuration] != nil }

    /// The same files as they are now.
    func now() -> WatchedFiles {
        var files = self
        files.renew()
        return files
    }

    /// Looks at every file again; called before they are read.
    mutating func renew() {
        let paths = Array(stamps.keys) + missing + [configuration]
        stamps = [:]
        missing = []
        for path in paths { look(at: path) }
    }

    /// Says which files were read besides the configuration.
    mutating func replace(with paths: [String]) {
        let wanted = Set(paths + [configuration])
        stamps = stamps.filter { wanted.contains($0.key) }
        missing = missing.filter { wanted.contains($0) }
        for path in wanted where stamps[path] == nil && !missing.contains(path) { look(at: path) }
    }

    private var missing: Set<String> = []

    private mutating func look(at path: String) {
        if let stamp = FileStamp(of: path) { stamps[path] = stamp } else { missing.insert(path) }
    }
}

extension WatchedFiles: Equatable {
    static func == (left: WatchedFiles, right: WatchedFiles) -> Bool { left.stamps == right.stamps }
}
