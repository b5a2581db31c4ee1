// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import PolicyBundle
public import Rego

/// The modules and base documents of files and directories.
public struct LoadedFiles {
    /// Which files are taken.
    public struct Options: Sendable {
        /// Patterns of the shell for names or paths that are left out.
        public var ignored: [String] = []
        /// Whether base documents are only taken from `data.json` and `data.yaml`, as in bundles.
        public var isBundle = false
        /// Whether base documents are taken at all.
        public var readsData = true

        /// The defaults.
        public init() {}
    }

    /// The modules in the order of their paths.
    public private(set) var modules: [PolicySource] = []
    /// The files of base documents, with the keys below `data` where each stands.
    public private(set) var dataFiles: [(path: String, keys: [Text])] = []
    /// The object below `data`.
    public private(set) var root: Value
    private let heap = Heap()
    private let options: Options

    /// Loads files and directories; a path may begin with `key.key:`, where its documents are to stand.
    public init(_ paths: [String], options: Options = Options()) throws(PolicyProblem) {
        self.init(options: options)
        for path in paths { try load(path) }
    }

    /// Loads nothing yet.
    public init(options: Options = Options()) {
        self.options = options
        root = heap.emptyObject()
    }

    /// Adds a file or a directory.
    public mutating func add(path: String) throws(PolicyProblem) {
        try load(path)
    }

    /// The base documents for evaluation; call it once, when everything is loaded.
    public func document() -> DataDocument {
        DataDocument(root: root, in: heap)
    }

    /// What to tell a person who may expect more: nil where there is any module.
    public var emptinessNote: String? {
        modules.isEmpty ? "no .rego files there" : nil
    }

    /// Adds a bundle: a `.tar.gz` file or a directory.
    ///
    /// - Parameter verification: the keys of which one must have signed it.
    @discardableResult
    public mutating func add(
        bundle path: String, verification: BundleVerification? = nil
    ) throws(PolicyProblem) -> BundleContent {
        let content: BundleContent
        let reader = BundleReader(verification: verification)
        do {
            content =
                try FileTree.kind(of: path) == .directory
                ? try reader.read(directory: path) : try reader.read(archive: try FileTree.read(path))
        } catch let problem as PolicyProblem {
            throw problem
        } catch {
            throw PolicyProblem(loading: "\(path): \(error)")
        }
        guard !content.isDelta else {
            throw PolicyProblem(loading: "\(path): a delta bundle has no policies", remedy: "name the snapshot bundle")
        }
        modules += content.modules.map { PolicySource(name: "\(path)/\($0.path)", bytes: $0.bytes) }
        try place(try JSONDocument.read(content.data, name: path, in: heap), at: [], of: path)
        dataFiles.append((path, []))
        return content
    }

    private mutating func load(_ argument: String) throws(PolicyProblem) {
        let (prefix, path) = LoadedFiles.split(argument)
        let isDirectory = try FileTree.kind(of: path) == .directory
        for file in try FileTree.files(below: path, ignoring: options.ignored) {
            var keys = prefix
            if isDirectory {
                let below = file.utf8.dropFirst(path.utf8.count).split(separator: UInt8(ascii: "/")).dropLast()
                keys += below.map { Text(bytes: Array($0)) }
            }
            try load(file: file, keys: keys, isNamed: !isDirectory)
        }
    }

    private mutating func load(file: String, keys: [Text], isNamed: Bool) throws(PolicyProblem) {
        let name = Array(
            file.utf8[
                (file.utf8.lastIndex(of: UInt8(ascii: "/")).map { file.utf8.index(after: $0) } ?? file.utf8.startIndex)...
            ])
        let form = DocumentForm(path: file)
        if name.reversed().starts(with: ".rego".utf8.reversed()) {
            modules.append(PolicySource(name: file, bytes: try FileTree.read(file)))
        } else if let form {
            guard options.readsData else { return }
            if !isNamed && options.isBundle
                && !["data.json", "data.yaml", "data.yml"].contains(where: { name.elementsEqual($0.utf8) })
            {
                return
            }
            if !isNamed && name.starts(with: ".".utf8) { return }
            let value = try form.read(try FileTree.read(file), name: file, in: heap)
            try place(value, at: keys, of: file)
            dataFiles.append((file, keys))
        } else if isNamed {
            throw PolicyProblem(
                loading: "\(file): not a policy (.rego) and not data (.json, .yaml)",
                remedy: "name a .rego, .json or .yaml file, or a directory that holds them")
        }
    }

    /// Puts a document below `data`; where there is one, their members are merged.
    private mutating func place(_ value: Value, at keys: [Text], of file: String) throws(PolicyProblem) {
        guard keys.isEmpty == false || value.tag == .object else {
            throw PolicyProblem(
                loading: "\(file): the top level must be an object, it is of type \(value.typeName)",
                remedy: "or say where it stands: -d key:\(file)")
        }
        var document = value
        for key in keys.reversed() { document = heap.object([(key: heap.string(key), value: document)]) }
        guard let merged = merged(root, document) else {
            throw PolicyProblem(
                loading: "\(file): merge error: another file holds a different value at the same path",
                remedy: "give each document a path of its own, or leave one out with --ignore")
        }
        root = merged
    }

    private func merged(_ left: Value, _ right: Value) -> Value? {
        guard left.tag == .object, right.tag == .object else { return left.isEqual(to: right) ? left : nil }
        let result = heap.emptyObject(capacity: left.count + right.count)
        for member in left.members { heap.update(member.key, to: member.value, in: result) }
        for member in right.members {
            let known = left.member(member.key)
            guard let value = known.isUndefined ? member.value : merged(known, member.value) else { return nil }
            heap.update(member.key, to: value, in: result)
        }
        return result
    }

    /// Parts `key.key:path`.
    private static func split(_ argument: String) -> (prefix: [Text], path: String) {
        let bytes = argument.utf8
        if bytes.starts(with: "file://".utf8) { return ([], String(argument.dropFirst("file://".count))) }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return ([], argument) }
        let prefix = bytes[..<colon]
        guard !prefix.isEmpty, !prefix.contains(UInt8(ascii: "/")) else { return ([], argument) }
        var keys = prefix.split(separator: UInt8(ascii: ".")).map { Text(bytes: Array($0)) }
        if keys.first == "data" { keys.removeFirst() }
        return (keys, String(decoding: bytes[bytes.index(after: colon)...], as: UTF8.self))
    }
}
