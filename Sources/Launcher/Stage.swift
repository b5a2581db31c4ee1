// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher

/// The mounts that root prepares for another user id: one numbered place for each visible path.
struct Stage {
    private let targets: [String]
    private let strings: ArgumentVector
    private(set) var mounts: [yett_mount] = []

    static let directory = LaunchUser.directory + "/stage"

    init(_ entries: [VisiblePaths.Entry]) {
        targets = entries.indices.map { "\(Self.directory)/\($0)" }
        strings = ArgumentVector([Self.directory] + targets + entries.map(\.path.text))
        for (index, entry) in entries.enumerated() {
            mounts.append(
                yett_mount(
                    source: strings[1 + entries.count + index], target: strings[1 + index], device: entry.path.device,
                    inode: entry.path.inode, owner: entry.path.owner, group: entry.path.group,
                    is_directory: entry.path.isDirectory,
                    needs_map: entry.isWritable ? !entry.path.isOpenToAll : !entry.path.isReadableByAll))
        }
    }

    /// The stage's directory for the structure that the child reads.
    var root: UnsafePointer<CChar>? { strings[0] }

    func target(_ index: Int) -> String { targets[index] }
}
