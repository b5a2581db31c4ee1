// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import PolicyBundle
internal import Rego
internal import YettConfiguration

/// The files that a configuration names as its policy, read whole.
struct PolicyFiles {
    /// A file of base documents.
    struct DataFile {
        /// The file's path.
        var name: String
        /// Where its content stands below `data`.
        var path: [String]
        var bytes: [UInt8]
        /// Whether it is YAML.
        var isYAML: Bool
    }

    /// The Rego files, in the order of the configuration, those of a directory by name.
    private(set) var sources: [PolicySource] = []
    /// The data files.
    private(set) var data: [DataFile] = []
    /// Every file and directory that was looked at.
    private(set) var paths: [String] = []

    private let limits: PolicyLimits
    /// SHA-256 of a configuration's digest, all files and all bundles; the configuration's own digest where there are
    /// neither.
    func digest(with configuration: String, bundles: [(name: String, content: BundleContent)]) -> String {
        if sources.isEmpty, data.isEmpty, bundles.isEmpty { return configuration }
        var bytes = Array(configuration.utf8)
        for (name, content) in sources.map({ ($0.name, $0.bytes) }) + data.map({ ($0.name, $0.bytes) }) {
            Self.append(name, content, to: &bytes)
        }
        for (name, content) in bundles {
            Self.append("bundle \(name)", Array(content.manifest.revision.utf8), to: &bytes)
            Self.append("roots", Array("\(content.manifest.roots.list)".utf8), to: &bytes)
            for module in content.modules { Self.append(module.path, module.bytes, to: &bytes) }
            Self.append("data", content.data, to: &bytes)
        }
        return SecretDigest.hexadecimal(bytes)
    }

    private static func append(_ name: String, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes += "\n\(name.utf8.count) \(content.count)\n".utf8
        bytes += name.utf8
        bytes += content
    }

    private static let deepest = 32

    /// Reads the files.
    ///
    /// - Parameter directory: Where relative paths begin: the configuration's own directory.
    /// - Throws: GatewayError with everything that could not be read.
    init(_ policy: PolicyConfiguration, in directory: String) throws(GatewayError) {
        limits = policy.limits
        var problems: [String] = []
        for file in policy.files {
            let path = file.utf8.first == UInt8(ascii: "/") ? file : "\(directory)/\(file)"
            if Directory.isOne(path) {
                readDirectory(path, below: [], &problems)
            } else {
                readFile(path, named: path, at: [], &problems)
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems.map { "policy: \($0)" }, isConfiguration: true) }
    }

    /// Reads what a directory holds: Rego files but for tests, and `data.json`, `data.yaml` and `data.yml`.
    private mutating func readDirectory(_ path: String, below keys: [String], _ problems: inout [String]) {
        paths.append(path)
        guard keys.count < Self.deepest else {
            problems.append("\(path): directories are nested more than \(Self.deepest) deep")
            return
        }
        let names: [String]
        do throws(SmallFile.Fault) {
            // What begins with a dot belongs to editors, to version control or to a mounted volume's machinery.
            names = try Directory.names(in: path, limit: limits.files).filter { !$0.hasPrefix(".") }
        } catch {
            problems.append("\(error)")
            return
        }
        for name in names.sorted() {
            let below = "\(path)/\(name)"
            if Directory.isOne(below) {
                readDirectory(below, below: keys + [name], &problems)
            } else if name.hasSuffix(".rego") {
                if !name.hasSuffix("_test.rego") { readFile(below, named: below, at: keys, &problems) }
            } else if ["data.json", "data.yaml", "data.yml"].contains(name) {
                readFile(below, named: below, at: keys, &problems)
            }
        }
    }

    private mutating func readFile(_ path: String, named name: String, at keys: [String], _ problems: inout [String]) {
        paths.append(path)
        guard sources.count + data.count < limits.files else {
            if problems.last?.contains("policy.limits.files") != true {
                problems.append("\(path): there are more than \(limits.files) files (policy.limits.files)")
            }
            return
        }
        let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
        guard path.hasSuffix(".rego") || path.hasSuffix(".json") || isYAML else {
            problems.append("\(path): a policy consists of .rego, .json and .yaml files and of directories")
            return
        }
        do throws(SmallFile.Fault) {
            let bytes = try SmallFile.read(path, limit: limits.source)
            if path.hasSuffix(".rego") {
                sources.append(PolicySource(name: name, bytes: bytes))
            } else {
                data.append(DataFile(name: name, path: keys, bytes: bytes, isYAML: isYAML))
            }
        } catch {
            problems.append("\(error)")
        }
    }
}
