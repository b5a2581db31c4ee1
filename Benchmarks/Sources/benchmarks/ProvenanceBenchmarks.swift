// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// One decision on the arguments of a call, after little and after much was read: the cost must not grow with it.
enum ProvenanceBenchmarks {
    static let all = [16 << 10, 1 << 20].flatMap { size in
        [
            Benchmark(name: "provenance/allow/\(size >> 10)-kib-read", goal: 40_000) {
                try judge(size, destination: "bob@example.org")
            },
            Benchmark(name: "provenance/deny/\(size >> 10)-kib-read", goal: 40_000) {
                try judge(size, destination: "eve@evil.example")
            },
        ]
    }

    private static func judge(_ size: Int, destination: String) throws -> (Int) -> Void {
        let list = ToolAnnotations(effect: .read, freeTextFields: ["body"])
        let send = ToolAnnotations(effect: .external, roles: ["to": .destination, "body": .content])
        var task = TaskProvenance(request: "Mail the plan to bob@example.org.", identity: ["emma@example.org"])
        var number = 0
        var bytes = 0
        while bytes < size {
            let words = (0..<150).map { "word\((number &+ $0) % 20_011)" }.joined(separator: " ")
            let text = "\(words) https://host\(number).example/\(number)"
            let mail = "{\"id\": \(number), \"sender\": \"p\(number)@example.net\", \"body\": \"\(text)\"}"
            task.note(result: try JSONValue(parsing: mail), of: "list", arguments: .null, annotations: list)
            bytes += mail.utf8.count
            number += 151
        }
        let body = (0..<200).map { "word\($0)" }.joined(separator: " ")
        let arguments = try JSONValue(parsing: "{\"to\": [\"\(destination)\"], \"body\": \"\(body)\"}")
        return { [task] times in
            for _ in 0..<times { blackHole(task.judge("send", arguments: arguments, annotations: send)) }
        }
    }
}
