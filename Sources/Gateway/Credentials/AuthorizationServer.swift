// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Credentials
internal import Logging
internal import Outbound
internal import ServicePlane

/// A token endpoint that gives tokens for one service, and what the gate asks it for.
struct AuthorizationServer: Sendable {
    /// Why there is no token.
    enum Failure: Error {
        /// It cannot be reached, or its answer is no HTTP.
        case unreachable(OutboundError)
        /// Its answer is no token.
        case refused(OAuthRefusal)
        /// The gate cannot ask so.
        case request(OAuthRequestError)
        /// A refresh token cannot be read or kept.
        case vault(String)
    }

    /// The service's name, for the log.
    let service: String
    let url: OutboundURL
    let client: OAuthClient
    let scopes: [String]
    let audiences: [String]
    let connection: GuardedClient
    let logger: Logger

    /// Asks for a token.
    func token(_ grant: OAuthGrant) async throws(Failure) -> OAuthToken {
        let request: OAuthRequest
        do throws(OAuthRequestError) {
            request = try OAuthRequest(grant, client: client, scopes: scopes, audiences: audiences)
        } catch {
            throw .request(error)
        }
        let response: OutboundResponse
        do throws(OutboundError) {
            var fields: [(name: String, value: String)] = []
            var type = ""
            for field in request.fields {
                if field.name.utf8.elementsEqual("content-type".utf8) {
                    type = field.value
                } else {
                    fields.append(field)
                }
            }
            response = try await connection.send(
                OutboundRequest(url, .post(request.body, type: type), fields: fields))
        } catch {
            throw .unreachable(error)
        }
        do throws(OAuthRefusal) {
            return try OAuthAnswer().read(
                status: Int(response.status), contentType: response.only("content-type"), body: response.body,
                to: request)
        } catch {
            throw .refused(error)
        }
    }

    /// A token as requests carry it. Failures are told to the operator in full, and to agents in words of the gate's own.
    func ready(
        isSearched: Bool, _ obtain: () async throws(Failure) -> OAuthToken
    ) async -> Result<ServiceToken, CredentialFailure> {
        do throws(Failure) {
            let token = try await obtain()
            guard
                let ready = ServiceToken(
                    Array(token.accessToken.utf8), lifetime: token.lifetime, isSearched: isSearched)
            else { return .failure(Self.unfit) }
            return .success(ready)
        } catch {
            logger.warning(
                "a token for a service cannot be obtained",
                metadata: ["service": .string(service), "error": .string(error.detail)])
            return .failure(error.told)
        }
    }

    private static let unfit = CredentialFailure(
        "the authorization server of this service gives a token that is too long for a field, or too short to be looked "
            + "for in answers; the gate's operator has to see to it")
}

extension AuthorizationServer.Failure {
    /// For the operator.
    var detail: String {
        switch self {
        case .unreachable(let error): "\(error)"
        case .refused(let refusal): "\(refusal.reason.rawValue): \(refusal)"
        case .request(let error): "\(error.rawValue): \(error)"
        case .vault(let text): text
        }
    }

    /// For agents: whose fault it is and what to do, and nothing that a server said.
    var told: CredentialFailure {
        switch self {
        case .unreachable:
            CredentialFailure(
                "the authorization server of this service cannot be reached; try again later, and tell the gate's "
                    + "operator if it persists")
        case .refused(let refusal) where refusal.isTemporary:
            CredentialFailure("the authorization server of this service is out of order; try again later")
        case .refused(let refusal):
            CredentialFailure(
                "the authorization server of this service gives the gate no token (\(refusal.reason.rawValue)); the "
                    + "gate's operator finds why in its log")
        case .request, .vault:
            CredentialFailure(
                "the gate cannot ask the authorization server of this service for a token; its operator finds why in "
                    + "its log")
        }
    }
}
