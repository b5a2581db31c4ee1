// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension BuiltinTable {
    /// Every builtin of this package; one line a group, each in a file of its own.
    public static let standard: BuiltinTable = {
        var table = BuiltinTable()
        for group in groups { table.add(group) }
        return table
    }()

    private static let groups: [[Builtin]] = [
        AggregateBuiltins.all,
        ArithmeticBuiltins.all,
        ArrayBuiltins.all,
        BitsBuiltins.all,
        CastBuiltins.all,
        CertificateBuiltins.all,
        CloudBuiltins.all,
        ComparisonBuiltins.all,
        DocumentBuiltins.all,
        EncodingBuiltins.all,
        GlobBuiltins.all,
        GraphBuiltins.all,
        GraphQLBuiltins.all,
        HashBuiltins.all,
        JSONBuiltins.all,
        ModuleBuiltins.all,
        NetBuiltins.all,
        NoteBuiltins.all,
        ObjectBuiltins.all,
        RandomBuiltins.all,
        RegexBuiltins.all,
        RequestBuiltins.all,
        SchemaBuiltins.all,
        SetBuiltins.all,
        StringBuiltins.all,
        StringFormBuiltins.all,
        TemplateBuiltins.all,
        TimeBuiltins.all,
        TokenBuiltins.all,
        TypeBuiltins.all,
        UnitBuiltins.all,
        VersionBuiltins.all,
        YAMLBuiltins.all,
    ]
}
