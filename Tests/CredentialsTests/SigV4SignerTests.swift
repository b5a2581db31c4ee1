// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Testing

@testable import Credentials

/// A case of the published test suite: example.amazonaws.com, us-east-1, `service`, 2015-08-30 12:36 UTC.
struct SigV4Vector: CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var path = "/"
    var query = ""
    var fields: [SigV4Request.Field] = []
    var body = ""
    var token: String?
    var signature: String
    var testDescription: String { name }

    static let secretKey = bytes("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    static let all = [
        SigV4Vector(
            name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        SigV4Vector(
            name: "get-unreserved", path: "/-._~0123456789" + letters,
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        SigV4Vector(
            name: "get-utf8", path: "/\u{1234}",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        SigV4Vector(
            name: "get-space", path: "/example space/",
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        SigV4Vector(
            name: "get-vanilla-empty-query-key", query: "Param1=value1",
            signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        SigV4Vector(
            name: "get-vanilla-query-order-key-case", query: "Param2=value2&Param1=value1",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        SigV4Vector(
            name: "get-vanilla-query-order-value", query: "Param1=value2&Param1=value1",
            signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
        SigV4Vector(
            name: "get-vanilla-query-unreserved", query: "-._~0123456789\(letters)=-._~0123456789\(letters)",
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        SigV4Vector(
            name: "get-vanilla-utf8-query", query: "\u{1234}=bar",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        SigV4Vector(
            name: "get-header-value-order",
            fields: ["value4", "value1", "value3", "value2"].map { .init(name: "My-Header1", value: $0) },
            signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        SigV4Vector(
            name: "get-header-key-duplicate",
            fields: ["value2", "value2", "value1"].map { .init(name: "My-Header1", value: $0) },
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        SigV4Vector(
            name: "get-header-value-trim",
            fields: [.init(name: "My-Header1", value: " value1"), .init(name: "My-Header2", value: " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        SigV4Vector(
            name: "post-vanilla", method: "POST",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        SigV4Vector(
            name: "post-x-www-form-urlencoded", method: "POST",
            fields: [.init(name: "Content-Type", value: "application/x-www-form-urlencoded")], body: "Param1=value1",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        SigV4Vector(
            name: "get-vanilla-with-session-token",
            token: "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267",
            signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
    ]
}

@Suite struct SigV4SignerTests {
    private let host = SigV4Request.Field(name: "Host", value: "example.amazonaws.com")

    private func signer(_ service: String = "service", token: String? = nil) throws -> SigV4Signer {
        try #require(
            SigV4Signer(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: SigV4Vector.secretKey, sessionToken: token,
                region: "us-east-1", service: service, sendsPayloadHash: false))
    }

    private func date() throws -> SigV4Date { try #require(SigV4Date(unixSeconds: 1_440_938_160)) }

    private func sign(
        _ service: String = "service", method: String = "GET", path: String = "/", query: String = "",
        fields: [SigV4Request.Field]? = nil, payload: SigV4Request.Payload? = nil
    ) throws -> [SigV4Request.Field] {
        try signer(service).sign(
            SigV4Request(
                method: method, path: path, query: query, fields: fields ?? [host],
                payload: payload ?? .sha256(Array(SHA256.hash(data: [UInt8]())))),
            at: date())
    }

    @Test(arguments: SigV4Vector.all)
    func `signs the published cases`(_ vector: SigV4Vector) throws {
        let request = SigV4Request(
            method: vector.method, path: vector.path, query: vector.query, fields: [host] + vector.fields,
            payload: .sha256(Array(SHA256.hash(data: bytes(vector.body)))))
        let fields = try signer(token: vector.token).sign(request, at: date())
        #expect(fields.first == SigV4Request.Field(name: "x-amz-date", value: "20150830T123600Z"))
        let authorization = try #require(fields.last?.value)
        #expect(
            authorization.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="))
        #expect(authorization.hasSuffix(", Signature=" + vector.signature))
    }

    @Test func `signs an object of S3 as the documentation of S3 has it`() throws {
        let signer = try #require(
            SigV4Signer(
                accessKeyID: "AKIAIOSFODNN7EXAMPLE",
                secretAccessKey: bytes("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), region: "us-east-1", service: "s3"))
        let request = SigV4Request(
            method: "GET", path: "/test.txt",
            fields: [
                .init(name: "Host", value: "examplebucket.s3.amazonaws.com"), .init(name: "Range", value: "bytes=0-9"),
            ],
            payload: .sha256(Array(SHA256.hash(data: [UInt8]()))))
        let fields = try signer.sign(request, at: try #require(SigV4Date(unixSeconds: 1_369_353_600)))
        #expect(
            fields.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            fields[1]
                == .init(
                    name: "x-amz-content-sha256",
                    value: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    }

    @Test(arguments: [
        ("/a%20b/c", true, "/a%2520b/c"), ("/a%20b/c", false, "/a%20b/c"), ("/a+b", false, "/a%2Bb"),
        ("/%7euser", false, "/~user"), ("", true, "/"), ("/dir/", true, "/dir/"), ("/a//b", false, "/a//b"),
    ])
    func `encodes a path once for S3 and twice for others`(_ path: String, _ isDouble: Bool, _ expected: String) throws
    {
        let request = SigV4Request(method: "GET", path: path, fields: [host], payload: .unsigned)
        let canonical = try SigV4CanonicalRequest(request, adding: [], isDoublyEncoded: isDouble)
        #expect(text(canonical.text).split(separator: "\n", omittingEmptySubsequences: false)[1] == expected)
    }

    @Test func `sends a path to S3 as it is signed`() throws {
        #expect(try signer("s3").forwardedPath("/a(b)+c%7e%c3%a9/") == "/a%28b%29%2Bc~%C3%A9/")
        #expect(try signer().forwardedPath("/a(b)+c%7e") == "/a(b)+c%7e")
        for service in ["s3", "service"] {
            #expect(throws: SigV4Error.ambiguousPath) { try signer(service).forwardedPath("/a/../b") }
        }
    }

    @Test func `gives another signature when anything signed differs`() throws {
        var seen: Set<String> = []
        func add(_ fields: [SigV4Request.Field]) throws {
            #expect(seen.insert(try #require(fields.last?.value)).inserted)
        }
        try add(sign())
        try add(sign("s3"))
        try add(sign(method: "DELETE"))
        try add(sign(path: "/a"))
        try add(sign(path: "/A"))
        try add(sign(query: "a"))
        try add(sign(query: "a=b"))
        try add(sign(fields: [.init(name: "host", value: "other.amazonaws.com")]))
        try add(sign(payload: .sha256([UInt8](repeating: 7, count: 32))))
        try add(sign("s3", payload: .unsigned))
    }

    @Test(arguments: [
        ("GET x", "/", "", SigV4Error.method), ("", "/", "", .method), ("GET", "a", "", .path),
        ("GET", "/%4", "", .path),
        ("GET", "/%zz", "", .path), ("GET", "/%00", "", .path), ("GET", "/a%2Fb", "", .ambiguousPath),
        ("GET", "/a/../b", "", .ambiguousPath), ("GET", "/a/%2e%2E/b", "", .ambiguousPath),
        ("GET", "/.", "", .ambiguousPath), ("GET", "//a", "", .ambiguousPath), ("GET", "/", "a=%f", .query),
        ("GET", "/", "a=b+c", .ambiguousQuery), ("GET", "/", "a&&b", .ambiguousQuery),
        ("GET", "/", "a&", .ambiguousQuery),
        ("GET", "/" + String(repeating: "a", count: 9000), "", .path),
        ("GET", "/", String(repeating: "a", count: 17_000), .query),
    ])
    func `refuses what two sides may read in two ways`(
        _ method: String, _ path: String, _ query: String, _ error: SigV4Error
    ) throws {
        #expect(throws: error) { try sign(method: method, path: path, query: query) }
    }

    @Test func `refuses fields that cannot be signed`() throws {
        let bad: [(SigV4Request.Field, SigV4Error)] = [
            (.init(name: "x y", value: "a"), .field), (.init(name: "", value: "a"), .field),
            (.init(name: "a", value: "b\r\nauthorization: c"), .field), (.init(name: "a", value: "\0"), .field),
            (.init(name: "Authorization", value: "a"), .reservedField),
            (.init(name: "X-Amz-Date", value: "20200101T000000Z"), .reservedField),
            (.init(name: "x-amz-SECURITY-token", value: "a"), .reservedField), (host, .host),
        ]
        for (field, error) in bad { #expect(throws: error) { try sign(fields: [host, field]) } }
        #expect(throws: SigV4Error.host) { try sign(fields: []) }
        #expect(throws: SigV4Error.tooManyFields) {
            try sign(fields: [host] + (0..<80).map { .init(name: "a\($0)", value: "b") })
        }
        #expect(throws: SigV4Error.unsignedPayload) { try sign(payload: .unsigned) }
        #expect(throws: SigV4Error.payload) { try sign(payload: .sha256([1])) }
    }

    @Test func `refuses names that would break out of the header field`() {
        for name in ["", "a b", "a/b", "a,b", "a\r\nb", String(repeating: "a", count: 200)] {
            #expect(SigV4Signer(accessKeyID: name, secretAccessKey: [1], region: "r", service: "s") == nil)
            #expect(SigV4Signer(accessKeyID: "a", secretAccessKey: [1], region: name, service: "s") == nil)
            #expect(SigV4Signer(accessKeyID: "a", secretAccessKey: [1], region: "r", service: name) == nil)
        }
        #expect(SigV4Signer(accessKeyID: "a", secretAccessKey: [], region: "r", service: "s") == nil)
        #expect(
            SigV4Signer(accessKeyID: "a", secretAccessKey: [1], sessionToken: "a\nb", region: "r", service: "s") == nil)
    }

    @Test(
        arguments: [
            (0, "19700101T000000Z"), (951_782_400, "20000229T000000Z"), (1_709_164_799, "20240228T235959Z"),
            (1_709_251_200, "20240301T000000Z"), (4_107_542_400, "21000301T000000Z"),
            (253_402_300_799, "99991231T235959Z"),
        ] as [(Int64, String)])
    func `writes dates`(_ seconds: Int64, _ expected: String) {
        #expect(SigV4Date(unixSeconds: seconds)?.text == expected)
    }

    @Test func `has no date outside of four digits for a year`() {
        for seconds in [-1, 253_402_300_800, .min, .max] as [Int64] { #expect(SigV4Date(unixSeconds: seconds) == nil) }
    }

    @Test func `shows nothing of the key`() throws {
        var shown = ""
        dump(try signer(token: "session"), to: &shown)
        #expect(shown == "- SigV4Signer(service, us-east-1)\n")
    }
}
