// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct CloudBuiltinsTests {
    private static let configuration: [String: Operand] = [
        "aws_access_key": "MYAWSACCESSKEYGOESHERE", "aws_secret_access_key": "MYAWSSECRETACCESSKEYGOESHERE",
        "aws_service": "s3", "aws_region": "us-east-1",
    ]
    private static let time: Operand = 1_451_311_705_000_000_000

    private func sign(_ request: Operand, _ additions: [String: Operand] = [:]) throws -> Operand {
        let configuration = Self.configuration.merging(additions) { _, new in new }
        return try BuiltinCaller()("providers.aws.sign_req", request, .object(configuration), Self.time)
    }

    @Test func `signs a request with its headers`() throws {
        let credential =
            "AWS4-HMAC-SHA256 Credential=MYAWSACCESSKEYGOESHERE/20151228/us-east-1/s3/aws4_request,"
            + "SignedHeaders=foo;host;x-amz-content-sha256;x-amz-date,"
            + "Signature=8f1dc7c9b9978356a0d0989fd26a95307f4f8a4aa264d8220647b7097d839952"
        let signed = try sign(["method": "get", "url": "http://example.com", "headers": ["foo": "bar"]])
        #expect(
            signed == [
                "method": "get", "url": "http://example.com",
                "headers": [
                    "Authorization": .string(credential), "foo": "bar", "host": "example.com",
                    "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "x-amz-date": "20151228T140825Z",
                ],
            ])
    }

    @Test func `leaves the body unsigned on demand`() throws {
        let request: Operand = ["method": "get", "url": "https://example.com", "headers": ["foo": "bar"], "body": [1]]
        guard case .object(let signed) = try sign(request, ["disable_payload_signing": true]),
            case .object(let headers)? = signed["headers"], case .string(let authorization)? = headers["Authorization"]
        else {
            Issue.record("no headers")
            return
        }
        #expect(headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD")
        #expect(authorization.hasSuffix("c6e6db654e92172f71e18c714c123711de069ac6fd7df1348e5b28fd05532028"))
    }

    @Test func `splits what is signed from the rest of a URL`() {
        let target = RequestTarget(Array("https://user@example.com:8443/a b/c?x=1&y#z".utf8))
        #expect(target.host.elementsEqual("example.com:8443".utf8))
        #expect(target.path.elementsEqual("/a%20b/c".utf8))
        #expect(target.query.elementsEqual("x=1&y".utf8))
    }

    @Test func `says what is missing`() {
        let call = BuiltinCaller()
        let configuration = Operand.object(Self.configuration)
        #expect(
            call.failure("providers.aws.sign_req", [:], configuration, Self.time)
                == #"type: operand 1 missing required request parameters(s): {"method", "url"}"#)
        #expect(
            call.failure("providers.aws.sign_req", ["method": "get", "url": "x"], ["aws_region": 1], Self.time)
                == #"type: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_secret_access_key", "aws_service"}"#
        )
        #expect(
            call.failure("providers.aws.sign_req", ["method": "get", "url": "x"], configuration, .decimal("-1e9"))
                == "type: operand 3 could not convert time_ns value into a unix timestamp")
    }
}
