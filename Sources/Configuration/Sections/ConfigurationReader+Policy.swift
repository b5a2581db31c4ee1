// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `policy`.
    func readPolicy(_ value: Value) -> PolicyConfiguration {
        var policy = PolicyConfiguration()
        guard var section = value.mapping("policy") else { return policy }
        policy.files = section.value("files")?.list("files and directories") { readPolicyFile($0) } ?? []
        if let path = section.value("entry_point").flatMap({ readEntryPoint($0) }) { policy.entryPoint = path }
        policy.input = section.value("input")?.word(Self.inputs)
        if let rule = section.value("on_builtin_error")?.word(Self.builtinErrorRules) { policy.onBuiltinError = rule }
        if let strict = section.value("strict")?.bool() { policy.isStrict = strict }
        if let list = section.value("allow_builtins") {
            policy.allowedBuiltins = list.list("names of functions") { readBuiltinName($0) } ?? []
        }
        let keys = section.value("keys")
        policy.keys = keys.map { readBundleKeys($0) } ?? []
        if let bundles = section.value("bundles") {
            policy.bundles = readBundles(bundles, keys: keys.map { _ in policy.keys.map(\.name) })
        }
        policy.rollout = section.value("rollout").flatMap { readRollout($0, policy.bundles.map(\.name)) }
        if let directory = section.value("persistence_directory").flatMap({ path($0) }) {
            policy.persistenceDirectory = directory
        }
        if let limits = section.value("limits") {
            policy.limits = readLimits(limits, policy.limits, PolicyLimits.fields, "the limits of the policy")
        }
        section.finish()
        if let keys, !policy.keys.isEmpty, policy.bundles.isEmpty {
            keys.error("keys are for bundles, and there is none")
        }
        return policy
    }

    private static var inputs: KeyValuePairs<String, PolicyConfiguration.Input> {
        ["facts": .facts, "ext_authz": .envoy]
    }

    private static var builtinErrorRules: KeyValuePairs<String, PolicyConfiguration.BuiltinErrorRule> {
        ["deny": .deny, "ignore": .ignore, "strict": .strict]
    }

    func readPolicyFile(_ value: Value) -> String? {
        let expected = "the path of a file or a directory, absolute or beside this file"
        guard let text = value.text(expected) else { return nil }
        let segments = text.utf8.split(separator: UInt8(ascii: "/"))
        guard !segments.isEmpty, text.utf8.count <= 4_096, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            !segments.contains(where: { $0.elementsEqual("..".utf8) })
        else {
            value.error("\(expected) is expected here, without '..'")
            return nil
        }
        return text
    }

    /// Names between slashes, as OPA writes paths below `data`.
    private func readEntryPoint(_ value: Value) -> [String]? {
        let expected = "a path below data such as yett/authz/verdict"
        guard let text = value.text(expected) else { return nil }
        let names = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isPath = names.allSatisfy { name in
            !name.isEmpty && name.utf8.count <= 128
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
        guard isPath else {
            value.error("\(expected) is expected here", hint: text.contains(".") ? "names stand between slashes" : nil)
            return nil
        }
        return names
    }

    private func readBuiltinName(_ value: Value) -> String? {
        let expected = "the name of a function such as http.send"
        guard let text = value.text(expected) else { return nil }
        let isName =
            !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
        if !isName { value.error("\(expected) is expected here") }
        return isName ? text : nil
    }
}
