// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which rule a host, an authority or a host pattern broke. The client that sent it is at fault, or the operator who
/// configured it.
public enum HostError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing stands where a host is required.
    case empty
    /// The name has more than 253 bytes (RFC 1035 section 2.3.4).
    case nameTooLong(bytes: Int)
    /// A label has more than 63 bytes.
    case labelTooLong(bytes: Int)
    /// Two dots meet, or the name starts with a dot.
    case emptyLabel
    /// A label starts or ends with a hyphen (RFC 1123 section 2.1).
    case hyphenAtLabelEdge
    /// A byte that no host name has, and where it stands.
    case forbiddenByte(UInt8, offset: Int)
    /// A byte above 0x7f: a name must arrive in its ASCII form, with `xn--` labels.
    case notASCII(offset: Int)
    /// The last label is a number, so some parsers would read an IPv4 address (WHATWG URL, inet_aton).
    case numericForm
    /// An `xn--` label that is not the encoding of a lower-case Unicode label.
    case badPunycode
    /// A bracket without its partner, or one in a place where none belongs.
    case unbalancedBracket
    /// What stands in brackets is not an IPv6 address.
    case badIPv6Literal
    /// An IPv6 address with a zone, which means something on one machine only.
    case zone
    /// The authority has no port.
    case missingPort
    /// The port is not a plain decimal number of 1...65535.
    case badPort
    /// The authority holds a user name or password.
    case userinfo
    /// A pattern with `*` elsewhere than as the whole first label.
    case misplacedWildcard
    /// A wildcard over a suffix of too few labels.
    case wildcardTooWide(minimumSuffixLabels: Int)
    /// A pattern for any host where none is permitted.
    case anyHostNotPermitted
    /// An address block that is not in canonical CIDR form.
    case badBlock

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .empty: "the host is empty"
        case .nameTooLong(let bytes): "the name has \(bytes) bytes, more than 253"
        case .labelTooLong(let bytes): "a label has \(bytes) bytes, more than 63"
        case .emptyLabel: "the name has an empty label"
        case .hyphenAtLabelEdge: "a label starts or ends with a hyphen"
        case .forbiddenByte(let byte, let offset):
            "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)) at offset \(offset) is not part of a host name"
        case .notASCII(let offset): "the name is not ASCII at offset \(offset); write its xn-- form"
        case .numericForm:
            "the last label is a number; write an IPv4 address as four decimal parts without leading zeros"
        case .badPunycode: "an xn-- label is not the encoding of a lower-case label (RFC 3492, RFC 5891)"
        case .unbalancedBracket: "brackets belong around a whole IPv6 address and nowhere else"
        case .badIPv6Literal: "what stands in brackets is not an IPv6 address"
        case .zone: "an IPv6 zone is not accepted"
        case .missingPort: "the port is missing"
        case .badPort: "the port is not a decimal number of 1 to 65535 without leading zeros"
        case .userinfo: "user names and passwords are not accepted in an authority"
        case .misplacedWildcard: "a wildcard is only accepted as the whole first label, as in *.example.com"
        case .wildcardTooWide(let labels): "a wildcard needs a suffix of at least \(labels) labels"
        case .anyHostNotPermitted: "a pattern for any host is not permitted here"
        case .badBlock: "the address block is not in CIDR form with all host bits zero"
        }
    }
}
