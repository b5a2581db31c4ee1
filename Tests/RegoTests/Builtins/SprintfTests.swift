// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct SprintfTests {
    /// The text of a format and operands in JSON.
    private func text(_ format: String, _ operands: String) throws -> String {
        let context = BuiltinContext(heap: Heap())
        let values = try JSONReader(heap: context.heap).read(Array(operands.utf8))
        let format = context.heap.string(format)
        var formatter = try StringFormatter(format.utf8, values.elements, context)
        return String(decoding: try formatter.text(), as: UTF8.self)
    }

    @Test(arguments: [
        ("%d|%5d|%-5d|%05d|%+d|% d", "[42, 42, 42, -42, 42, 42]", "42|   42|42   |-0042|+42| 42"),
        ("%x %X %#x %o %#o %O %b %#b", "[255, 255, 255, 8, 8, 8, 5, 5]", "ff FF 0xff 10 010 0o10 101 0b101"),
        ("%c %q %q %U %#U", "[65, 65, 39, 65, 9786]", "A 'A' '\\'' U+0041 U+263A '☺'"),
        ("%.4d|%.0d|%6.3d|%-6.3d|", "[42, 0, 7, 7]", "0042||   007|007   |"),
        ("%s %d %t %f %z", "[5, \"x\", true, 3, 1]", "%!s(int=5) %!d(string=x) %!t(string=true) %!f(int=3) %!z(int=1)"),
        ("%T %T %T %T", "[1, 1.5, \"a\", 99999999999999999999]", "int float64 string *big.Int"),
        ("%v %v %v %v", "[1.0, 1e2, 1e21, 123456789.0]", "1 100 1e+21 1.23456789e+08"),
        ("%f %.2f %8.3f| %.0f %.0f", "[3.14159, 3.14159, 3.14159, 2.5, 3.5]", "3.141590 3.14    3.142| 2 4"),
        (
            "%+.1e %g %G %.3g %.10g %g", "[12345.678, 1e-5, 1e-10, 1234.5678, 1234.5678, 100000.0]",
            "+1.2e+04 1e-05 1E-10 1.23e+03 1234.5678 100000"
        ),
        ("%08.3f|%+08.3f|%-8.2f|", "[-3.14159, 3.14159, 1.5]", "-003.142|+003.142|1.50    |"),
        ("%x %b %X %.1x", "[1.5, 1.5, 0.1, 1.97]", "0x1.8p+00 6755399441055744p-52 0X1.999999999999AP-04 0x1.0p+01"),
        ("%#.0f %#g %#v", "[1.0, 1.5, \"a\"]".replacing("1.0", with: "1.1"), "1. 1.50000 \"a\""),
        ("%[2]d %[1]d", "[1, 2]", "2 1"), ("%[3]d", "[1, 2]", "%!d(BADINDEX)"), ("%[x]d", "[1]", "%!d(BADINDEX)"),
        ("%*d|%-*d|%.*f", "[5, 42, 5, 42, 2, 3.14159]", "   42|42   |3.14"), ("%*d", "[\"a\", 1]", "%!(BADWIDTH)1"),
        ("%.*d", "[\"a\", 1]", "%!(BADPREC)1"), ("%*d", "[-4, 1]", "1   "),
        ("%s", "[]", "%!s(MISSING)"), ("a", "[1, \"b\", 2.5]", "a%!(EXTRA int=1, string=b, float64=2.5)"),
        ("%", "[]", "%!(NOVERB)"),
        ("100%%", "[]", "100%"), ("%5%", "[]", "%"),
        ("%5s|%-5s|%.2s|%5.1s|%05s", "[\"é\", \"é\", \"éab\", \"éy\", \"ab\"]", "    é|é    |éa|    é|000ab"),
        (
            "%q %+q %#q %x % x %#x %X", "[\"a\\n\", \"é\", \"ab\", \"hi\", \"hi\", \"hi\", \"hi\"]",
            "\"a\\n\" \"\\u00e9\" `ab` 6869 68 69 0x6869 6869"
        ),
        (
            "%d %s %x %+d %30d",
            "[1208925819614629174706175, 1208925819614629174706175, 18446744073709551616, 18446744073709551616, 18446744073709551616]",
            "1208925819614629174706175 1208925819614629174706175 10000000000000000 +18446744073709551616           18446744073709551616"
        ),
        ("%q", "[18446744073709551616]", "%!q(big.Int=18446744073709551616)"),
        ("%v %v %v", "[null, [1, \"a\"], {\"k\": 1.50}]", "null [1, \"a\"] {\"k\": 1.50}"),
        ("%é", "[1]", "%!é(int=1)"), ("%s", "[1e400]", "1e400"), ("%6.2f%%", "[99.5]", " 99.50%"),
    ])
    func `formats as Go does`(_ format: String, _ operands: String, _ expected: String) throws {
        #expect(try text(format, operands) == expected)
    }

    @Test func `does not obey huge widths`() throws {
        #expect(try text("%999999999d", "[1]") == "%!(NOVERB)%!(EXTRA int=1)")
        #expect(try text("%*d", "[999999999, 1]") == "%!(BADWIDTH)1")
        #expect(throws: BuiltinFailure.self) { try text(String(repeating: "%1000000d", count: 5), "[1, 1, 1, 1, 1]") }
        #expect(throws: BuiltinFailure.self) {
            try text(String(repeating: "%.1000000f", count: 5), "[0.1, 0.1, 0.1, 0.1, 0.1]")
        }
    }

    @Test func `expands doubles exactly`() {
        let smallest = FloatFormat.text(.leastNonzeroMagnitude, form: 0x65, precision: 20)
        #expect(String(decoding: smallest, as: UTF8.self) == "4.94065645841246544177e-324")
        let largest = FloatFormat.text(.greatestFiniteMagnitude, form: 0x66, precision: 0)
        #expect(largest.count == 309)
        #expect(String(decoding: largest.prefix(20), as: UTF8.self) == "17976931348623157081")
        #expect(String(decoding: FloatFormat.text(0, form: 0x65, precision: nil), as: UTF8.self) == "0e+00")
        #expect(
            String(decoding: FloatFormat.text(0.1, form: 0x66, precision: 25), as: UTF8.self)
                == "0.1000000000000000055511151")
    }
}
