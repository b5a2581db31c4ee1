// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The data of a bundle: the files of all directories merged into one object.
struct BundleData {
    private let heap = Heap()
    private let root: Value
    private let limits: BundleLimits

    /// The data files of a bundle, each under the path of its directory.
    init(_ files: [BundleFile], limits: BundleLimits) throws(BundleFailure) {
        self.limits = limits
        root = heap.emptyObject()
        defer { withExtendedLifetime(heap) {} }
        for file in files {
            let value = try read(file)
            var target = root
            let directory = file.directory
            for part in directory.dropLast() { target = try object(part, of: target, file) }
            if let last = directory.last {
                try merge(value, into: target, at: heap.string(last), file)
            } else {
                guard value.isObject else { throw .data("\(file.path): the top of data must be an object") }
                try merge(value, into: target, file)
            }
        }
    }

    /// Whether a file holds data.
    static func isData(_ name: Substring) -> Bool {
        ["data.json", "data.yaml", "data.yml"].contains { $0.utf8.elementsEqual(name.utf8) }
    }

    private func read(_ file: BundleFile) throws(BundleFailure) -> Value {
        if file.name.utf8.elementsEqual("data.json".utf8) {
            return try JSONDocument.read(file.bytes, into: heap, limits: limits) { .data("\(file.path): \($0)") }
        }
        return try StructuredText.yaml(file.bytes, into: heap) { .data("\(file.path): \($0)") }
    }

    /// The object at a name, made if need be.
    private func object(_ name: String, of parent: Value, _ file: BundleFile) throws(BundleFailure) -> Value {
        let key = heap.string(name)
        let known = parent.member(key)
        if known.isUndefined {
            let made = heap.emptyObject()
            heap.insert(key, made, into: parent)
            return made
        }
        guard known.isObject else { throw .data("\(file.path): '\(name)' is no object in another file") }
        return known
    }

    private func merge(_ value: Value, into target: Value, _ file: BundleFile) throws(BundleFailure) {
        for member in value.members { try merge(member.value, into: target, at: member.key, file) }
    }

    private func merge(
        _ value: Value, into target: Value, at key: Value, _ file: BundleFile
    ) throws(BundleFailure) {
        let known = heap.insert(key, value, into: target)
        if known.isUndefined { return }
        guard known.isObject, value.isObject else {
            throw .data("\(file.path): '\(key.string)' has a value in another file")
        }
        try merge(value, into: known, file)
    }

    /// Refuses data outside of the roots.
    func check(_ roots: BundleRoots) throws(BundleFailure) {
        defer { withExtendedLifetime(heap) {} }
        try check(roots, root, path: [])
    }

    private func check(_ roots: BundleRoots, _ value: Value, path: [[UInt8]]) throws(BundleFailure) {
        if roots.own(path) { return }
        guard value.isObject, path.isEmpty || roots.lieBelow(path) else {
            let shown = path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            throw .roots("the roots \(roots.list) do not permit data at '/\(shown)'")
        }
        for member in value.members { try check(roots, member.value, path: path + [Array(member.key.utf8)]) }
    }

    /// The data as JSON.
    var json: [UInt8] { withExtendedLifetime(heap) { JSONWriter.bytes(root) } }
}
