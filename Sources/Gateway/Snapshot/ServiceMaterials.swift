// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Credentials
internal import Identity
internal import IdentityPlane
internal import LeakDetection
internal import NIOSSL
internal import Outbound
internal import PKI
internal import Protocols
internal import SandboxPlane
internal import ServicePlane
internal import YettConfiguration

/// The services of a configuration as the service plane needs them, with secrets and authorities read before anything
/// of it counts.
struct ServiceMaterials {
    /// The services over HTTP; none without a service proxy.
    private(set) var descriptions: [ServiceDescription] = []
    /// The files that were read.
    private(set) var paths: [String] = []
    /// The authorization servers whose tokens count; `nil` without a service proxy.
    private(set) var issuers: TokenIssuerMaterials?
    /// What is looked for in requests; `nil` for nothing.
    let leaks: LeakMatcher?
    private let identity: (any IdentitySource)?
    private let tokens: GateTokenService?
    private let sources: CredentialSources?
    private let sandbox: (any BuiltInServer)?
    private let now: @Sendable () -> Int64

    /// Reads what the services need.
    ///
    /// - Parameters:
    ///   - identity: The gate's own identity.
    ///   - tokens: What signs tokens; `nil` when a configuration is only checked.
    ///   - sources: Where tokens of others come from; `nil` when a configuration is only checked.
    ///   - sandbox: Where generated code runs; `nil` where it does not.
    ///   - canaries: What is planted besides what the configuration names.
    ///   - now: Unix seconds.
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    init(
        _ configuration: GateConfiguration, identity: (any IdentitySource)?, tokens: GateTokenService?,
        sources: CredentialSources?, sandbox: (any BuiltInServer)? = nil,
        canaries: [RegisteredSecret] = [], now: @escaping @Sendable () -> Int64
    ) throws(GatewayError) {
        self.identity = identity
        self.tokens = tokens
        self.sources = sources
        self.sandbox = sandbox
        self.now = now
        leaks = try LeakMaterials.matcher(of: configuration, canaries: canaries)
        // Envoys are told what services are shown, too.
        guard configuration.serviceProxy != nil || configuration.mesh != nil else { return }
        issuers = try TokenIssuerMaterials(configuration)
        paths += issuers?.paths ?? []
        var mistakes: [String] = []
        for service in configuration.services where service.protocolName.isHTTP {
            // Sandboxes that were switched on by a reload wait for a restart.
            if service.isBuiltIn, sandbox == nil { continue }
            do throws(Fault) {
                var description = try describe(service)
                if let proxy = configuration.serviceProxy {
                    description.resource = ProtectedResource(service, of: proxy, issuer: tokens?.service.issuer)
                }
                descriptions.append(description)
            } catch {
                mistakes += error.lines ?? ["services.\(service.name): \(error.key): \(error.problem)"]
            }
        }
        guard mistakes.isEmpty else { throw GatewayError(mistakes, isConfiguration: true) }
    }

    /// What is wrong with the secrets and files that a configuration names.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func check(_ configuration: GateConfiguration) throws(GatewayError) {
        var configuration = configuration
        for index in configuration.services.indices where configuration.services[index].tls == .svid {
            configuration.services[index].tls = .off
        }
        _ = try ServiceMaterials(configuration, identity: nil, tokens: nil, sources: nil, now: { 0 })
        if let sandbox = configuration.sandbox { _ = try SandboxPlaneSettings(sandbox) }
    }

    /// What is wrong with the value of a key; never any part of a secret.
    private struct Fault: Error {
        let key: String
        let problem: String
        /// The mistakes of a file, each at its place.
        var lines: [String]?
    }

    private mutating func describe(_ service: ServiceConfiguration) throws(Fault) -> ServiceDescription {
        var description = ServiceDescription(name: service.name, host: service.host, port: service.port)
        description.language =
            switch service.protocolName {
            case .mcp where !service.servers.isEmpty:
                .joined(JoinedEndpoint(name: service.name, members: service.servers, origins: service.origins))
            case .mcp: .mcp(ToolServer(service))
            case .llm: .model(ModelServer(service))
            case .a2a: .agent(AgentServer(service))
            default: try service.openAPI.map { path throws(Fault) in .documented(try document(path, service)) } ?? .http
            }
        description.security = try security(service, protocols: ["http/1.1"])
        description.http = try http(service)
        description.describeEndpoints(of: service)
        description.path = service.path
        description.isAttached = service.stdio != nil
        description.isDecoy = service.isDecoy
        if service.isBuiltIn { description.builtIn = sandbox }
        description.virtualHosts = service.virtualHosts.map(\.description)
        description.requiresTask = service.tasks == .required
        description.approvedTools = Set(service.approvedTools.map { Array($0.utf8) })
        try addAccess(of: service, to: &description)
        return description
    }

    /// Adds what the gate gives to the service with each request.
    private mutating func addAccess(
        of service: ServiceConfiguration, to description: inout ServiceDescription
    ) throws(Fault) {
        description.searchesObtained = service.scansResponses
        let own = tokens.map { OwnTokens($0) }
        let resource = tokens.map { TokenTarget.resource(of: service, issuer: $0.service.issuer) }
        if service.assertion != .off, let own, let resource {
            description.assertion = own.assertions(
                for: resource, isShared: service.assertion == .shared, isSearched: service.scansResponses)
        }
        switch service.credential {
        case nil: break
        case .fixed(let secret): try addSecret(secret, of: service, to: &description)
        case .oauth(let registration, let reference):
            let server = try read(registration, for: "credential.oauth")
            let refreshToken = try reference.map { reference throws(Fault) in
                let bytes = try read(reference, for: "credential.oauth.refresh_token")
                guard bytes.count <= OAuthRequest.maximumTokenBytes, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                    throw Fault(
                        key: "credential.oauth.refresh_token",
                        problem: "\(reference) is too long, or has bytes that no token has")
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            guard let sources else { break }
            let token = try token(for: "credential.oauth") {
                try sources.source(for: service, server, refreshToken: refreshToken)
            }
            description.credential = token.map { .token($0) }
        case .aws(let keys): try addSignature(keys, of: service, to: &description)
        case .exchange(let registration):
            let server = try read(registration, for: "credential.exchange")
            guard let sources else { break }
            let token = try token(for: "credential.exchange") { try sources.exchange(for: service, server) }
            description.credential = token.map { .token($0) }
        case .toolToken:
            guard let own, let resource else { break }
            description.credential = .token(
                TokenCredential(
                    source: own.toolTokens(
                        for: resource, isBound: service.tls == .svid, isSearched: service.scansResponses)))
        }
    }

    private mutating func addSignature(
        _ keys: AWSKeys, of service: ServiceConfiguration, to description: inout ServiceDescription
    ) throws(Fault) {
        let secret = try read(keys.secretAccessKey, for: "credential.aws.secret_access_key")
        let session = try keys.sessionToken.map { reference throws(Fault) in
            try read(reference, for: "credential.aws.session_token")
        }
        guard
            let signer = SigV4Signer(
                accessKeyID: keys.accessKeyID, secretAccessKey: secret,
                sessionToken: session.map { String(decoding: $0, as: UTF8.self) }, region: keys.region,
                service: keys.service)
        else {
            throw Fault(key: "credential.aws", problem: "a key is too long, or has bytes that no key has")
        }
        description.credential = .signed(
            SigningCredential(signer, payload: keys.payload == .hashed ? .hashed : .unsigned))
        guard service.scansResponses else { return }
        do throws(SecretPatternError) {
            description.secrets = try SecretPatterns([secret] + (session.map { [$0] } ?? []))
        } catch {
            throw Fault(
                key: "credential.aws",
                problem: "a key is too short or too long to be looked for in answers; add 'scan_response: false'")
        }
    }

    private func token(
        for key: String, _ source: () throws -> TokenSource?
    ) throws(Fault) -> TokenCredential? {
        do {
            return try source().map { TokenCredential(source: $0) }
        } catch {
            throw Fault(key: key, problem: "\(error)")
        }
    }

    /// Reads what the gate needs as a client of an authorization server.
    private mutating func read(
        _ registration: TokenRegistration, for key: String
    ) throws(Fault) -> TokenServerMaterial {
        let secret = try registration.clientSecret.map { reference throws(Fault) in
            try read(reference, for: "\(key).client_secret")
        }
        let authority = try registration.authority.map { path throws(Fault) in try read(.file(path), for: "\(key).ca") }
        let method: OAuthClient.Method =
            secret == nil ? .none : registration.authentication == .post ? .post : .basic
        guard let client = OAuthClient(id: registration.clientID, secret: secret ?? [], method: method) else {
            throw Fault(key: "\(key).client_secret", problem: "the secret is too long, or has bytes that no secret has")
        }
        do {
            return TokenServerMaterial(
                registration: registration, url: try OutboundURL(parsing: registration.tokenURL.description),
                client: client, trust: try .web(authorities: authority), secret: secret ?? [], authority: authority)
        } catch {
            throw Fault(key: key, problem: "\(error)")
        }
    }

    private mutating func addSecret(
        _ credential: ServiceSecret, of service: ServiceConfiguration, to description: inout ServiceDescription
    ) throws(Fault) {
        let secret = try read(credential.secret, for: "credential")
        guard
            let field = ServiceCredential(field: credential.header, value: Array(credential.prefix.utf8) + secret)
        else {
            throw Fault(key: "credential", problem: "\(credential.secret) has bytes that no header field can hold")
        }
        description.credential = field
        guard service.scansResponses else { return }
        do throws(SecretPatternError) {
            description.secrets = try SecretPatterns([secret])
        } catch {
            let problem =
                switch error {
                case .tooShort:
                    "has fewer than \(SecretPatterns.minimumBytes) bytes, which ordinary answers hold by chance; "
                        + "use a longer one"
                case .tooLong, .tooManyStates, .tooManySecrets: "is too long to be looked for in answers"
                }
            throw Fault(
                key: "credential", problem: "\(credential.secret) \(problem), or add 'scan_response: false'")
        }
    }

    /// The operations of an OpenAPI document.
    private mutating func document(
        _ path: String, _ service: ServiceConfiguration
    ) throws(Fault) -> DocumentedService {
        paths.append(path)
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: OpenAPIFile.maximumBytes)
        } catch {
            throw Fault(key: "openapi", problem: "\(path) cannot be read: \(error)")
        }
        let (file, diagnostics) = OpenAPIFile.read(bytes, file: path)
        guard let file else { throw Fault(key: "openapi", problem: path, lines: diagnostics.map(\.description)) }
        let base = service.path.utf8.elementsEqual("/".utf8) ? "" : service.path
        let (document, mistakes) = OpenAPIDocument.read(file.value, base: base)
        guard let document else { throw Self.fault(path, file, mistakes) }
        let (documented, faults) = DocumentedService.make(document)
        guard var documented else { throw Self.fault(path, file, faults) }
        documented.allowsOthers = service.allowsOtherRequests
        return documented
    }

    private static func fault(_ path: String, _ file: OpenAPIFile, _ mistakes: [OpenAPIError]) -> Fault {
        Fault(key: "openapi", problem: path, lines: mistakes.map { file.diagnostic(of: $0).description })
    }

    private mutating func read(_ reference: SecretReference, for key: String) throws(Fault) -> [UInt8] {
        if let path = try? SecretReader.path(of: reference) { paths.append(path) }
        do throws(SecretReader.Fault) {
            return try SecretReader.read(reference)
        } catch {
            throw Fault(key: key, problem: error.description)
        }
    }

    private mutating func http(_ service: ServiceConfiguration) throws(Fault) -> UpstreamHTTP {
        switch service.http {
        case .http1: return .http1
        case .auto where service.tls == .off: return .http1
        case .auto: return .negotiated(try security(service, protocols: ["h2", "http/1.1"]))
        case .http2: return .http2(try security(service, protocols: ["h2"]))
        }
    }

    /// - Parameter protocols: What is offered in TLS, the preferred one first.
    private mutating func security(
        _ service: ServiceConfiguration, protocols: [String]
    ) throws(Fault) -> UpstreamSecurity {
        var serverName = service.serverName?.description
        if serverName == nil, case .name(let name) = service.host { serverName = name.description }
        switch service.tls {
        case .off: return .off
        case .web(let authority):
            let authorities = try authority.map { path throws(Fault) in try read(.file(path), for: "ca") }
            do {
                var configuration = try TLSContextFactory.client(authorities: authorities)
                configuration.applicationProtocols = protocols
                return .web(try NIOSSLContext(configuration: configuration), serverName: serverName)
            } catch {
                throw Fault(key: authority == nil ? "tls" : "ca", problem: "\(error)")
            }
        case .svid:
            guard let identity, let id = service.spiffeID else {
                throw Fault(key: "tls", problem: "the gate has no identity, or the service none to prove")
            }
            let tls = SVIDClientTLS(
                identity: identity, expected: [id], protocols: protocols, now: now
            ) { () throws(IdentitySourceError) in
                try identity.current().bundles
            }
            return .svid(tls, serverName: serverName)
        }
    }
}

extension ToolServer {
    /// What the configuration says of an MCP server.
    fileprivate init(_ service: ServiceConfiguration) {
        self.init()
        annotations = Dictionary(service.tools.map { ($0.name, $0.annotations) }) { first, _ in first }
        needsApproval = service.pinning == .approved
        decoys = Dictionary(service.decoys.map { ($0.name, $0.text) }) { first, _ in first }
        provenance = service.provenance
        origins = service.origins
        unannotated = service.otherTools
        heedsAnnotations = service.heedsServerAnnotations
        holdsSameNames = service.sameNames == .held
        holdsMentions = service.mentions == .held
        requests = service.serverRequests.map { Set($0) }
        judgesOutsideTasks = service.judgesOutsideTasks
    }
}

extension ModelServer {
    /// What the configuration says of a service that serves models.
    fileprivate init(_ service: ServiceConfiguration) {
        self.init()
        toolRule = service.toolCalls == .granted ? .granted : .any
        prices = Dictionary(service.prices.map { (Array($0.key.utf8), $0.value) }) { first, _ in first }
    }
}

extension AgentServer {
    /// What the configuration says of an agent.
    fileprivate init(_ service: ServiceConfiguration) {
        self.init()
        annotations = Dictionary(service.tools.map { ($0.name, $0.annotations) }) { first, _ in first }
        provenance = service.provenance
    }
}
