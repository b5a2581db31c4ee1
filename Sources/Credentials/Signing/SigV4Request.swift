// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a request for an AWS service is signed from.
public struct SigV4Request: Sendable {
    /// What the signature says about the body.
    public enum Payload: Sendable, Hashable {
        /// Its SHA-256, 32 bytes.
        case sha256([UInt8])
        /// Nothing; only S3 takes that, and only over TLS.
        case unsigned
    }

    /// A header field.
    public struct Field: Sendable, Equatable {
        /// The name, in any case.
        public let name: String
        /// The value.
        public let value: String

        /// A header field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// Whether name and value are the same, bytewise.
        public static func == (left: Field, right: Field) -> Bool {
            left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
        }
    }

    /// The method.
    public let method: String
    /// The path as it goes out, percent-encoded.
    public let path: String
    /// The query as it goes out, without `?`; empty when there is none.
    public let query: String
    /// The header fields to sign, `Host` among them.
    public let fields: [Field]
    /// What is said about the body.
    public let payload: Payload

    /// A request.
    public init(method: String, path: String, query: String = "", fields: [Field], payload: Payload) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.payload = payload
    }
}

/// Why a request is not signed. It repeats no bytes of the request.
public enum SigV4Error: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The method is no token.
    case method = "sigv4_method"
    /// The path is not absolute, too long, or has a broken escape.
    case path = "sigv4_path"
    /// The service may read the path in two ways.
    case ambiguousPath = "sigv4_ambiguous_path"
    /// The query is too long or has a broken escape.
    case query = "sigv4_query"
    /// The service may read the query in two ways.
    case ambiguousQuery = "sigv4_ambiguous_query"
    /// A field's name or value cannot stand in a header section.
    case field = "sigv4_field"
    /// There are more fields than the limit.
    case tooManyFields = "sigv4_too_many_fields"
    /// The request has a field that the signature sets.
    case reservedField = "sigv4_reserved_field"
    /// There is not exactly one `Host`.
    case host = "sigv4_host"
    /// The body's hash is none.
    case payload = "sigv4_payload"
    /// The service takes no request whose body is not signed.
    case unsignedPayload = "sigv4_unsigned_payload"

    /// What happened, whose fault it is and what to do.
    public var description: String {
        switch self {
        case .method: "The client's method is no token; send one of HTTP's."
        case .path: "The client's path is not absolute, is too long or has a broken escape; send it percent-encoded."
        case .ambiguousPath:
            "The client's path has an escaped slash or dots, or an empty segment, which a service may read in two ways;"
                + " send the plain path."
        case .query: "The client's query is too long or has a broken escape; send it percent-encoded."
        case .ambiguousQuery:
            "The client's query has a bare plus sign or an empty parameter, which a service may read in two ways;"
                + " send %2B or %20."
        case .field: "A header field of the client's request cannot be signed: its name or value is not plain text."
        case .tooManyFields: "The client's request has more header fields to sign than the limit."
        case .reservedField: "The gate left a header field in the request that the signature sets; it is removed first."
        case .host: "The request to be signed has no Host field, or two; the gate sets it once."
        case .payload: "The gate's hash of the body does not have 32 bytes."
        case .unsignedPayload: "Only S3 takes a request whose body is not signed; the gate hashes the body first."
        }
    }
}
