// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#include "CRE2.h"

#include <re2/re2.h>

#include <chrono>
#include <map>
#include <new>
#include <string>
#include <vector>

struct cre2_pattern {
    cre2_pattern(const re2::StringPiece &source, const RE2::Options &options) : program(source, options) {}

    RE2 program;
};

namespace {

// Enough ranges on the stack for nearly all patterns.
constexpr size_t inline_groups = 16;

re2::StringPiece piece(const uint8_t *bytes, size_t count) {
    return re2::StringPiece(reinterpret_cast<const char *>(bytes), count);
}

bool find(
    const RE2 &program, const re2::StringPiece &text, size_t offset, re2::StringPiece *found, cre2_range *groups,
    size_t group_count) {
    if (!program.Match(text, offset, text.size(), RE2::UNANCHORED, found, static_cast<int>(group_count))) {
        return false;
    }
    for (size_t number = 0; number < group_count; number++) {
        if (found[number].data() == nullptr) {
            groups[number] = {-1, -1};
            continue;
        }
        ptrdiff_t start = found[number].data() - text.data();
        groups[number] = {start, start + static_cast<ptrdiff_t>(found[number].size())};
    }
    return true;
}

}  // namespace

cre2_pattern *cre2_new(const uint8_t *pattern, size_t count, int64_t max_memory) {
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(max_memory);
        return new cre2_pattern(piece(pattern, count), options);
    } catch (...) {
        return nullptr;
    }
}

void cre2_delete(cre2_pattern *pattern) { delete pattern; }

enum cre2_status cre2_status_of(const cre2_pattern *pattern) {
    switch (pattern->program.error_code()) {
    case RE2::NoError: return cre2_ok;
    case RE2::ErrorBadEscape: return cre2_bad_escape;
    case RE2::ErrorBadCharClass: return cre2_bad_char_class;
    case RE2::ErrorBadCharRange: return cre2_bad_char_range;
    case RE2::ErrorMissingBracket: return cre2_missing_bracket;
    case RE2::ErrorMissingParen: return cre2_missing_paren;
    case RE2::ErrorUnexpectedParen: return cre2_unexpected_paren;
    case RE2::ErrorTrailingBackslash: return cre2_trailing_backslash;
    case RE2::ErrorRepeatArgument: return cre2_repeat_argument;
    case RE2::ErrorRepeatSize: return cre2_repeat_size;
    case RE2::ErrorRepeatOp: return cre2_repeat_operator;
    case RE2::ErrorBadPerlOp: return cre2_bad_perl_operator;
    case RE2::ErrorBadUTF8: return cre2_bad_utf8;
    case RE2::ErrorBadNamedCapture: return cre2_bad_named_capture;
    case RE2::ErrorPatternTooLarge: return cre2_out_of_memory;
    default: return cre2_internal;
    }
}

const char *cre2_error_argument(const cre2_pattern *pattern, size_t *count) {
    const std::string &argument = pattern->program.error_arg();
    *count = argument.size();
    return argument.data();
}

int cre2_group_count(const cre2_pattern *pattern) { return pattern->program.NumberOfCapturingGroups(); }

bool cre2_group_has_name(const cre2_pattern *pattern, int number, const uint8_t *name, size_t count) {
    const std::map<int, std::string> &names = pattern->program.CapturingGroupNames();
    auto entry = names.find(number);
    return entry != names.end() && piece(name, count) == entry->second;
}

bool cre2_matches(const cre2_pattern *pattern, const uint8_t *text, size_t count) {
    try {
        return pattern->program.Match(piece(text, count), 0, count, RE2::UNANCHORED, nullptr, 0);
    } catch (...) {
        return false;
    }
}

bool cre2_find(
    const cre2_pattern *pattern, const uint8_t *text, size_t count, size_t offset, cre2_range *groups,
    size_t group_count) {
    try {
        if (group_count <= inline_groups) {
            re2::StringPiece found[inline_groups];
            return find(pattern->program, piece(text, count), offset, found, groups, group_count);
        }
        std::vector<re2::StringPiece> found(group_count);
        return find(pattern->program, piece(text, count), offset, found.data(), groups, group_count);
    } catch (...) {
        return false;
    }
}

uint64_t cre2_nanoseconds(void) {
    auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}
