// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
import Protocols

/// What a person may say of a tool, guessed by plain rules from its name, its arguments' names and its schema.
///
/// A guess is on the careful side where a name leaves a choice, and what a server says of itself never makes it less
/// careful. It counts for nothing until a person has put it into the configuration.
public struct MCPAnnotationProposal: Sendable {
    /// The tool.
    public let name: String
    /// The guess.
    public let annotations: ToolAnnotations
    /// What a person should look at before anything else.
    public let doubts: [String]

    /// Guesses from a definition.
    ///
    /// - Parameter definition: As JSON.
    /// - Returns: `nil` when it cannot be read.
    public init?(_ definition: [UInt8]) {
        let limits = JSONLimits(bytes: 4 << 20, values: 200_000, stringBytes: 4 << 20)
        guard case .object(let value)? = try? JSONValue(parsing: definition, limits: limits),
            let definition = try? MCPToolDefinition(value)
        else { return nil }
        name = definition.name
        var doubts: [String] = []
        var roles: [String: ArgumentRole] = [:]
        var unknown: [String] = []
        Self.collect(definition.value["inputSchema"] ?? .null, "", 0, &roles, &unknown)
        let words = Words(definition.name)
        var effect = Self.effect(words)
        if effect == nil { doubts.append("the name does not say what it does, so the worst is assumed") }
        if Self.hint(definition.value, "destructiveHint"), !Self.hint(definition.value, "readOnlyHint"),
            effect == .write
        {
            effect = .destructive
        }
        let sends = roles.values.contains(.destination)
        switch effect {
        case .write where sends:
            effect = .external
            doubts.append("it writes and has a destination, so it may send")
        case .read where roles.contains(where: { Self.isAddress($0.key) && $0.value == .destination }):
            effect = .egressRead
        default: break
        }
        if !unknown.isEmpty {
            doubts.append(
                "judged like content, with addresses in it like destinations: \(unknown.joined(separator: ", "))")
        }
        let chosen = effect ?? .external
        let reads = chosen == .read || chosen == .egressRead
        annotations = ToolAnnotations(
            effect: chosen, roles: roles, readsPrivateData: reads && words.has(Self.privateWords),
            readsUntrustedContent: chosen == .egressRead || reads && words.has(Self.foreignWords))
        self.doubts = doubts
    }

    // MARK: Effects

    private static let destructive: Set<String> = [
        "cancel", "clear", "delete", "destroy", "drop", "erase", "kill", "overwrite", "prune", "purge", "remove",
        "reset",
        "revoke", "terminate", "truncate", "uninstall", "unset", "wipe",
    ]
    private static let external: Set<String> = [
        "book", "buy", "call", "charge", "comment", "deploy", "dispatch", "donate", "email", "export", "fax", "forward",
        "grant", "invite", "mail", "message", "notify", "order", "pay", "ping", "post", "publish", "purchase", "push",
        "refund", "release", "reply", "request", "reserve", "run", "execute", "exec", "schedule", "send", "share",
        "sms",
        "submit", "subscribe", "transfer", "trigger", "tweet", "upload", "webhook", "wire", "withdraw",
    ]
    private static let write: Set<String> = [
        "add", "append", "apply", "approve", "archive", "assign", "change", "close", "commit", "copy", "create",
        "disable", "edit", "enable", "insert", "make", "mark", "merge", "modify", "move", "new", "open", "put",
        "register",
        "rename", "replace", "restore", "save", "set", "star", "start", "stop", "store", "tag", "update", "upsert",
        "write",
    ]
    private static let fetch: Set<String> = [
        "browse", "crawl", "download", "fetch", "navigate", "scrape", "visit", "web",
    ]
    private static let read: Set<String> = [
        "check", "compare", "count", "describe", "diff", "find", "get", "info", "inspect", "list", "load", "lookup",
        "query", "read", "retrieve", "search", "select", "show", "stat", "status", "view", "whoami", "is", "has",
    ]

    /// What the first telling word of a name says; `nil` when none does.
    private static func effect(_ words: Words) -> ToolEffect? {
        if words.has(destructive) { return .destructive }
        // The verb comes first: `list_messages` sends nothing, and `message_list` is not clear.
        for word in words.all {
            if fetch.contains(word) { return .egressRead }
            if read.contains(word) { return .read }
            if external.contains(word) { return .external }
            if write.contains(word) { return .write }
        }
        return nil
    }

    private static func hint(_ definition: JSONObject, _ name: String) -> Bool {
        definition["annotations"]?[name]?.bool ?? false
    }

    // MARK: Results

    private static let privateWords: Set<String> = [
        "account", "accounts", "address", "balance", "calendar", "contact", "contacts", "credit", "document",
        "documents", "email", "emails", "event", "events", "file", "files", "history", "iban", "inbox", "invoice",
        "invoices", "mail", "mails", "message", "messages", "note", "notes", "order", "orders", "payment", "payments",
        "profile", "salary", "transaction", "transactions", "user", "users",
    ]
    private static let foreignWords: Set<String> = [
        "attachment", "attachments", "channel", "comment", "comments", "document", "documents", "email", "emails",
        "feed", "file", "files", "inbox", "issue", "issues", "mail", "mails", "message", "messages", "news", "page",
        "pages", "post", "posts", "pull", "review", "reviews", "thread", "ticket", "tickets", "web", "webpage",
        "website",
    ]

    // MARK: Arguments

    private static let destinations: Set<String> = [
        "addressee", "assignee", "attendee", "attendees", "bcc", "bucket", "cc", "channel", "channels", "callback",
        "destination", "domain", "email", "emails", "endpoint", "guest", "guests", "host", "hostname", "iban",
        "invitee",
        "invitees", "link", "links", "member", "members", "owner", "participant", "participants", "payee", "phone",
        "receiver", "recipient", "recipients", "remote", "server", "target", "to", "uri", "url", "urls", "user",
        "username",
        "users", "webhook", "website",
    ]
    private static let addresses: Set<String> = [
        "domain", "host", "hostname", "link", "links", "uri", "url", "urls", "website",
    ]
    private static let secrets: Set<String> = [
        "credential", "credentials", "passcode", "passphrase", "password", "passwd", "pin", "secret", "token",
    ]
    private static let handles: Set<String> = ["cart", "cursor", "handle", "session"]
    private static let objects: Set<String> = [
        "branch", "database", "directory", "event", "file", "filename", "files", "folder", "id", "identifier", "ids",
        "issue",
        "key", "name", "number", "object", "page", "path", "paths", "project", "ref", "repo", "repository", "resource",
        "row", "slug", "table", "ticket", "uuid",
    ]
    private static let contents: Set<String> = [
        "body", "caption", "comment", "content", "contents", "data", "description", "html", "markdown", "message",
        "note",
        "query", "reason", "subject", "summary", "text", "title",
    ]
    private static let values: Set<String> = [
        "amount", "count", "currency", "date", "day", "duration", "end", "format", "from", "language", "limit", "max",
        "min",
        "month", "offset", "order", "price", "priority", "quantity", "size", "sort", "start", "state", "status", "time",
        "timezone", "type", "unit", "units", "until", "year",
    ]

    private static func isAddress(_ path: String) -> Bool {
        Words(path.split(separator: ".").last.map(String.init) ?? path).has(addresses)
    }

    private static func collect(
        _ schema: JSONValue, _ path: String, _ depth: Int, _ roles: inout [String: ArgumentRole],
        _ unknown: inout [String]
    ) {
        guard depth < 8, roles.count < 256, unknown.count < 64 else { return }
        for member in schema["properties"]?.object?.members ?? [] {
            guard !member.name.isEmpty, member.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2E }) else {
                continue
            }
            let name = path.isEmpty ? member.name : "\(path).\(member.name)"
            let items = member.value["items"] ?? member.value
            if items["properties"] != nil {
                collect(items, name, depth &+ 1, &roles, &unknown)
            } else if let role = role(of: member.name, items) {
                roles[name] = role
            } else {
                unknown.append(name)
            }
        }
    }

    private static func role(of name: String, _ schema: JSONValue) -> ArgumentRole? {
        let format = schema["format"]?.string ?? ""
        if ["email", "hostname", "idn-email", "idn-hostname", "iri", "uri", "url"].contains(format) {
            return .destination
        }
        let words = Words(name)
        if words.has(secrets) || words.isApiKey { return .secret }
        if words.has(handles) { return .handle }
        // What the last word names, the words before it describe: `recipient_id`, `file_name`, `start_date`.
        if words.has(destinations) { return .destination }
        switch schema["type"]?.string ?? "" {
        case "boolean": return .value
        case "integer", "number": return words.has(objects) ? .object : .value
        default: break
        }
        if schema["enum"] != nil { return .value }
        for word in words.all.reversed() {
            if objects.contains(word) { return .object }
            if values.contains(word) { return .value }
            if contents.contains(word) { return .content }
        }
        return nil
    }

    /// The words of a name, in small letters.
    struct Words {
        let all: [String]

        init(_ name: String) {
            var words: [[UInt8]] = [[]]
            var followsLower = false
            for byte in name.utf8 {
                let isUpper = byte &- 0x41 < 26
                let isLetter = isUpper || byte &- 0x61 < 26
                if !isLetter || isUpper && followsLower, words.last?.isEmpty == false { words.append([]) }
                if isLetter { words[words.count - 1].append(isUpper ? byte | 0x20 : byte) }
                followsLower = isLetter && !isUpper
            }
            all = words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        }

        func has(_ known: Set<String>) -> Bool { all.contains(where: known.contains) }

        /// `api_key` and `access key` are no names of things.
        var isApiKey: Bool {
            all.last == "key" && all.dropLast().contains { ["access", "api", "private", "secret", "ssh"].contains($0) }
        }
    }
}
