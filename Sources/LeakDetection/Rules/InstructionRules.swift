// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Texts that tell a model to leave its task: phrases of prompt injection, as they are written in results, messages and
/// descriptions. They are a second line: a text that looks harmless may instruct as well.
enum InstructionRules {
    static let all: [LeakRule] = (overriding + steering).compactMap { $0 }

    private static let overriding: [LeakRule?] = [
        LeakRule.expression(
            "overrides-instructions", .instruction, near: ["ignore", "disregard", "forget", "override", "bypass"],
            #"(?i)\b(?:(?:ignor(?:e|ing)|disregard|forget)\s[^.\n]{0,20}\b(?:all|any|the|your|my|previous|prior|above|earlier|"#
                + #"preceding|safety|system)|(?:override|bypass)\s[^.\n]{0,20}\b(?:all|any|your|my|previous|prior|"#
                + #"earlier|safety|system|existing))\b[^.\n]{0,30}\b(?:instruction|directive|prompt|guideline|"#
                + #"restriction|safeguard|polic(?:y|ie)|rule)s?\b"#,
            before: 8, after: 120, filter: .unquoted),
        LeakRule.expression(
            "changes-role", .instruction,
            near: ["you are now", "you now have", "act as", "do anything", "unrestricted"],
            #"(?i)\b(?:you are now (?:in |an? |the |running )?\W?"#
                + #"(?:developer|debug|admin|root|god|maintenance|unrestricted|jailbroken|dan\b)"#
                + #"|you now have (?:full |elevated |unrestricted )?(?:admin|root|system|elevated|privilege)"#
                + #"|act as (?:dan\b|an? unrestricted|an? jailbroken)|do anything now|in unrestricted mode)"#,
            before: 8, after: 80, filter: .unquoted),
        LeakRule.expression(
            "imitates-system", .instruction,
            near: [
                "im_start", "[SYSTEM", "<<SYS", "SYSTEM:", "SYSTEM NOTE", "SYSTEM ADMIN", "SYSTEM UPDATE",
                "SYSTEM OVERRIDE", "[INST]",
            ],
            #"<\|im_start\|>|\[/?SYSTEM\]|<<SYS>>|\[INST\]|(?:^|[\n"'>-])\s*SYSTEM:"#
                + #"|\bSYSTEM (?:NOTE|ADMINISTRATOR|UPDATE|OVERRIDE|INSTRUCTION)"#,
            before: 12, after: 40, filter: .unquoted),
    ]

    private static let steering: [LeakRule?] = [
        LeakRule.expression(
            "commands-tool-call", .instruction,
            near: ["you must", "please call", "must call", "first call", "tool with url", "by calling"],
            #"(?i)\b(?:you must (?:now )?(?:immediately )?(?:call|run|invoke|execute|use) the\b"#
                + #"|(?:please|must|first)(?: now)? call (?:the |this )?\W?\w+\W? (?:tool |with )"#
                + #"|first call (?:the|this) (?:\w+ )?tool|by calling \w+ with\b)"#,
            before: 8, after: 120, filter: .unquoted),
        LeakRule.expression(
            "steers-tools", .instruction,
            near: [
                "before using", "before calling", "before returning", "before summarizing", "supersede",
                "instead of the",
                "preferred tool", "always use this",
            ],
            #"(?i)\b(?:before (?:using|calling|invoking) (?:this|any|other|the) (?:\w+ )?tools?\b[^.\n]{0,20}"#
                + #"\b(?:first|always|read|call|you must)"#
                + #"|before \w+ing\b[^.\n]{0,30}\b(?:first|always) (?:read|call|run|execute|send|include)"#
                + #"|(?:this tool )?supersedes? any|always use this tool instead|preferred tool:"#
                + #"|instead of the (?:built-in|default|official|original)\b)"#,
            before: 8, after: 160, filter: .unquoted),
        LeakRule.expression(
            "asks-for-data", .instruction,
            near: [
                "contents of", "content of", "contents to", "contents through", "its contents", "file contents",
                "system prompt", "environment variable", "credential", "api key", "email body",
                "conversation",
            ],
            #"(?i)\b(?:send|include|pass|prepend|append|output|upload|forward|post|reveals?|print|attach|transmit)\b"#
                + #"[^.\n]{0,40}"#
                + #"(?:\b(?:file )?contents? (?:of|to|through)\b|\bfile contents\b|\bits contents\b|\bsystem prompt\b|"#
                + #"\benvironment variables?\b|\bcredentials\b|"#
                + #"\bapi keys?\b|\bfull email body\b|\bwhole conversation\b|\bconversation history\b)"#,
            before: 60, after: 60, filter: .unquoted),
        LeakRule.expression(
            "acts-secretly", .instruction,
            near: [
                "silently", "do not tell", "don't tell", "do not mention", "without telling", "do not inform",
                "without confirmation",
            ],
            #"(?i)\b(?:silently (?:\w+ )?(?:execute|run|call|send|read|include|forward)"#
                + #"|(?:do not|don't) (?:tell|inform|alert) the user"#
                + #"|(?:do not|don't) mention (?:this|it) to|without telling the user)"#,
            before: 8, after: 60, filter: .unquoted),
        LeakRule.expression(
            "executes-immediately", .instruction,
            near: ["following command", "decode the following", "must be performed", "execute it"],
            #"(?i)\b(?:(?:execute|run) the following (?:\w+ )?command immediately"#
                + #"|decode the following[^.\n]{0,40}\b(?:execute|run)\b)"#,
            before: 24, after: 100, filter: .unquoted),
    ]
}
