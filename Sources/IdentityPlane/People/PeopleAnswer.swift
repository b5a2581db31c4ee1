// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// An answer of the people's listener. It may set cookies, so that nothing of it is shown.
public struct PeopleAnswer: Sendable {
    /// The status.
    public var status: Int
    /// Header fields besides those that every answer has.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// Its media type.
    public var type: String?

    /// An answer without body.
    init(status: Int, fields: [(name: String, value: String)] = []) {
        self.status = status
        self.fields = fields
        body = []
    }

    /// A document for programs.
    init(status: Int = 200, json: JSONValue) {
        self.init(status: status)
        body = json.bytes
        type = "application/json"
    }

    /// A page for people.
    init(status: Int = 200, page: PeoplePage) {
        self.init(status: status)
        body = Array(page.text.utf8)
        type = "text/html; charset=utf-8"
    }

    /// An OAuth error.
    init(status: Int = 400, error: String, description: String? = nil) {
        var object = JSONObject()
        object["error"] = .string(error)
        object["error_description"] = description.map { .string($0) }
        self.init(status: status, json: .object(object))
    }

    /// Sends the browser elsewhere.
    init(redirect location: String) { self.init(status: 303, fields: [("Location", location)]) }

    /// The same with another field.
    func with(_ name: String, _ value: String) -> PeopleAnswer {
        var answer = self
        answer.fields.append((name, value))
        return answer
    }
}

extension PeopleAnswer: CustomStringConvertible, CustomReflectable {
    /// The status.
    public var description: String { "\(status)" }
    /// The status.
    public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}
