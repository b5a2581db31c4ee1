// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct CertificateBuiltinsTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    private func certificate(_ text: String) throws -> [String: Operand] {
        let result = try BuiltinCaller()("crypto.x509.parse_certificates", .string(text))
        guard case .array(let list) = result, case .object(let members) = list.first else { return [:] }
        return members
    }

    @Test func `a certificate has the members that Go gives it`() throws {
        let members = try certificate(TestKeys.leaf)
        #expect(
            members.keys.sorted() == [
                "AuthorityKeyId", "BasicConstraintsValid", "CRLDistributionPoints", "DNSNames", "EmailAddresses",
                "ExcludedDNSDomains", "ExcludedEmailAddresses", "ExcludedIPRanges", "ExcludedURIDomains", "ExtKeyUsage",
                "Extensions", "ExtraExtensions", "IPAddresses", "InhibitAnyPolicy", "InhibitAnyPolicyZero",
                "InhibitPolicyMapping", "InhibitPolicyMappingZero", "IsCA", "Issuer", "IssuingCertificateURL",
                "KeyUsage",
                "MaxPathLen", "MaxPathLenZero", "NotAfter", "NotBefore", "OCSPServer", "PermittedDNSDomains",
                "PermittedDNSDomainsCritical", "PermittedEmailAddresses", "PermittedIPRanges", "PermittedURIDomains",
                "Policies", "PolicyIdentifiers", "PolicyMappings", "PublicKey", "PublicKeyAlgorithm", "Raw",
                "RawIssuer",
                "RawSubject", "RawSubjectPublicKeyInfo", "RawTBSCertificate", "RequireExplicitPolicy",
                "RequireExplicitPolicyZero", "SerialNumber", "Signature", "SignatureAlgorithm", "Subject",
                "SubjectKeyId",
                "URIStrings", "URIs", "UnhandledCriticalExtensions", "UnknownExtKeyUsage", "Version",
            ])
        #expect(members["DNSNames"] == ["www.example.org", "*.api.example.org"])
        #expect(members["EmailAddresses"] == ["a@example.org"])
        #expect(members["IPAddresses"] == ["10.1.2.3", "2001:db8::1"])
        #expect(members["URIStrings"] == ["spiffe://example.org/a/b?q=1#f"])
        #expect(
            members["URIs"] == [
                [
                    "Scheme": "spiffe", "Opaque": "", "User": nil, "Host": "example.org", "Path": "/a/b", "RawPath": "",
                    "OmitHost": false, "ForceQuery": false, "RawQuery": "q=1", "Fragment": "f", "RawFragment": "",
                ]
            ])
        #expect(members["ExtKeyUsage"] == [2])
        #expect(members["UnknownExtKeyUsage"] == [[1, 2, 3, 4]])
        #expect(members["KeyUsage"] == 5)
        #expect(members["NotBefore"] == "2020-01-02T03:04:05Z")
        #expect(members["NotAfter"] == "2090-01-02T03:04:05Z")
        #expect(members["SerialNumber"] == .decimal("1442304682740643783150283421840"))
        #expect(members["Version"] == 3)
        #expect(members["SignatureAlgorithm"] == 10)
        #expect(members["PublicKeyAlgorithm"] == 3)
        #expect(members["IsCA"] == false)
    }

    @Test func `an authority says so`() throws {
        let root = try certificate(TestKeys.root)
        #expect(root["IsCA"] == true)
        #expect(root["BasicConstraintsValid"] == true)
        #expect(root["MaxPathLen"] == -1)
        #expect(root["MaxPathLenZero"] == false)
        #expect(root["Extensions"] == [["Id": [2, 5, 29, 19], "Critical": true, "Value": "MAMBAf8="]])
        let intermediate = try certificate(TestKeys.intermediate)
        #expect(intermediate["MaxPathLen"] == 0)
        #expect(intermediate["MaxPathLenZero"] == true)
        #expect(
            root["Subject"] == [
                "Country": ["DE"], "Organization": ["Yett"], "OrganizationalUnit": nil, "Locality": nil,
                "Province": nil,
                "StreetAddress": nil, "PostalCode": nil, "SerialNumber": "", "CommonName": "Root",
                "Names": [
                    ["Type": [2, 5, 4, 6], "Value": "DE"], ["Type": [2, 5, 4, 10], "Value": "Yett"],
                    ["Type": [2, 5, 4, 3], "Value": "Root"],
                ],
                "ExtraNames": nil,
            ])
    }

    private func isValid(_ chain: [String], _ options: Operand? = nil) throws -> Bool {
        let call = BuiltinCaller(time: Self.now)
        let text = Operand.string(chain.joined(separator: "\n"))
        let result =
            try options.map { try call("crypto.x509.parse_and_verify_certificates_with_options", text, $0) }
            ?? call("crypto.x509.parse_and_verify_certificates", text)
        guard case .array(let parts) = result, case .array(let certificates) = parts.last else { return false }
        let isValid = parts.first == true
        #expect(certificates.count == (isValid ? chain.count : 0))
        return isValid
    }

    @Test(
        arguments: [
            ([TestKeys.root, TestKeys.intermediate, TestKeys.anyPurposeLeaf], true),
            // For clients only, while a server is asked for.
            ([TestKeys.root, TestKeys.intermediate, TestKeys.leaf], false),
            ([TestKeys.root, TestKeys.noAuthority, TestKeys.anyPurposeLeaf], false),
            ([TestKeys.root, TestKeys.anyPurposeLeaf], false),
            ([TestKeys.intermediate, TestKeys.anyPurposeLeaf], true),
            ([TestKeys.root, TestKeys.intermediate], true),
            ([TestKeys.anyPurposeLeaf, TestKeys.root], false), ([TestKeys.root], false),
            ([TestKeys.root, TestKeys.intermediate, TestKeys.expiredLeaf], false),
            ([TestKeys.root, TestKeys.intermediate, TestKeys.criticalLeaf], false),
            ([TestKeys.constrainedRoot, TestKeys.intermediate, TestKeys.anyPurposeLeaf], true),
            ([TestKeys.constrainedRoot, TestKeys.intermediate, TestKeys.excludedLeaf], false),
            ([TestKeys.root, TestKeys.intermediate, TestKeys.excludedLeaf], true),
            ([TestKeys.edwards, TestKeys.anyPurposeLeaf], false),
        ] as [([String], Bool)])
    func `verifies chains from the first to the last`(chain: [String], expected: Bool) throws {
        #expect(try isValid(chain) == expected)
    }

    @Test(
        arguments: [
            (["KeyUsages": ["KeyUsageClientAuth"]], true), (["KeyUsages": ["KeyUsageAny"]], true),
            (["KeyUsages": ["KeyUsageCodeSigning"]], false), ([:], false),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "www.example.org"], true),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "WWW.Example.org."], true),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "x.api.example.org"], true),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "x.y.api.example.org"], false),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "example.org"], false),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "10.1.2.3"], true),
            (["KeyUsages": ["KeyUsageAny"], "DNSName": "[2001:db8::1]"], true),
            (["KeyUsages": ["KeyUsageAny"], "CurrentTime": 0], false),
            (["KeyUsages": ["KeyUsageAny"], "CurrentTime": 1_600_000_000_000_000_000], true),
        ] as [([String: Operand], Bool)])
    func `takes options`(options: [String: Operand], expected: Bool) throws {
        let chain = [TestKeys.root, TestKeys.intermediate, TestKeys.leaf]
        #expect(try isValid(chain, .object(options)) == expected)
    }

    @Test(
        arguments: [
            (["KeyUsages": ["x", "KeyUsageAny", "y"]], "invalid entries for 'KeyUsages' found: [x y]"),
            (["KeyUsages": "x"], "'KeyUsages' should be an Array or Set"),
            (["DNSName": 1], "'DNSName' should be a string"),
            (["CurrentTime": "x"], "'CurrentTime' should be a number"),
            (["Other": 1], "invalid key option"),
        ] as [([String: Operand], String)])
    func `refuses options that make no sense`(options: [String: Operand], message: String) throws {
        let text = Operand.string(TestKeys.root + "\n" + TestKeys.leaf)
        #expect(
            BuiltinCaller().failure("crypto.x509.parse_and_verify_certificates_with_options", text, .object(options))
                == message)
    }

    @Test func `pairs a certificate with its key`() throws {
        let call = BuiltinCaller()
        for key in [TestKeys.leafKey, TestKeys.curveKey] {
            let pair = try call("crypto.x509.parse_keypair", .string(TestKeys.leaf), .string(key))
            guard case .object(let members) = pair, case .object(let leaf) = members["Leaf"] else {
                Issue.record("no pair")
                return
            }
            #expect(members["Certificate"] == leaf["Raw"].map { [$0] })
        }
        #expect(
            call.failure("crypto.x509.parse_keypair", .string(TestKeys.root), .string(TestKeys.leafKey))
                == "tls: private key does not match public key")
    }

    @Test func `reads private keys of all kinds`() throws {
        let call = BuiltinCaller()
        let keys = [TestKeys.rsaKey, TestKeys.curveKey, TestKeys.edwardsKey, TestKeys.leafKey].joined(separator: "\n")
        guard case .array(let parsed) = try call("crypto.parse_private_keys", .string(keys)) else { return }
        #expect(parsed.count == 4)
        #expect(parsed[1] == parsed[3])
        guard case .object(let rsa) = parsed[0], case .object(let curve) = parsed[1] else { return }
        #expect(rsa.keys.sorted() == ["D", "E", "N", "Precomputed", "Primes"])
        #expect(curve.keys.sorted() == ["Curve", "D", "X", "Y"])
        let webKey = try call("crypto.x509.parse_rsa_private_key", .string(TestKeys.rsaKey))
        guard case .object(let members) = webKey else { return }
        #expect(members.keys.sorted() == ["d", "dp", "dq", "e", "kty", "n", "p", "q", "qi"])
        #expect(members["e"] == "AQAB")
    }

    @Test(
        arguments: [
            "crypto.x509.parse_certificates", "crypto.x509.parse_certificate_request", "crypto.parse_private_keys",
            "crypto.x509.parse_rsa_private_key", "crypto.x509.parse_and_verify_certificates",
        ])
    func `nothing hostile ends the process`(name: String) throws {
        let whole = Array(TestKeys.leaf.utf8)
        let block = try #require(PEMBlock.all(in: whole).first)
        for kind in ["CERTIFICATE", "CERTIFICATE REQUEST", "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"] {
            for position in stride(from: 0, to: block.bytes.count, by: 3) {
                var bytes = block.bytes
                bytes[position] ^= UInt8(truncatingIfNeeded: position &* 7 | 1)
                if position % 2 == 0 { bytes.removeLast(position % 40) }
                let body = String(decoding: Base64.standard.encode(bytes, padded: true), as: UTF8.self)
                let text = "-----BEGIN \(kind)-----\n\(body)\n-----END \(kind)-----\n"
                _ = BuiltinCaller().failure(name, .string(text))
            }
        }
    }

    @Test func `many certificates and keys cost their work`() {
        let chain = String(repeating: TestKeys.root + "\n", count: 2000)
        let keys = String(repeating: TestKeys.curveKey + "\n", count: 2000)
        var limits = Limits()
        limits.instructions = 100_000
        let call = BuiltinCaller(limits: limits, time: Self.now)
        #expect(call.failure("crypto.x509.parse_certificates", .string(chain)) == "limit: instructions")
        #expect(call.failure("crypto.parse_private_keys", .string(keys)) == "limit: instructions")
        let set = "{\"keys\":[" + String(repeating: TestKeys.p256WebKey + ",", count: 2000) + "1]}"
        #expect(call.failure("io.jwt.verify_es256", "e30.e30.", .string(set)) == "limit: instructions")
    }
}
