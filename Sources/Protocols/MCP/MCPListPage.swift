// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One page of a list, reduced to what a caller may see.
public struct MCPListPage: Sendable {
    /// One item of a list.
    public struct Item: Sendable {
        /// The tool's or prompt's name, the resource's URI, the template, or the task's identifier.
        public let name: String
        /// The item.
        public let value: JSONObject
        /// The tool, when the list is one of tools.
        public let tool: MCPToolDefinition?
    }

    /// Why an item is left out.
    public enum Omission: Sendable, Hashable {
        /// The caller may not see it.
        case denied
        /// Another item of the page has the same name.
        case duplicate
        /// Its name is missing, too long or not fit to be read.
        case badName
        /// A string of it has characters that a person does not see.
        case hiddenText
        /// The tool's definition breaks a rule.
        case defect(MCPToolDefinition.Defect)
    }

    /// The result to send.
    public let result: JSONObject

    /// The items that are left.
    public let items: [Item]

    /// What was left out, and why, at its place in the server's page.
    public let omitted: [(index: Int, reason: Omission)]

    /// Filters the result of a list request.
    ///
    /// The page is for this caller alone, so a cache must not share it: where the revision has cache hints,
    /// `cacheScope` becomes `private` and `ttlMs` at most `maximumAge`.
    ///
    /// - Parameters:
    ///   - maximumAge: Milliseconds for which the decision holds.
    ///   - isVisible: Whether the caller may see an item.
    public init(
        _ result: JSONObject, of method: MCPMethod, in revision: MCPRevision, limits: MCPLimits = .standard,
        maximumAge: Int64 = 0, isVisible: (Item) -> Bool
    ) throws(MCPRefusal) {
        guard let (list, key) = Self.keys(method), case .array(let elements)? = result[list],
            elements.count <= limits.listItems,
            result["nextCursor"].map({ $0.string != nil }) ?? true
        else { throw MCPRefusal(.response(.badList), fault: .server) }
        var items: [Item] = []
        var omitted: [(index: Int, reason: Omission)] = []
        var seen: Set<[UInt8]> = []
        for (index, element) in elements.enumerated() {
            guard case .object(let object) = element else {
                throw MCPRefusal(.response(.badList), fault: .server)
            }
            do throws(OmissionError) {
                let item = try Self.item(object, key, method, limits)
                guard seen.insert(Array(item.name.utf8)).inserted else { throw OmissionError(.duplicate) }
                guard isVisible(item) else { throw OmissionError(.denied) }
                items.append(item)
            } catch { omitted.append((index, error.reason)) }
        }
        var filtered = result
        filtered[list] = .array(items.map { .object($0.value) })
        if revision.isStateless {
            let age = result["ttlMs"]?.integer ?? 0
            filtered["ttlMs"] = .integer(max(0, min(age, maximumAge)))
            filtered["cacheScope"] = "private"
        }
        self.result = filtered
        self.items = items
        self.omitted = omitted
    }

    private struct OmissionError: Error {
        let reason: Omission
        init(_ reason: Omission) { self.reason = reason }
    }

    /// The member that holds the list, and the member that names an item.
    private static func keys(_ method: MCPMethod) -> (list: String, key: String)? {
        switch method {
        case .listTools: ("tools", "name")
        case .listPrompts: ("prompts", "name")
        case .listResources: ("resources", "uri")
        case .listResourceTemplates: ("resourceTemplates", "uriTemplate")
        case .listTasks: ("tasks", "taskId")
        default: nil
        }
    }

    private static let known = MemberNames(["description", "name", "taskId", "title", "uri", "uriTemplate"])

    private static func item(
        _ object: JSONObject, _ key: String, _ method: MCPMethod, _ limits: MCPLimits
    ) throws(OmissionError) -> Item {
        if method == .listTools {
            do throws(MCPToolDefinition.Defect) {
                let tool = try MCPToolDefinition(object)
                return Item(name: tool.name, value: object, tool: tool)
            } catch { throw OmissionError(.defect(error)) }
        }
        if known.hasLookalike(in: object) {
            throw OmissionError(.badName)
        }
        guard case .string(let name)? = object[key], MCPNames.isName(name, bytes: limits.uriBytes) else {
            throw OmissionError(.badName)
        }
        if method == .listResources, MCPNames.refusal(ofURI: name, bytes: limits.uriBytes) != nil {
            throw OmissionError(.badName)
        }
        if HiddenText.isPresent(in: .object(object)) { throw OmissionError(.hiddenText) }
        return Item(name: name, value: object, tool: nil)
    }
}
