// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
public import Protocols

/// The operations of a service, from its OpenAPI document, with everything that requests are held against.
public struct DocumentedService: Sendable {
    let operations: [OpenAPIOperation]
    let schemas: [ArgumentSchema]
    let router: OpenAPIRouter
    /// Whether requests that are no operation of the document are left to grants of methods and paths.
    public var allowsOthers = false

    /// Takes a document.
    ///
    /// - Returns: The service, or `nil` when a schema cannot be judged, and every mistake.
    public static func make(_ document: OpenAPIDocument) -> (service: DocumentedService?, mistakes: [OpenAPIError]) {
        var mistakes: [OpenAPIError] = []
        var schemas: [ArgumentSchema] = []
        for operation in document.operations {
            do throws(ArgumentSchemaError) {
                let schema = try ArgumentSchema(operation.schema)
                if let keyword = schema.unjudged.first {
                    mistakes.append(
                        OpenAPIError(
                            operation.place,
                            "the schema of \(operation.name) has what is not judged here, at \(keyword); "
                                + "patterns with backtracking, dynamic references and unevaluated… are not"))
                }
                schemas.append(schema)
            } catch {
                mistakes.append(OpenAPIError(operation.place, "a schema of \(operation.name) is of no use: \(error)"))
            }
        }
        guard mistakes.isEmpty else { return (nil, Array(mistakes.prefix(50))) }
        return (
            DocumentedService(
                operations: document.operations, schemas: schemas, router: OpenAPIRouter(document.operations)), []
        )
    }

    private init(operations: [OpenAPIOperation], schemas: [ArgumentSchema], router: OpenAPIRouter) {
        self.operations = operations
        self.schemas = schemas
        self.router = router
    }

    /// The names of the operations.
    public var names: [String] { operations.map(\.name) }
}
