// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import PolicyBundle
internal import Protocols
internal import Rego

/// Puts files of base documents together; what two of them say differently is a mistake.
struct DataMerger {
    let heap: Heap
    let limits: Rego.Limits
    /// The document.
    let root: Value
    /// Which parts belong to bundles.
    private let owners: [(name: String, content: BundleContent)]
    /// What is wrong.
    private(set) var problems: [String] = []

    init(heap: Heap, limits: Rego.Limits, owners: [(name: String, content: BundleContent)] = []) {
        self.owners = owners
        self.heap = heap
        self.limits = limits
        root = heap.emptyObject()
    }

    /// Adds a document at a path.
    mutating func add(_ document: JSONValue, at path: [String], from source: String) {
        add(bytes: Array(document.text.utf8), at: path, from: source, limits: .unlimited)
    }

    /// Adds a file.
    mutating func add(_ file: PolicyFiles.DataFile) {
        if file.isYAML {
            addYAML(file)
        } else {
            add(bytes: file.bytes, at: file.path, from: file.name, limits: limits.forFiles, isFile: true)
        }
    }

    /// Adds the data of a bundle, which its reader has limited.
    mutating func add(bundle name: String, data: [UInt8]) {
        add(bytes: data, at: [], from: "bundle \(name)", limits: .unlimited)
    }

    /// Notes when a file says something of what belongs to a bundle.
    private mutating func refuseOwned(_ value: Value, _ path: [[UInt8]], _ source: String) {
        for (name, content) in owners where problems.count < Self.mostProblems {
            let roots = content.manifest.roots
            if roots.own(path) {
                let place = (["data"] + path.map { String(decoding: $0, as: UTF8.self) }).joined(separator: ".")
                problems.append(
                    "\(source): \(place) lies below the roots \(roots.list) of bundle '\(name)'; give the bundle's "
                        + ".manifest narrower roots")
                return
            }
            guard value.tag == .object, roots.lieBelow(path) else { continue }
            for member in value.members { refuseOwned(member.value, path + [Array(member.key.utf8)], source) }
        }
    }

    private static let mostProblems = 20

    private mutating func addYAML(_ file: PolicyFiles.DataFile) {
        guard String(validating: file.bytes, as: UTF8.self) != nil, let reader = BuiltinTable.standard["yaml.unmarshal"]
        else {
            problems.append("\(file.name): the file is not UTF-8")
            return
        }
        do throws(BuiltinFailure) {
            let context = BuiltinContext(heap: heap, limits: limits.forFiles)
            let value = try reader([heap.string(file.bytes)], context)
            refuseOwned(value, file.path.map { Array($0.utf8) }, file.name)
            add(value, at: file.path, from: file.name)
        } catch {
            switch error {
            case .type(let message), .value(let message), .halt(_, let message):
                problems.append("\(file.name): \(message)")
            case .limit(let limit): problems.append("\(file.name): the file reaches the limit of \(limit.rawValue)")
            }
        }
    }

    private mutating func add(
        bytes: [UInt8], at path: [String], from source: String, limits: Rego.Limits, isFile: Bool = false
    ) {
        let value: Value
        do throws(JSONFailure) {
            value = try JSONReader(heap: heap, limits: limits).read(bytes)
        } catch {
            switch error {
            case .malformed(let position, let problem):
                let place = Self.place(of: position, in: bytes)
                problems.append("\(source):\(place): error: \(problem.description)")
            case .limit(let limit): problems.append("\(source): the file reaches the limit of \(limit.rawValue)")
            }
            return
        }
        if isFile { refuseOwned(value, path.map { Array($0.utf8) }, source) }
        add(value, at: path, from: source)
    }

    /// Line and column, from 1.
    private static func place(of position: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(position)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return "\(line):\(position - start + 1)"
    }

    private mutating func add(_ value: Value, at path: [String], from source: String) {
        guard value.tag == .object else {
            problems.append("\(source): data is an object, not \(value.typeName)")
            return
        }
        var target = root
        for name in path {
            let key = heap.string(name)
            var below = target.member(key)
            if below.isUndefined {
                below = heap.emptyObject()
                heap.insert(key, below, into: target)
            }
            guard below.tag == .object else {
                problems.append("\(source): data.\(path.joined(separator: ".")) lies below a value that is no object")
                return
            }
            target = below
        }
        merge(value, into: target, path, source)
    }

    private mutating func merge(_ value: Value, into target: Value, _ path: [String], _ source: String) {
        for member in value.members {
            let known = target.member(member.key)
            if known.isUndefined {
                heap.insert(member.key, member.value, into: target)
            } else if known.tag == .object, member.value.tag == .object {
                merge(member.value, into: known, path + [member.key.string], source)
            } else {
                let place = (path + [member.key.string]).joined(separator: ".")
                problems.append(
                    "\(source): data.\(place) is there already, from another file or from the configuration")
            }
        }
    }
}

extension Rego.Limits {
    /// For what the gate writes itself.
    fileprivate static let unlimited: Rego.Limits = {
        var limits = Rego.Limits()
        limits.inputBytes = .max
        limits.inputNodes = .max
        limits.inputDepth = 512
        return limits
    }()

    /// For files, whose size is limited when they are read.
    fileprivate var forFiles: Rego.Limits {
        var limits = self
        limits.inputBytes = .max
        limits.inputNodes = .max
        return limits
    }
}
