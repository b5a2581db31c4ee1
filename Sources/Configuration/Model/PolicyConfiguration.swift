// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The policy that decides every request.
public struct PolicyConfiguration: Sendable, Hashable {
    /// `files`: Rego files, data files and directories of both, absolute or beside the configuration.
    public var files: [String] = []
    /// `bundles`, in the order of the file.
    public var bundles: [BundleConfiguration] = []
    /// `keys`: who vouches for bundles; once there is one, every bundle must be signed.
    public var keys: [BundleKeyConfiguration] = []
    /// `rollout`: a policy that is tried beside this one.
    public var rollout: PolicyRollout?
    /// `persistence_directory`: where the last good version of each bundle from a server is kept.
    public var persistenceDirectory = "/var/lib/yett/bundles"
    /// `entry_point`: the document that holds the decision, below `data`.
    public var entryPoint = ["yett", "authz", "verdict"]
    /// `input`: the form of the input document; by default that which the entry point suggests.
    public var input: Input?
    /// `on_builtin_error`: what happens when a builtin function fails on the way to an allow.
    public var onBuiltinError: BuiltinErrorRule = .deny
    /// `strict`: whether unused imports, variables and arguments are refused.
    public var isStrict = false
    /// `allow_builtins`: functions that reach outside of the evaluation and are allowed all the same.
    public var allowedBuiltins: [String] = []
    /// `limits`.
    public var limits = PolicyLimits()

    /// The defaults.
    public init() {}

    /// The form of the input document.
    public enum Input: String, Sendable, Hashable, CaseIterable {
        /// The facts, one schema for all planes.
        case facts
        /// Envoy's `CheckRequest` as OPA's plugin for Envoy shows it.
        case envoy = "ext_authz"
    }

    /// What happens when a builtin function fails on the way to an allow.
    public enum BuiltinErrorRule: String, Sendable, Hashable, CaseIterable {
        /// The call is undefined; what would be allowed is refused.
        case deny
        /// The call is undefined.
        case ignore
        /// The evaluation ends.
        case strict
    }

    /// The form of the input document that is in force.
    public var effectiveInput: Input { input ?? (entryPoint.first == "envoy" ? .envoy : .facts) }
}

/// A policy that is tried beside the one in force, `policy.rollout`.
public struct PolicyRollout: Sendable, Hashable {
    /// `share`: how many of a million decisions are made with both.
    public var perMillion: Int
    /// `files`: what takes the place of `policy.files`; `nil` for the same.
    public var files: [String]?
    /// `bundles`: which bundles take the place of which.
    public var bundles: [Replacement] = []

    /// A bundle in the place of another.
    public struct Replacement: Sendable, Hashable {
        /// The bundle of the policy in force.
        public var name: String
        /// The one that the candidate has instead, which belongs to nothing else.
        public var candidate: String

        /// Names both.
        public init(name: String, candidate: String) {
            self.name = name
            self.candidate = candidate
        }
    }

    /// The bundle that the candidate has where the policy in force has the one of a name.
    public func successor(of name: String) -> String {
        bundles.first { $0.name.utf8.elementsEqual(name.utf8) }?.candidate ?? name
    }

    /// A share of the decisions.
    public init(perMillion: Int) { self.perMillion = perMillion }
}

/// What one evaluation of the policy may use, `policy.limits`.
public struct PolicyLimits: Sendable, Hashable {
    /// `instructions`.
    public var instructions = 1_000_000
    /// `time`.
    public var time: Duration = .milliseconds(50)
    /// `memory`.
    public var memory = 16 << 20
    /// `result`.
    public var result = 1 << 20
    /// `call_depth`.
    public var callDepth = 128
    /// `collection`.
    public var collection = 1_000_000
    /// `string`.
    public var string = 4 << 20
    /// `number_bits`.
    public var numberBits = 65_536
    /// `number_digits`.
    public var numberDigits = 1_000
    /// `number_exponent`.
    public var numberExponent = 10_000
    /// `pattern`.
    public var pattern = 4 << 10
    /// `pattern_memory`.
    public var patternMemory = 1 << 20
    /// `input`.
    public var input = 1 << 20
    /// `input_depth`.
    public var inputDepth = 64
    /// `input_nodes`.
    public var inputNodes = 100_000
    /// `source`.
    public var source = 1 << 20
    /// `files`.
    public var files = 10_000
    /// `bundle`.
    public var bundle = 64 << 20
    /// `bundle_unpacked`.
    public var bundleUnpacked = 64 << 20
    /// `bundle_files`.
    public var bundleFiles = 10_000
    /// `bundle_ratio`.
    public var bundleRatio = 250

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<PolicyLimits>] = [
        .count("instructions", \.instructions, 1_000...1_000_000_000, "loop turns, calls and what functions charge"),
        .time("time", \.time, 1...60_000, "one evaluation"),
        .size("memory", \.memory, 1 << 20...1 << 30, "the values that one evaluation makes"),
        .size("result", \.result, 1 << 10...64 << 20, "an answer of the operators' API as JSON"),
        .count("call_depth", \.callDepth, 8...512, "rules that call one another"),
        .count("collection", \.collection, 1_000...100_000_000, "elements of a collection that a function makes"),
        .size("string", \.string, 1 << 10...1 << 30, "a string that a function makes"),
        .count("number_bits", \.numberBits, 64...1_000_000, "bits of an integer that arithmetic makes"),
        .count("number_digits", \.numberDigits, 20...100_000, "digits of a number in a text"),
        .count("number_exponent", \.numberExponent, 308...1_000_000, "the exponent of a number in a text"),
        .size("pattern", \.pattern, 64...1 << 20, "a regular expression or a glob"),
        .size("pattern_memory", \.patternMemory, 64 << 10...64 << 20, "the states of one pattern"),
        .size("input", \.input, 1 << 10...64 << 20, "an input in the operators' API"),
        .count("input_depth", \.inputDepth, 8...512, "nesting of an input or of a text that a function parses"),
        .count("input_nodes", \.inputNodes, 100...10_000_000, "values of an input"),
        .size("source", \.source, 1 << 10...64 << 20, "one file of Rego or data"),
        .count("files", \.files, 1...100_000, "files of Rego and data together"),
        .size("bundle", \.bundle, 1 << 10...1 << 30, "a bundle as it is packed"),
        .size("bundle_unpacked", \.bundleUnpacked, 1 << 10...1 << 30, "the files of a bundle together"),
        .count("bundle_files", \.bundleFiles, 1...1_000_000, "files and directories of a bundle"),
        .count("bundle_ratio", \.bundleRatio, 2...1_100, "bytes that one packed byte becomes, beyond the first MiB"),
    ]
}
