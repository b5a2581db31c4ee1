// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird

/// Identities: entries, join tokens, keys, revocations.
struct IdentityRoutes {
    let gate: any IdentityControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("entries") { _, _ in Answer(EntryList(entries: try await gate.entries())) }
        router.post("entries") { request, context in
            let wanted = try await request.decode(as: EntryRequest.self, context: context)
            return Answer(try await gate.addEntry(wanted, by: context.caller), status: .created)
        }
        router.delete("entries/:entry") { _, context -> HTTPResponse.Status in
            try await gate.removeEntry(try context.parameters.require("entry"), by: context.caller)
            return .noContent
        }
        router.post("join-tokens") { request, context in
            let wanted = try await request.decode(as: JoinTokenRequest.self, context: context)
            return Answer(try await gate.makeJoinToken(wanted, by: context.caller), status: .created)
        }
        router.get("trust-bundle") { _, _ in Answer(try await gate.trustBundle()) }
        router.get("keys") { _, _ in Answer(KeyList(keys: try await gate.keys())) }
        router.post("keys") { request, context in
            let change = try await request.decode(as: KeyChange.self, context: context)
            return Answer(KeyList(keys: try await gate.changeKey(change, by: context.caller)))
        }
        router.get("revocations") { _, _ in
            Answer(RevocationList(revocations: try await gate.revocations()))
        }
        router.post("revocations") { request, context in
            let wanted = try await request.decode(as: RevocationRequest.self, context: context)
            return Answer(try await gate.revoke(wanted, by: context.caller), status: .created)
        }
    }
}
