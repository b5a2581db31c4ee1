// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import PolicyBundle
public import Rego

/// What files or a bundle hold, without evaluating them.
public struct PolicyInspection {
    /// The revision and roots of a bundle.
    public var manifest: (revision: String, roots: [String])?
    /// The documents and packages with their files.
    public var namespaces: [(name: String, files: [String])]
    /// The metadata blocks.
    public var annotations: [Entry]
    /// The builtins that the policies call.
    public var builtins: [String]

    /// A metadata block.
    public struct Entry: Sendable {
        /// Where what it describes stands.
        public var place: SourcePlace
        /// The path below `data` of what it describes.
        public var path: [Text]
        /// Its content.
        public var content: SyntaxValue
        /// What it describes.
        public var scope: String
    }

    /// Looks at files and directories, or at a bundle.
    public init(_ path: String, ignoring ignored: [String] = []) throws(PolicyProblem) {
        var options = LoadedFiles.Options()
        options.ignored = ignored
        var files = LoadedFiles(options: options)
        let isArchive = try FileTree.kind(of: path) == .file && !path.utf8.suffix(5).elementsEqual(".rego".utf8)
        let holdsManifest = (try? FileTree.kind(of: path + "/.manifest")) == .file
        if isArchive || holdsManifest {
            let content = try files.add(bundle: path)
            manifest = (content.manifest.revision, content.manifest.roots.list)
        } else {
            try files.add(path: path)
        }
        var settings = ToolSettings()
        settings.allowedBuiltins = ToolSettings.outsideBuiltins
        let policy = try Policy(tool: files.modules, settings: settings.policySettings())
        namespaces = PolicyInspection.namespaces(files, policy.analyzed.modules)
        annotations = PolicyInspection.annotations(files.modules, policy.analyzed.modules)
        builtins = policy.analyzed.requiredBuiltins.map(\.string).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func namespaces(_ files: LoadedFiles, _ modules: [Module]) -> [(name: String, files: [String])] {
        var names: [String] = []
        var found: [String: [String]] = [:]
        func add(_ name: String, _ file: String) {
            if found[name] == nil { names.append(name) }
            found[name, default: []].append(file)
        }
        for file in files.dataFiles { add(PackageText.text(["data"] + file.keys), file.path) }
        for (source, module) in zip(files.modules, modules) { add(PackageText.text(module.package), source.name) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, found[$0] ?? []) }
    }

    private static func annotations(_ sources: [PolicySource], _ modules: [Module]) -> [Entry] {
        var entries: [Entry] = []
        for (source, module) in zip(sources, modules) {
            var described: [Int: (path: [Text], location: Location)] = [:]
            for rule in module.rules {
                let path = module.package + rule.head.reference.compactMap(\.groundKey)
                for number in rule.annotations where described[number] == nil {
                    described[number] = (path, rule.location)
                }
            }
            for (number, annotation) in module.annotations.enumerated() {
                let target = described[number] ?? (module.package, module.packageLocation)
                entries.append(
                    Entry(
                        place: SourcePlace(
                            file: source.name, row: Int(target.location.row), column: Int(target.location.column)),
                        path: target.path, content: annotation.content, scope: annotation.scope.rawValue))
            }
        }
        return entries
    }

    /// The inspection as OPA's JSON shows it.
    public func json(withAnnotations: Bool) -> SyntaxValue {
        var fields: [(String, SyntaxValue)] = [
            (
                "manifest",
                .fields([
                    ("revision", .text(manifest?.revision ?? "")),
                    ("roots", .array((manifest?.roots ?? [""]).map { .text($0) })),
                ])
            ),
            ("signatures_config", .fields([])),
            ("namespaces", .fields(namespaces.map { ($0.name, .array($0.files.map { .text($0) })) })),
        ]
        if withAnnotations { fields.append(("annotations", .array(annotations.map(\.json)))) }
        fields.append(
            (
                "capabilities",
                .fields([
                    ("builtins", .array(builtins.compactMap { BuiltinTable.standard[Text($0)]?.json })),
                    ("features", .array([.text("rego_v1")])),
                ])
            ))
        return .fields(fields)
    }

    /// The inspection for people.
    public func pretty(withAnnotations: Bool) -> String {
        var text = ""
        if let manifest {
            let rows = [["Revision", manifest.revision], ["Roots", manifest.roots.joined(separator: ", ")]]
            text += "MANIFEST:\n" + PrettyTable.text(titles: ["FIELD", "VALUE"], rows: rows)
        }
        let rows = namespaces.flatMap { entry in entry.files.map { [entry.name, $0] } }
        text += "NAMESPACES:\n" + PrettyTable.text(titles: ["NAMESPACE", "FILE"], rows: rows)
        if withAnnotations {
            text += "ANNOTATIONS:\n"
            for entry in annotations {
                text += "\n\(entry.path.isEmpty ? "" : PackageText.text(entry.path)) (\(entry.scope))\n"
                text += "  \(entry.place.file):\(entry.place.row)\n"
                guard case .object(let members) = entry.content else { continue }
                for member in members where member.key != "scope" {
                    text += "  \(member.key): \(member.value.rawText)\n"
                }
            }
        }
        return text
    }
}

extension PolicyInspection.Entry {
    fileprivate var json: SyntaxValue {
        let parts = path.enumerated().map { position, part in
            SyntaxValue.fields([("type", .text(position == 0 ? "var" : "string")), ("value", .string(part))])
        }
        return .fields([("location", place.json), ("path", .array(parts)), ("annotations", content)])
    }
}

extension Term {
    /// The name or string in a head.
    fileprivate var groundKey: Text? {
        switch kind {
        case .variable(let name), .string(let name): name
        default: nil
        }
    }
}
