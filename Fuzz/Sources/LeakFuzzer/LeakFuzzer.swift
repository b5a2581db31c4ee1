// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import LeakDetection
import Protocols

private let secret = Array("d3pl0y-k3y-4711-zz".utf8)

private let matcher: LeakMatcher = {
    var limits = LeakLimits()
    limits.viewBytes = 4096
    guard
        let matcher = try? LeakMatcher(
            secrets: [RegisteredSecret(name: "deploy key", bytes: secret)], limits: limits)
    else { fatalError("the matcher is made") }
    return matcher
}()

/// Any bytes with a secret in them: it is found, however they are cut, and nothing that is found lies outside of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    guard let first = input.bytes.first else { return 0 }
    var text = Array(input.bytes.dropFirst().prefix(1024))
    let place = text.isEmpty ? 0 : Int(first) % text.count
    if first % 2 == 0 { text.insert(contentsOf: secret, at: place) }
    var scanner = LeakScanner(matcher)
    var begin = 0
    for cut in input.cuts + [text.count] where cut > begin && cut <= text.count {
        _ = scanner.scan(Array(text[begin..<cut]))
        begin = cut
    }
    _ = scanner.finish()
    let whole = matcher.inspect(text)
    for report in [scanner.report, whole] {
        let isFound = report.findings.contains { $0.name == "deploy key" }
        expect(first % 2 == 1 || isFound, "a secret as it is is found")
        for finding in report.findings {
            expect(finding.offset >= 0 && finding.length >= 0, "a finding has a place")
            expect(finding.offset + finding.length <= text.count, "a finding lies within the text")
        }
    }
    _ = LeakMatcher.redact(text, whole)
    _ = matcher.inspect(hostname: Array(text.prefix(255)))
    _ = matcher.inspect(target: Array(text.prefix(1024)))
    let half = text.count / 2
    _ = matcher.inspect(parts: [Array(text[..<half]), Array(text[half...])])
    if let value = try? JSONValue(parsing: text) {
        _ = matcher.inspect(arguments: value)
        _ = matcher.redact(value)
    }
    return 0
}
