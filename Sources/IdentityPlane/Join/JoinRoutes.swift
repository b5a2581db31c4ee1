// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import Identity
internal import Protocols

/// Where a workload on another machine gets a certificate: the first one for a join token, each further one for the
/// certificate that it has. Its key never leaves it.
public struct JoinRoutes: Sendable {
    let paths: Set<String> = [join, renew]
    private static let join = "/join"
    private static let renew = "/renew"
    private let endpoint = JSONEndpoint(
        limits: JSONLimits(bytes: 32 * 1024, depth: 2, values: 8, stringBytes: 32 * 1024))
    private let issuer: any RemoteIssuer
    private let limits: ClientLimits

    /// Routes to an issuer.
    ///
    /// - Parameter time: Microseconds of a clock that does not go back.
    public init(_ issuer: any RemoteIssuer, time: @escaping @Sendable () -> Int64) {
        self.issuer = issuer
        limits = ClientLimits(burst: 10, perSecond: 1, time: time)
    }

    /// Answers a request.
    ///
    /// - Parameter client: Who showed a certificate that is good now.
    func respond(to request: Request, client: ExchangeClient?) async -> Response {
        let expectation = "the body is a JSON object with csr, a PEM certificate request"
        let body: JSONObject
        do throws(JSONEndpoint.Refusal) {
            body = try await endpoint.object(of: request, expectation: expectation)
        } catch {
            return error.response
        }
        guard let text = body["csr"]?.string else { return JSONEndpoint.problem(.badRequest, expectation) }
        do throws(JoinError) {
            let key = try CertificateRequest.publicKey(in: text)
            if request.uri.path == Self.join {
                guard let token = body["token"]?.string else { throw .malformed("token is missing") }
                return Self.answer(try await issuer.join(token: token, key: key))
            }
            guard let client else {
                throw .refused("renewing takes the present certificate; connect with it, or join anew with a token")
            }
            guard limits.admit(client) else {
                throw .unavailable("a certificate was renewed a moment ago; renew at half of its life")
            }
            return Self.answer(try await issuer.renew(client, key: key))
        } catch {
            return switch error {
            case .malformed(let why): JSONEndpoint.problem(.badRequest, why)
            case .refused(let why): JSONEndpoint.problem(.forbidden, why)
            case .unavailable(let why): JSONEndpoint.problem(.serviceUnavailable, why)
            }
        }
    }

    private static func answer(_ issued: RemoteIdentity) -> Response {
        JSONEndpoint.response(
            .ok,
            [
                "spiffe_id": .string(issued.id.description), "svid": .string(Self.pem(issued.chain)),
                "bundle": .string(Self.pem(issued.authorities)),
            ])
    }

    private static func pem(_ certificates: [EncodedCertificate]) -> String {
        String(decoding: PEMText.certificates(certificates), as: UTF8.self)
    }
}
