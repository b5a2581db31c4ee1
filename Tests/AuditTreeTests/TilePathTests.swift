// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Testing

@Suite struct TilePathTests {
    @Test(arguments: [
        ("tile/0/000", 0), ("tile/0/x001/x234/067", 1_234_067), ("tile/entries/x001/000", 1000),
        ("tile/63/999", 999), ("tile/1/005.p/17", 5), ("tile/entries/x273/x000/000.p/255", 273_000_000),
    ])
    func `a path is written as it is read`(text: String, index: UInt64) throws {
        let path = try #require(TilePath(text))
        #expect(path.text == text)
        #expect(path.index == index)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/64/000", "tile/00/000", "tile/0/0", "tile/0/0000",
        "tile/0/x000/000", "tile/0/001/000", "tile/0/x001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000.p", "tile/0/000.p/", "tile/0/../000", "tile/-1/000", "tile/entries/00a", "tile/0/000/",
        "tile/0/x18/x446/x744/x073/x709/x551/616", "tile/0/x999/x999/x999/x999/x999/x999/999",
    ])
    func `no other spelling is a path`(text: String) {
        #expect(TilePath(text) == nil)
    }

    @Test func `a tree of 70,000 leaves has the tiles of the specification`() {
        let partial = TilePath.partialTiles(ofSize: 70_000).map(\.text)
        #expect(partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
        #expect(TilePath.partialTiles(ofSize: 256).map(\.text) == ["tile/1/000.p/1"])
        #expect(TilePath.tile(level: .hashes(1), index: 0, inTreeOfSize: 70_000)?.isFull == true)
        #expect(TilePath.tile(level: .hashes(0), index: 274, inTreeOfSize: 70_000) == nil)
        #expect(TilePath.tile(level: .entries, index: .max, inTreeOfSize: 70_000) == nil)
    }

    @Test func `bundles keep entries and refuse damage`() throws {
        var bundle: [UInt8] = []
        for entry: [UInt8] in [[], [1], [UInt8](repeating: 7, count: 65_535)] {
            entry.withUnsafeBytes { _ = EntryBundle.append($0, to: &bundle) }
        }
        let entries = try EntryBundle.entries(of: bundle, width: 3)
        #expect(entries.map(\.count) == [0, 1, 65_535])
        #expect(throws: EntryBundle.Fault.count(found: 3, expected: 4)) {
            try EntryBundle.entries(of: bundle, width: 4)
        }
        #expect(throws: EntryBundle.Fault.endsInsideEntry(2)) { try EntryBundle.ranges(in: Array(bundle.dropLast())) }
        #expect(throws: EntryBundle.Fault.endsInsideEntry(3)) { try EntryBundle.ranges(in: bundle + [0]) }
        #expect(throws: EntryBundle.Fault.count(found: 257, expected: 256)) {
            try EntryBundle.ranges(in: [UInt8](repeating: 0, count: 514))
        }
        let large = [UInt8](repeating: 0, count: 65_536)
        let isAppended = large.withUnsafeBytes { EntryBundle.append($0, to: &bundle) }
        #expect(!isAppended)
    }
}
