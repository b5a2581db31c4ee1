// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// Finds the mistakes of policies without evaluating them.
public enum PolicyCheck {
    /// Checks modules; throws what is wrong with them.
    public static func run(files: LoadedFiles, settings: ToolSettings) throws(PolicyProblem) {
        let builtins = ToolSettings.outsideBuiltins
        var tolerant = settings
        tolerant.allowedBuiltins = builtins
        let policy = try Policy(tool: files.modules, settings: tolerant.policySettings())
        guard !settings.allowedBuiltins.isSuperset(of: builtins) else { return }
        // Tests may name these builtins in `with`; what is no test must not call them.
        let sources = zip(files.modules, policy.analyzed.modules).filter { !$0.1.hasTests }.map(\.0)
        do throws(PolicyProblem) {
            _ = try Policy(tool: sources, settings: settings.policySettings())
        } catch {
            let refused = error.entries.filter { $0.message.hasPrefix("unsafe built-in") }
            if !refused.isEmpty { throw PolicyProblem(refused) }
        }
    }
}

/// The builtins that a capabilities file of OPA allows.
public enum Capabilities {
    /// The names in a file.
    public static func builtinNames(ofFile path: String) throws(PolicyProblem) -> Set<Text> {
        let heap = Heap()
        let value = try DocumentForm.json.read(try FileTree.read(path), name: path, in: heap)
        let list = value.member(heap.string("builtins"))
        guard list.tag == .array else {
            throw PolicyProblem(
                loading: "\(path): no list “builtins”", remedy: "take a file that `opa capabilities --current` wrote")
        }
        let key = heap.string("name")
        return Set(list.elements.map { $0.member(key) }.filter(\.isString).map(\.text))
    }
}
