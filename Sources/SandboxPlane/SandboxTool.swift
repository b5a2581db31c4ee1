// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
public import Protocols
internal import Sandbox

/// The tool `execute` as clients see it. It does not depend on what is installed, so that its definition stays the one that
/// was approved.
public enum SandboxTool {
    /// The name.
    public static let name = "execute"
    /// The address of the same as plain HTTP.
    public static let path = "/v1/sandbox/runs"

    /// What a model reads of the server.
    public static let instructions = """
        Runs code in a sandbox without a network, for some seconds. Nothing stays: each run begins with an empty /tmp and with \
        the files of its own request.
        """

    /// The definition.
    public static let definition: JSONValue = [
        "name": .string(name), "title": "Run code in a sandbox",
        "description": """
        Runs a program in Python, JavaScript or shell, or a WebAssembly module with the WASI interface, and returns what it \
        wrote and how it ended. There is no network, nothing of the host can be changed, and nothing is kept for the next run. \
        By default a run has 5 seconds, 256 MiB and 64 processes.
        """,
        "inputSchema": inputSchema, "outputSchema": outputSchema,
        "annotations": [
            "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": false,
        ],
    ]

    private static let inputSchema: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "language": [
                "type": "string", "enum": ["python", "javascript", "shell"],
                "description": "What source is written in.",
            ],
            "source": ["type": "string", "description": "The program."],
            "module": [
                "type": "string", "description": "A WASI module in Base64, in the place of language and source.",
            ],
            "args": ["type": "array", "maxItems": 1024, "items": ["type": "string"]],
            "stdin": ["type": "string", "description": "What the program reads from standard input."],
            "stdin_base64": ["type": "string"],
            "files": [
                "type": "array", "maxItems": 64, "description": "Files that lie beside the program.",
                "items": [
                    "type": "object", "additionalProperties": false, "required": ["path"],
                    "properties": [
                        "path": ["type": "string", "maxLength": 255], "content": ["type": "string"],
                        "content_base64": ["type": "string"],
                    ],
                ],
            ],
            "limits": [
                "type": "object", "additionalProperties": false,
                "description": "Less than the run would have, or as much more as the operator allows.",
                "properties": .object(limits),
            ],
            "require": [
                "type": "object", "additionalProperties": false,
                "description": "The least that the isolation must be; where nothing offers it, nothing runs.",
                "properties": .object(requirements),
            ],
        ],
    ]

    private static var limits: JSONObject {
        var limits = JSONObject()
        for name in SandboxTerms.limitNames { limits[name] = ["type": "integer", "minimum": 1] }
        return limits
    }

    private static var requirements: JSONObject {
        var requirements = JSONObject()
        requirements["strength"] = ["type": "string", "enum": .array(SandboxTerms.strengths.map { .string($0) })]
        requirements["accel"] = ["type": "string", "enum": .array(SandboxTerms.accelerations.map { .string($0) })]
        for wall in SandboxTerms.walls { requirements[wall] = ["type": "boolean"] }
        return requirements
    }

    private static let outputSchema: JSONValue = [
        "type": "object", "required": ["outcome", "stdout", "stderr", "truncated", "receipt", "receipt_digest"],
        "properties": [
            "outcome": [
                "type": "string",
                "enum": [
                    "exited", "signalled", "timeout", "oom", "output_limit", "cut", "crashed", "protocol_error",
                ],
            ],
            "exit": ["type": ["integer", "null"]], "signal": ["type": ["integer", "null"]],
            "stdout": ["type": "string"], "stderr": ["type": "string"],
            "stdout_base64": ["type": "string"], "stderr_base64": ["type": "string"],
            "truncated": ["type": "boolean"], "timings": ["type": "object"], "usage": ["type": "object"],
            "receipt": ["type": "object"], "receipt_digest": ["type": "string"],
        ],
    ]
}
