// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Protocols

/// The description of the admin API (OpenAPI 3.1), made from ``APIOperation/all`` and ``APISchemas``.
enum OpenAPIDocument {
    /// The document's bytes.
    static let bytes: [UInt8] = document.bytes

    /// What may go wrong with any of them.
    private static let problems: [(status: Int, text: String)] = [
        (400, "The request is not well-formed"), (401, "Nobody is signed in"), (403, "The caller may not do this"),
        (404, "There is no such thing"), (405, "This cannot be asked for in this way"),
        (408, "The request did not come in time"),
        (409, "The state of the gate does not allow this"), (413, "The request is too long"),
        (421, "The request is for somebody else"), (429, "Too many ask at once"), (500, "The gate failed"),
        (503, "The gate cannot do this now"),
    ]

    private static var document: JSONValue {
        var paths: [(name: String, operations: [(name: String, value: JSONValue)])] = []
        for operation in APIOperation.all {
            let entry = (name: operation.method.lowercased(), value: description(of: operation))
            if let index = paths.firstIndex(where: { $0.name == operation.path }) {
                paths[index].operations.append(entry)
            } else {
                paths.append((operation.path, [entry]))
            }
        }
        var schemas = APISchemas.objects.map { (name: $0.name, value: SchemaNotation.object($0.members)) }
        schemas.append(("RecordKind", SchemaNotation.type(AuditKind.allCases.map(\.rawValue).joined(separator: "|"))))
        for other in APISchemas.others {
            guard let schema = try? JSONValue(parsing: Array(other.json.utf8)) else { continue }
            schemas.append((other.name, schema))
        }
        return object([
            ("openapi", "3.1.0"),
            (
                "info",
                object([
                    ("title", "Yett"), ("version", "1"),
                    ("license", object([("name", "Apache-2.0"), ("identifier", "Apache-2.0")])),
                    (
                        "description",
                        "What operators ask of the gate: over its Unix socket, and at the dashboard with a token."
                    ),
                ])
            ),
            ("security", [object([("program", [])]), object([("browser", []), ("form", [])])]),
            ("paths", object(paths.map { ($0.name, object($0.operations)) })),
            (
                "components",
                object([
                    ("schemas", object(schemas)),
                    (
                        "securitySchemes",
                        object([
                            (
                                "program",
                                object([
                                    ("type", "http"), ("scheme", "bearer"),
                                    ("description", "The token of yett dashboard --api-token"),
                                ])
                            ),
                            ("browser", object([("type", "apiKey"), ("in", "cookie"), ("name", "yett-dashboard")])),
                            ("form", object([("type", "apiKey"), ("in", "header"), ("name", "Yett-Form")])),
                        ])
                    ),
                ])
            ),
        ])
    }

    private static func description(of operation: APIOperation) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("operationId", .string(operation.id)), ("summary", .string(operation.summary)),
            ("x-yett-role", operation.role.map { .string($0.rawValue) } ?? .null),
        ]
        if operation.role == nil {
            members.append(
                ("description", "Over the operators' socket only, because it takes the kernel's word of who asks."))
        }
        let path = operation.pathParameters.map { name in
            object([
                ("name", .string(name)), ("in", "path"), ("required", true),
                (
                    "schema",
                    name == "index" ? SchemaNotation.type("Index") : object([("type", "string"), ("minLength", 1)])
                ),
            ])
        }
        let query = operation.query.map { parameter in
            object([
                ("name", .string(parameter.name)), ("in", "query"), ("description", .string(parameter.text)),
                ("schema", SchemaNotation.type(parameter.type)),
            ])
        }
        if !path.isEmpty || !query.isEmpty { members.append(("parameters", .array(path + query))) }
        if let body = operation.body {
            members.append(
                (
                    "requestBody",
                    object([("required", true), ("content", content("application/json", SchemaNotation.type(body)))])
                ))
        }
        members.append(("responses", responses(of: operation)))
        return object(members)
    }

    private static func responses(of operation: APIOperation) -> JSONValue {
        var responses: [(name: String, value: JSONValue)] = []
        switch operation.answer {
        case .json(let schema, let status):
            responses.append(
                (
                    String(status),
                    object([
                        ("description", "Done"), ("content", content("application/json", SchemaNotation.type(schema))),
                    ])
                ))
        case .text(let type):
            responses.append(
                ("200", object([("description", "Done"), ("content", content(type, object([("type", "string")])))])))
        case .none:
            responses.append(("204", object([("description", "Done")])))
        }
        for problem in problems {
            responses.append(
                (
                    String(problem.status),
                    object([
                        ("description", .string(problem.text)),
                        ("content", content("application/problem+json", SchemaNotation.type("Problem"))),
                    ])
                ))
        }
        return object(responses)
    }

    private static func content(_ type: String, _ schema: JSONValue) -> JSONValue {
        object([(type, object([("schema", schema)]))])
    }

    private static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        .object(JSONObject(members) ?? JSONObject())
    }
}
