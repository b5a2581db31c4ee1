// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// The gate in what `yett render kubernetes` makes of a pod, without a cluster.
@Suite("A pod of the gate", .timeLimit(.minutes(1))) struct PodLayoutTests {
    /// Volumes as a cluster mounts them for the group 65532, a root file system that cannot be written, and no capability.
    private static let script = """
        set -e
        chown -R 0:65532 "$0"
        chmod 2775 "$0/state"; chmod 2777 "$0/sockets"; chmod 0755 "$0" "$0/credentials"; chmod 0440 "$0/credentials/example"
        exec bwrap --ro-bind / / --dev /dev --proc /proc --unshare-pid --unshare-net --die-with-parent \\
            --bind "$0/state" "$STATE" --bind "$0/sockets" /run -- \\
            setpriv --reuid 65532 --regid 65532 --groups 65532 --no-new-privs --inh-caps=-all --bounding-set=-all sh -c '
                CREDENTIALS_DIRECTORY="$0/credentials" "$1" run --config "$0/yett.yaml" &
                tries=0
                until "$1" status --json --socket /run/yett/admin.sock 2>/dev/null; do
                    tries=$((tries + 1)); [ $tries -lt 200 ] || exit 3; sleep 0.05
                done
                kill $!; wait $!; echo "ended $?"' "$0" "$1"
        """

    @Test("serves as an ordinary user with volumes of its group, and ends in order")
    func serves() async throws {
        try await onOwnThread {
            let directory = NSTemporaryDirectory() + "yett-pod-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            for name in ["state", "sockets", "credentials"] {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
            }
            let source = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../packaging/kustomize/yett.yaml").standardizedFileURL
            // A directory that is on every machine stands for the one that the volume is mounted at.
            let text =
                try String(contentsOf: source, encoding: .utf8) + """

                    audit:
                      directory: /srv/audit

                    """
            try text.write(toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
            try "token-of-the-example".write(
                toFile: directory + "/credentials/example", atomically: true, encoding: .utf8)
            let outcome = try Program(
                "sh", ["-c", Self.script, directory, CommandLineProgram.path], environment: ["STATE": "/srv"],
                keepsErrors: true, install: "apt-get install bubblewrap util-linux"
            ).outcome(within: 40)
            #expect(outcome.text.contains("\"state\":\"serving\""), "\(outcome.text)")
            #expect(outcome.text.hasSuffix("ended 0\n"), "\(outcome.text)")
            #expect(outcome.status == 0)
            #expect(FileManager.default.fileExists(atPath: directory + "/state/audit"))
        }
    }
}
