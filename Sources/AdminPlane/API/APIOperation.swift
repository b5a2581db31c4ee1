// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One route of the admin API: what it is for, who may ask for it over the network, what goes in and comes out. The
/// description of the API and the check of roles are made from the same table.
struct APIOperation: Sendable {
    /// What comes back when it was done.
    enum Answer: Sendable {
        /// JSON of a schema.
        case json(String, status: Int)
        /// Another text.
        case text(String)
        /// Nothing.
        case none
    }

    /// A parameter of the query: its name and its type in the notation of ``SchemaNotation``.
    struct Parameter: Sendable {
        let name: String
        let type: String
        let text: String

        init(_ name: String, _ type: String, _ text: String) {
            self.name = name
            self.type = type
            self.text = text
        }
    }

    let method: String
    /// With parameters as `{name}`.
    let path: String
    /// The name for programs.
    let id: String
    let summary: String
    /// Who may ask at the dashboard; `nil` for the operators' socket alone.
    let role: DashboardRole?
    var query: [Parameter] = []
    /// The schema of the body; `nil` without one.
    var body: String?
    let answer: Answer

    init(
        _ method: String, _ path: String, _ id: String, _ role: DashboardRole?, _ summary: String,
        query: [Parameter] = [], body: String? = nil, answer: Answer
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.role = role
        self.summary = summary
        self.query = query
        self.body = body
        self.answer = answer
    }

    /// The names of the parameters of the path.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
    }

    /// The operation of a route, as the router names it.
    static func find(_ method: String, _ path: String) -> APIOperation? {
        all.first { $0.method.utf8.elementsEqual(method.utf8) && $0.path.utf8.elementsEqual(path.utf8) }
    }

    /// The methods with which a path can be asked for.
    static func methods(of path: String) -> [String] {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return all.filter { operation in
            let own = operation.path.split(separator: "/", omittingEmptySubsequences: false)
            return own.count == segments.count
                && zip(own, segments).allSatisfy { $0.first == "{" ? !$1.isEmpty : $0.utf8.elementsEqual($1.utf8) }
        }.map(\.method)
    }
}
