// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import LeakDetection
internal import Protocols
internal import YettConfiguration

/// What a configuration has the gate look for in what agents send.
enum LeakMaterials {
    private static let largestFile = 8 << 20

    /// The matcher; `nil` where nothing is looked for.
    ///
    /// - Parameter canaries: What operators have planted besides.
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func matcher(
        of configuration: GateConfiguration, canaries: [RegisteredSecret] = []
    ) throws(GatewayError) -> LeakMatcher? {
        guard let leaks = configuration.leaks else { return nil }
        var mistakes: [String] = []
        var secrets: [RegisteredSecret] = []
        for (key, list) in [("secrets", leaks.secrets), ("canaries", leaks.canaries)] {
            for secret in list {
                do throws(SecretReader.Fault) {
                    let bytes = try SecretReader.read(secret.value)
                    secrets.append(
                        secret.agent.map { RegisteredSecret(canary: secret.name, bytes: bytes, owner: $0) }
                            ?? RegisteredSecret(name: secret.name, bytes: bytes))
                } catch {
                    mistakes.append("leaks.\(key) \(secret.name): \(error)")
                }
            }
        }
        secrets += ownSecrets(of: configuration) + canaries
        var files: [LeakRuleFile] = []
        if let path = leaks.rules {
            do throws(Unusable) {
                files.append(try file(path))
            } catch {
                mistakes.append("leaks.rules: \(path): \(error.reason)")
            }
        }
        guard mistakes.isEmpty else { throw GatewayError(mistakes, isConfiguration: true) }
        do {
            return try LeakMatcher(secrets: secrets, ruleFiles: files, usesBuiltInRules: leaks.usesPatterns)
        } catch {
            throw GatewayError(["leaks: \(error)"], isConfiguration: true)
        }
    }

    /// The gate's own keys for services, which no agent has any business with. Whether they can be read is judged with the
    /// services; one that is too short to be looked for is left out.
    private static func ownSecrets(of configuration: GateConfiguration) -> [RegisteredSecret] {
        configuration.services.compactMap { service in
            guard case .fixed(let fixed) = service.credential, let bytes = try? SecretReader.read(fixed.secret),
                bytes.count >= LeakMatcher.minimumSecretBytes, Set(bytes).count > 2
            else { return nil }
            return RegisteredSecret(name: "services.\(service.name).credential", bytes: bytes)
        }
    }

    private struct Unusable: Error {
        let reason: String
    }

    private static func file(_ path: String) throws(Unusable) -> LeakRuleFile {
        guard let stream = fopen(path, "re") else { throw Unusable(reason: String(cString: strerror(errno))) }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: largestFile + 1)
        let count = fread(&bytes, 1, bytes.count, stream)
        guard count <= largestFile else { throw Unusable(reason: "it is larger than \(largestFile) bytes") }
        bytes.removeSubrange(count...)
        do {
            return try LeakRuleFile(try JSONValue(parsing: bytes))
        } catch {
            throw Unusable(reason: "\(error)")
        }
    }
}
