// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity

/// What identity costs a request: tokens, and chains with and without the cache.
enum IdentityBenchmarks {
    static let all = [
        Benchmark(name: "identity/mint-tool-token", goal: 150_000) {
            let signer = try KeySigner(.generate())
            let claims = try toolTokenClaims()
            return { times in
                for _ in 0..<times { blackHole(try? ToolToken.mint(claims, signer: signer)) }
            }
        },
        Benchmark(name: "identity/verify-tool-token", goal: 200_000) {
            let signer = try KeySigner(.generate())
            let token = try ToolToken.mint(toolTokenClaims(), signer: signer)
            let keys = VerificationKeys([signer.verificationKey])
            let demands = ToolTokenDemands(
                issuer: "https://gw.bench.test", audience: "https://gw.bench.test/mcp/github",
                certificateThumbprint: [UInt8](repeating: 1, count: 32))
            return { times in
                for _ in 0..<times { blackHole(try? ToolToken.verify(token, keys: keys, demands: demands, now: now)) }
            }
        },
        Benchmark(name: "identity/verify-cached-chain", goal: 20_000) {
            let (chain, bundles) = try world()
            let cache = VerifiedChainCache()
            return { times in
                for _ in 0..<times {
                    blackHole(try? cache.verify(chain, bundles: bundles, purpose: .clientAuthentication, now: now))
                }
            }
        },
        Benchmark(name: "identity/verify-new-chain", goal: 1_000_000) {
            let (chain, bundles) = try world()
            return { times in
                for _ in 0..<times {
                    blackHole(
                        try? X509SVIDVerifier.verify(
                            chain, bundles: bundles, purpose: .clientAuthentication, now: now))
                }
            }
        },
    ]

    /// Within the year for which the certificates below were made.
    private static let now: Int64 = 1_790_000_000

    private static func toolTokenClaims() throws -> ToolTokenClaims {
        let domain = try TrustDomain(parsing: "bench.test")
        return ToolTokenClaims(
            issuer: "https://gw.bench.test", subject: "u:abcdef:1234567890",
            audience: "https://gw.bench.test/mcp/github",
            clientID: try SPIFFEID(trustDomain: domain, segments: ["gateway"]),
            actors: [try SPIFFEID(agent: "coder", in: domain), try SPIFFEID(agent: "planner", in: domain)],
            call: ToolCall(
                server: "github", tool: "create_issue", argumentsHash: [UInt8](repeating: 2, count: 32), maximumCalls: 1
            ),
            transaction: "AAAAAAAAAAAAAAAAAAAAAA", tokenID: "BBBBBBBBBBBBBBBBBBBBBB", issuedAt: now, expiry: now + 30,
            confirmation: .certificate(thumbprint: [UInt8](repeating: 1, count: 32)))
    }

    /// A leaf and an intermediate, and the bundle with their root; the first verification proves that they fit.
    private static func world() throws -> (chain: [[UInt8]], bundles: TrustBundles) {
        let domain = try TrustDomain(parsing: "bench.test")
        let chain = [leaf, intermediate].map { StrictBase64.standard.decode($0.utf8) ?? [] }
        let authority = try EncodedCertificate(der: StrictBase64.standard.decode(root.utf8) ?? [])
        let bundle = TrustBundle(
            x509: X509Bundle(trustDomain: domain, authorities: [authority]),
            jwt: JWTBundle(trustDomain: domain, authorities: []))
        let bundles = TrustBundles(bundle.map { [$0] } ?? [], version: 1)
        _ = try X509SVIDVerifier.verify(chain, bundles: bundles, purpose: .clientAuthentication, now: now)
        return (chain, bundles)
    }

    private static let leaf = """
        MIIB1TCCAXugAwIBAgIUNNQGLDWmjQkLT/NxnSYT/ItNT+wwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMaW50ZXJtZWRpYXRlMB4X\
        DTI2MDEwMTAwMDAwMFoXDTI3MDEwMTAwMDAwMFowDzENMAsGA1UEAwwEbGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGed\
        JCMfTbnajswwSz/anMOAOQl5/46yG3isCndpOMyXkRNI4NOgmQAHX0Nih3LL39U++UcRhltAyAoaD9sH0DujgawwgakwDAYDVR0T\
        AQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFFM6VsuVphmYQjwq057iajftR/BoMB8GA1UdIwQYMBaAFMh2DaZ1H20M\
        Kb5D1lt+1asw614MMCoGA1UdEQQjMCGGH3NwaWZmZTovL2JlbmNoLnRlc3QvYWdlbnQvYmVuY2gwHQYDVR0lBBYwFAYIKwYBBQUH\
        AwEGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0gAMEUCIQDkGysy7nj/v4hK1JdptmjBLUrS8SIhWq1+4GjBesuOSwIgNMn7HGeYuAD6\
        Nab19H+KTei+ABZk2m7wI7hRp2tNWzI=
        """
    private static let intermediate = """
        MIIBrjCCAVOgAwIBAgIUNm1x9LkC271Xg81ga/SZy8+FSp0wCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEcm9vdDAeFw0yNjAxMDEw\
        MDAwMDBaFw0yNzAxMDEwMDAwMDBaMBcxFTATBgNVBAMMDGludGVybWVkaWF0ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIsu\
        OK0QL3xfwiOG40eH6eRuiULCPq0W07vjCiKHDqjBjkQrkLOEYy9vBMR7EcwAnF6IiYvuSaOsNwB8VmjJh9WjgYQwgYEwDwYDVR0T\
        AQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFMh2DaZ1H20MKb5D1lt+1asw614MMB8GA1UdIwQYMBaAFCjXXYoD\
        P/wouGahIr0S2Blz/ksJMB4GA1UdEQQXMBWGE3NwaWZmZTovL2JlbmNoLnRlc3QwCgYIKoZIzj0EAwIDSQAwRgIhANLtOGZ2J+PH\
        SD0f7Bs/7oQZfezZXl3ucEtjche7u1CMAiEAhDz8wm5DSHaWxEzKUsYa22+CjB50lOAt7Qp58rWRWnM=
        """
    private static let root = """
        MIIBgjCCASigAwIBAgIUP9Aeh0Xvgwu9FHWj7iaI5s4baz0wCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEcm9vdDAeFw0yNjAxMDEw\
        MDAwMDBaFw0yNzAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBHJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAROrS9TA15sDlP0\
        3BdkRKqAefMLVyY3e9VbB94F/O8eiwQTo/oF6XXiwhQYUoZtruLK85y6Z/qYUtLGayG5Rxp8o2IwYDAPBgNVHRMBAf8EBTADAQH/\
        MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUKNddigM//Ci4ZqEivRLYGXP+SwkwHgYDVR0RBBcwFYYTc3BpZmZlOi8vYmVuY2gu\
        dGVzdDAKBggqhkjOPQQDAgNIADBFAiAS0ePVYU15oKAPj9hdh8Ureak/v/80RfyS6oMSzCBv9gIhANPQqjA81DJZXmk9w6ideyfP\
        JliAWysxlSkOjruZh5C/
        """
}
