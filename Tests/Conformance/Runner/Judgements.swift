// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Cases that the gate judges in another way than their wording suggests, each with the reason and the words it rests on.
enum Judgements {
    struct Entry {
        let suite: String
        let kind: String
        let judgement: String
        let source: String
    }

    static let all: [Entry] = [
        Entry(
            suite: "tls-sni", kind: "via connect+tls-intercept",
            judgement: """
                The gate does not intercept TLS: a tunnel is opaque, so an authority inside it cannot be compared with the                 server name. What would need the comparison, a grant that limits methods or paths of the host, therefore                 covers no tunnel: CONNECT is refused with tunnel_not_granted before anything is resolved or dialled. The                 case is run against such a grant.
                """,
            source: """
                RFC 9110 section 9.3.6: "Tunnels are commonly used to create an end-to-end virtual connection, through one                 or more proxies, which can then be secured using TLS" and, of a tunnel, it is restricted "to blind                 forwarding of data, in both directions, until the tunnel is closed".
                """),
        Entry(
            suite: "ssrf", kind: "group redirect",
            judgement: """
                A forward proxy hands a redirect to its client and never follows it. The case is run as the client's next                 request, for the location resolved against the first target: that one is judged as the case says.
                """,
            source: """
                RFC 9110 section 15.4: "The user agent MAY automatically redirect its request to the URI referenced by the                 Location field value".
                """),
        Entry(
            suite: "identity", kind: "x509-limbo, scope strict",
            judgement: """
                Every rule that binds issuers is held against what they issued: both key identifiers present and not \
                critical, basicConstraints critical in every authority, the root included, a positive serial number of at \
                most 20 bytes, names of hosts that are well-formed where a constraint applies, keys of at least 112 bits. \
                The last second of notAfter belongs to the certificate, and fractions of a second do not count.
                """,
            source: """
                RFC 5280 section 4: the profile is what "conforming CAs" issue; section 4.1.2.5: the validity is "the \
                period of time from notBefore through notAfter, inclusive", without fractional seconds.
                """),
        Entry(
            suite: "identity", kind: "wycheproof, symmetric algorithms",
            judgement: "Every token with HS256, HS384 or HS512 is refused, and every set with a symmetric key in it.",
            source: """
                SPIFFE JWT-SVID section 2.1 allows RS*, ES* and PS* only; RFC 7517 section 9.2: symmetric keys are not to \
                be disclosed, which a set of public keys does.
                """),
    ]
}
