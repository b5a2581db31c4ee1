// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What provenance says of a call.
public enum ProvenanceVerdict: Sendable, Hashable {
    /// Nothing speaks against it; for each destination, object and link, where it came from.
    case allowed([ProvenanceRecord])
    /// A rule speaks against it.
    case denied(ProvenanceDenial)

    /// Whether the call may go on.
    public var isAllowed: Bool {
        guard case .allowed = self else { return false }
        return true
    }
}

/// Where one value of an allowed call came from.
public struct ProvenanceRecord: Sendable, Hashable {
    /// The place in the arguments, for example `recipients[0]`.
    public let argument: String
    /// Where its value was seen.
    public let origin: ValueOrigin
}

/// The rule, the argument and the origin of a refusal; never the value itself.
public struct ProvenanceDenial: Sendable, Hashable, CustomStringConvertible {
    /// The rule.
    public let rule: ProvenanceRule
    /// The place in the arguments; nil where the whole call is meant.
    public let argument: String?
    /// Where the value was seen.
    public let origin: ValueOrigin

    /// For a person.
    public var description: String {
        guard let argument else { return rule.sentence }
        return "\(argument): \(rule.sentence) (seen in: \(origin))"
    }
}

/// The rules; the raw value is the name in records.
public enum ProvenanceRule: String, Sendable, Hashable, CaseIterable {
    /// The grant of the task does not list the tool.
    case toolOutsideGrant = "tool_outside_grant"
    /// The tool was called as often as it may be.
    case callBudget = "call_budget"
    /// Private data and untrusted content were read, and now something goes out.
    case privateUntrustedExternal = "private_untrusted_external"
    /// A destination that no person and no field named.
    case destination
    /// An object that no person and no field named.
    case object
    /// Without a grant, an object of destruction that no person named.
    case destructiveObject = "destructive_object"
    /// A secret that is not in the request.
    case secret
    /// A handle that was given to somebody else, or to nobody.
    case handle
    /// A link that no person and no field named.
    case contentLink = "content_link"
    /// An account number that no person and no field named.
    case contentAccount = "content_account"
    /// Characters that a person does not see.
    case hiddenCharacters = "hidden_characters"
    /// More than is looked through.
    case tooLarge = "too_large"
    /// As many tasks are followed as may be.
    case tooManyTasks = "too_many_tasks"

    /// What is wrong and what to do.
    public var sentence: String {
        switch self {
        case .toolOutsideGrant: "the task's grant does not list this tool; ask for a grant that does"
        case .callBudget: "the task has used up its calls of this tool; ask for a larger budget"
        case .privateUntrustedExternal:
            "the task has read private data and untrusted content, so it cannot send; send from a task of its own"
        case .destination: "the destination comes from nobody who may name one; name it in the request"
        case .object: "the object comes from nobody who may name one; name it in the request"
        case .destructiveObject: "without a grant a person must name what is to be removed"
        case .secret: "a secret must stand in the request"
        case .handle: "the handle was not given to this agent or task; ask the server for one"
        case .contentLink: "the content has a link that the request and the fields of results do not have"
        case .contentAccount: "the content has an account number that the request and the fields do not have"
        case .hiddenCharacters: "the value has characters that a person does not see"
        case .tooLarge: "the arguments are larger than what is looked through; send less"
        case .tooManyTasks: "the gate follows as many tasks as it may; end some, or try again later"
        }
    }
}
