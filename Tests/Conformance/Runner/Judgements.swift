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
    ]
}
