// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// A case of the corpora `ssrf` and `http-attacks`; the folders' README files say what the members mean.
struct CorpusCase: Decodable {
    let id: String
    let verdict: Verdict
    let expect: Expectation?
    // ssrf
    let via: String?
    let target: String?
    let policy: Policy?
    let dns: [String: [[String]]]?
    let redirect: Redirect?
    let afterConnect: Data?
    let writeSizes: [Int]?
    let innerAuthority: String?
    // http-attacks
    let mode: String?
    let group: String?
    let proto: String?
    let bytes: Data?
    let compressedBytes: Data?
    let upstreamResponse: Data?
    let compressedUpstreamResponse: Data?

    enum CodingKeys: String, CodingKey {
        case id, verdict, expect, via, target, policy, dns, redirect, mode, group, proto
        case afterConnect = "after_connect_b64"
        case writeSizes = "write_sizes"
        case innerAuthority = "inner_authority"
        case bytes = "bytes_b64"
        case compressedBytes = "bytes_gz_b64"
        case upstreamResponse = "upstream_response_b64"
        case compressedUpstreamResponse = "upstream_response_gz_b64"
    }

    enum Verdict: String, Decodable {
        case mustReject = "must-reject"
        case mustNormalise = "must-normalise"
        case ok
    }

    struct Policy: Decodable {
        let allow: String?
        let allowHosts: [String]?
        let ports: [UInt16]?

        enum CodingKeys: String, CodingKey {
            case allow, ports
            case allowHosts = "allow_hosts"
        }
    }

    struct Redirect: Decodable {
        let status: Int
        let location: String
    }

    struct Expectation: Decodable {
        let queries: Int?
        let host: String?
        let port: UInt16?
        let dial: OneOrMany?
        let neverDial: OneOrMany?
        let alternatives: [String]?
        let route: String?
        let upstreamHost: String?
        let upstreamMustNotContain: OneOrMany?
        let policyPath: String?
        let stripped: OneOrMany?
        let body: String?
        let requestCount: Int?
        let maximumRequestCount: Int?
        let isIncomplete: Bool?
        let cookie: String?
        let closeCode: Int?
        let isHalfClosed: Bool?

        enum CodingKeys: String, CodingKey {
            case host, port, dial, alternatives, route
            case queries = "dns_queries"
            case neverDial = "never_dial"
            case upstreamHost = "upstream_host"
            case policyPath = "policy_path"
            case stripped = "strip_or_replace"
            case body, cookie
            case requestCount = "upstream_request_count"
            case maximumRequestCount = "upstream_request_count_max"
            case isIncomplete = "client_sees_incomplete"
            case closeCode = "close_code"
            case isHalfClosed = "half_close_after_send"
            case upstreamMustNotContain = "upstream_must_not_contain"
        }
    }

    /// A text or a list of texts.
    struct OneOrMany: Decodable {
        let values: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            values = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
        }
    }
}

/// A corpus file.
struct CorpusFile: Decodable {
    let cases: [CorpusCase]
    let defaultPolicy: CorpusCase.Policy?

    enum CodingKeys: String, CodingKey {
        case cases
        case defaultPolicy = "default_policy"
    }

    init(_ data: Data) throws { self = try JSONDecoder().decode(CorpusFile.self, from: data) }
}
