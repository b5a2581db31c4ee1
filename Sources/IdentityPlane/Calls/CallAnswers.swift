// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Logging
internal import SwiftProtobuf
internal import Transport

/// Answers calls: the rules that hold for all methods stand here, each method in a file of its service.
struct CallAnswers<Issuer: WorkloadIssuer, Source: IdentitySource>: Sendable {
    let issuer: Issuer
    let source: Source
    let logger: Logger
    /// Unix seconds.
    let now: @Sendable () -> Int64

    /// Works on a call until it is done.
    func answer(_ call: Call) async -> CallStatus {
        do {
            try await perform(call)
            return .ok
        } catch let status as CallStatus {
            log(status, call)
            return status
        } catch let error as IdentitySourceError {
            let status = CallStatus(error)
            log(status, call)
            if case .failed(let why) = error { logger.error("the issuer failed: \(why)") }
            return status
        } catch {
            return CallStatus(.cancelled)
        }
    }

    private func perform(_ call: Call) async throws {
        if call.head.path.utf8.starts(with: CallMethod.workloadService.utf8), !call.head.hasSecurityHeader {
            throw CallStatus(.invalidArgument, "security header missing from request")
        }
        guard let method = CallMethod(path: call.head.path) else {
            throw CallStatus(.notOffered, "the method is not offered here")
        }
        let caller = try await attest(call)
        switch method {
        case .fetchX509SVID: try await fetchX509SVID(call, caller)
        case .fetchX509Bundles: try await fetchX509Bundles(call, caller)
        case .fetchJWTSVID: try await fetchJWTSVID(call, caller)
        case .fetchJWTBundles: try await fetchJWTBundles(call, caller)
        case .validateJWTSVID: try await validateJWTSVID(call, caller)
        case .streamSecrets: try await streamSecrets(call, caller)
        case .fetchSecrets: try await fetchSecrets(call, caller)
        }
    }

    private func attest(_ call: Call) async throws -> Issuer.Caller {
        do throws(IdentitySourceError) {
            return try await issuer.attest(call.process)
        } catch {
            guard case .failed(let why) = error else { throw error }
            // It is about the caller itself, which may know.
            throw CallStatus(.unavailable, "attestation failed: \(why)")
        }
    }

    /// Sends what hands out an identity: only to whom attestation saw, and only while that lives.
    func send(_ message: some Message, _ call: Call, _ caller: Issuer.Caller) async throws {
        guard call.process.isAlive != false, await issuer.isUnchanged(caller) else {
            throw CallStatus(.unavailable, "the caller is not what it was when it was attested")
        }
        try await call.send(message)
    }

    private func log(_ status: CallStatus, _ call: Call) {
        // The path is the caller's text; only those that are methods are repeated.
        let method = CallMethod(path: call.head.path).map { "\($0)" } ?? "other"
        logger.debug(
            "an identity call was refused",
            metadata: [
                "method": "\(method)", "pid": "\(call.process.pid)", "uid": "\(call.process.uid)",
                "code": "\(status.code)",
            ])
    }
}
