// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc
import Testing

@testable import PolicyBundle

/// A directory of its own for a test, gone with it.
final class Playground {
    let path: String

    init() throws {
        var template = Array("/tmp/yett-bundle-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        remove(path)
    }

    private func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) {
            var names: [String] = []
            while let entry = readdir(stream) {
                names.append(
                    withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                )
            }
            closedir(stream)
            for name in names where name != "." && name != ".." { remove(path + "/" + name) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    func write(_ name: String, _ text: String) throws {
        if let slash = name.lastIndex(of: "/") {
            var directory = path
            for part in name[..<slash].split(separator: "/") {
                directory += "/" + part
                mkdir(directory, 0o700)
            }
        }
        let file = try OpenDescriptor(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(Array(text.utf8))
    }
}

@Suite struct BundleFilesTests {
    @Test func `reads a directory as an archive of it`() throws {
        let place = try Playground()
        try place.write("app/m.rego", "package app")
        try place.write("app/data.json", #"{"x":1}"#)
        try place.write(".manifest", #"{"revision":"r1"}"#)
        let content = try BundleReader().read(directory: place.path)
        #expect(content.manifest.revision == "r1")
        #expect(content.data == Array(#"{"app":{"x":1}}"#.utf8))
        #expect(content.modules.map(\.path) == ["app/m.rego"])
    }

    @Test func `follows links to files as orchestrators make them, not to directories`() throws {
        let place = try Playground()
        try place.write("..2026/data.json", #"{"x":1}"#)
        #expect(symlink("..2026", place.path + "/..data") == 0)
        #expect(symlink("..data/data.json", place.path + "/data.json") == 0)
        #expect(symlink("/etc", place.path + "/etc") == 0)
        #expect(mkfifo(place.path + "/pipe.rego", 0o600) == 0)
        let content = try BundleReader().read(directory: place.path)
        #expect(content.data == Array(#"{"x":1}"#.utf8))
        #expect(content.modules.isEmpty)
    }

    @Test func `bounds a directory as an archive`() throws {
        let place = try Playground()
        for number in 0..<20 { try place.write("\(number).txt", "0123456789") }
        var limits = BundleLimits()
        limits.entries = 19
        #expect(throws: BundleFailure.limit("more than 19 files")) {
            try BundleReader(limits: limits).read(directory: place.path)
        }
        limits.entries = 100
        limits.unpackedBytes = 150
        #expect(throws: BundleFailure.self) { try BundleReader(limits: limits).read(directory: place.path) }
        #expect(throws: BundleFailure.self) { try BundleReader().read(directory: place.path + "/nowhere") }
    }

    @Test func `keeps the last good bundle`() throws {
        let place = try Playground()
        let store = BundleStore(directory: place.path)
        #expect(try store.kept("main") == nil)
        let first = BundleStore.Entry(archive: [1, 2, 10, 3], entityTag: "\"a\"")
        try store.keep(first, as: "main")
        #expect(try store.kept("main") == first)
        let second = BundleStore.Entry(archive: [], entityTag: nil)
        try store.keep(second, as: "main")
        #expect(try store.kept("main") == second)
        try store.remove("main")
        try store.remove("main")
        #expect(try store.kept("main") == nil)
    }

    @Test func `names of bundles are no paths`() throws {
        let place = try Playground()
        let store = BundleStore(directory: place.path)
        let names = ["../x", "a/b", "a_b", "a b", "ä", "", ".", "a_2f_b"]
        for (number, name) in names.enumerated() {
            try store.keep(BundleStore.Entry(archive: [UInt8(number)], entityTag: nil), as: name)
        }
        for (number, name) in names.enumerated() { #expect(try store.kept(name)?.archive == [UInt8(number)]) }
    }

    @Test func `a damaged file is not taken`() throws {
        let place = try Playground()
        let store = BundleStore(directory: place.path)
        try store.keep(BundleStore.Entry(archive: [1, 2, 3], entityTag: "t"), as: "main")
        for text in ["", "{}", "{}\n", #"{"size":4}"# + "\nabc", "\n\n", #"{"size":"3"}"# + "\nabc"] {
            try place.write("main.bundle", text)
            #expect(throws: BundleFailure.self) { try store.kept("main") }
        }
    }
}
