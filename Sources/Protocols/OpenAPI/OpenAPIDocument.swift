// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A mistake in an OpenAPI document, and where it stands.
public struct OpenAPIError: Error, Sendable, Hashable {
    /// The names of members and the numbers of elements that lead there.
    public let path: [String]
    /// What is wrong.
    public let message: String

    /// A mistake.
    public init(_ path: [String], _ message: String) {
        self.path = path
        self.message = message
    }
}

/// One operation of a service, as its OpenAPI document states it.
public struct OpenAPIOperation: Sendable {
    /// Where a parameter stands.
    public enum Location: String, Sendable, Hashable, CaseIterable {
        /// In the path.
        case path
        /// In the query.
        case query
        /// In a header field.
        case header
    }

    /// How the text of a parameter becomes a value.
    public struct Form: Sendable, Hashable {
        /// The types of one value, as JSON Schema names them; empty where the schema says none.
        public var types: Set<String> = []
        /// Set for a list.
        public var list: List?

        /// How the elements of a list are written.
        public enum List: Sendable, Hashable {
            /// Each as a parameter of its own.
            case repeated
            /// With commas between them.
            case commas
        }
    }

    /// A parameter.
    public struct Parameter: Sendable {
        /// The name; header fields in lower case.
        public let name: String
        /// Where it stands.
        public let location: Location
        /// Whether a request must have it.
        public let isRequired: Bool
        /// How its text is read.
        public let form: Form
    }

    /// A body.
    public struct Body: Sendable {
        /// Whether a request must have one.
        public let isRequired: Bool
        /// The media types that are taken, in lower case.
        public let types: [String]
        /// Those of them that are JSON, whose bodies are read.
        public let readTypes: Set<String>
    }

    /// The name: `operationId`, or method and template where there is none.
    public let name: String
    /// The HTTP method.
    public let method: String
    /// The path, with its parameters.
    public let template: OpenAPITemplate
    /// The parameters.
    public let parameters: [Parameter]
    /// The body; `nil` when there must be none.
    public let body: Body?
    /// A JSON Schema of everything that is judged: an object with `path`, `query`, `header` and `body`.
    public let schema: JSONObject
    /// Where the operation stands in the document.
    public let place: [String]
}

/// The operations of a service.
public struct OpenAPIDocument: Sendable {
    /// The operations in the order of the document's names.
    public let operations: [OpenAPIOperation]

    /// The most operations.
    public static let maximumOperations = 2000

    /// Reads a document of OpenAPI 3.0 or 3.1.
    ///
    /// - Parameter base: The path at which the service begins upstream, without a slash at its end; empty for `/`.
    /// - Returns: The document, or `nil` when it cannot be used, and every mistake.
    public static func read(
        _ value: JSONValue, base: String
    ) -> (document: OpenAPIDocument?, mistakes: [OpenAPIError]) {
        var reader = OpenAPIReader(value)
        let operations = reader.read(base: base)
        guard reader.mistakes.isEmpty else { return (nil, reader.mistakes) }
        return (OpenAPIDocument(operations: operations), [])
    }
}
