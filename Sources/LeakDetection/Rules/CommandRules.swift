// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Command lines that destroy, that hide what they do or that hand over what they read, and the places where credentials
/// are kept.
enum CommandRules {
    static let all: [LeakRule] = [
        LeakRule.expression(
            "recursive-removal", .command, near: [" -rf", " -fr", " -r -f", " -f -r", "--recursive"],
            #"(?i)\brm\b[`'",}]{0,3}\s+(?:-[a-z]+\s+)*(?:-[a-z]*r[a-z]*f|-[a-z]*f[a-z]*r|-r\s+-f|-f\s+-r|--recursive)[a-z]*\s+\S"#,
            before: 16, after: 48),
        LeakRule.expression(
            "pipe-to-shell", .command, near: ["curl", "wget", "base64"],
            #"(?i)\b(?:curl|wget|base64)\b[^|\n]{0,300}\|\s*(?:sudo\s+)?(?:/(?:usr/)?bin/)?(?:ba|z|k|da)?sh\b"#,
            after: 320),
        LeakRule.expression(
            "disguised-command", .command,
            near: disguises,
            #"(?:\bIFS=\S*;|\$IFS\b|\$\{IFS\b|/?\{?\w+,\}\s+-|\$'(?:\\[0-7x][0-9a-f]{1,2}){2,}"#
                + #"|`\w{1,12}`\s+-)"#,
            before: 24, after: 48),
        LeakRule.expression(
            "disk-overwrite", .command, near: ["mkfs", "of=/dev/", "/dev/tcp/"],
            #"\bmkfs(?:\.\w+)?\s+/dev/|\bdd\b[^\n]{0,80}\bof=/dev/[a-z]|/dev/tcp/[^\s/]+/\d+"#, before: 96, after: 48),
        LeakRule.expression(
            "sends-output", .command,
            near: [
                "$(cat", "$(env", "$(whoami", "$(id)", "$(printenv", "$(hostname", "`whoami`",
                "`cat ", "-d @/", "-d @~", "@/etc/",
            ],
            #"(?i)(?:https?://|\bcurl\b|\bwget\b|\bnc\b|\bnslookup\b|\bdig\b)[^\s|]{0,200}[^\n]{0,80}"#
                + #"(?:\$\((?:cat|env|whoami|id|printenv|hostname)\b|`(?:whoami|cat |env)|-d\s*@[/~])"#,
            before: 280, after: 16),
        LeakRule.expression(
            "credential-file", .sensitivePath,
            near: [
                "/etc/passwd", "/etc/shadow", "/etc/sudoers", ".ssh/", "id_rsa", "id_ed25519", "id_ecdsa",
                ".aws/credentials", ".netrc", ".git-credentials", ".kube/config", ".docker/config.json", "/.env",
                "proc/self/environ", "/gcloud/", ".pgpass", ".vault-token", "crontabs/", ".pypirc",
                "/.npmrc",
            ],
            #"(?:/etc/(?:passwd|shadow|sudoers)\b|\.ssh/(?:id_|authorized_keys|config|known_hosts)?"#
                + #"|\bid_(?:rsa|ed25519|ecdsa|dsa)\b|\.aws/credentials\b"#
                + #"|(?:^|[/\s~"'])\.(?:netrc|git-credentials|pgpass|vault-token|pypirc|npmrc)\b|\.kube/config\b|\.docker/config\.json"#
                + #"|/\.env(?:\.(?:local|production|prod))?(?:$|[\s"'\\;|)&])|/proc/self/environ|\.config/gcloud/|/cron/crontabs/)"#,
            before: 24, after: 48),
        LeakRule.expression(
            "destructive-query", .command, near: ["drop table", "drop database", "delete from", "truncate table"],
            #"(?i)(?:;|["')])\s*(?:drop\s+(?:table|database)|truncate\s+table)\s+\w+|\bdrop\s+(?:table|database)\s+\w+\s*;"#,
            before: 8, after: 48),
    ].compactMap { $0 }

    /// How disguised commands begin; an option follows a quoted one.
    private static let disguises =
        ["IFS=", "$IFS", "${IFS", ",} -", "$'\\0", "$'\\1", "$'\\2", "$'\\x", "{rm,"]
        + "abcdefghijklmnopqrstuvwxyz-".map { "` -\($0)" }
}
