// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What the Rego engine needs of RE2: linear-time matching of UTF-8 text, leftmost-first. Nothing here logs or throws.
#ifndef YETT_CRE2_H
#define YETT_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A compiled pattern; may be used by several threads at once.
typedef struct cre2_pattern cre2_pattern;

// Part of the text: bytes `start` up to `end`, both -1 where a group took no part in the match.
typedef struct {
    ptrdiff_t start;
    ptrdiff_t end;
} cre2_range;

enum cre2_status {
    cre2_ok = 0,
    cre2_out_of_memory,       // the pattern needs more than it may take, or there is no memory at all
    cre2_internal,
    cre2_bad_escape,
    cre2_bad_char_class,
    cre2_bad_char_range,
    cre2_missing_bracket,
    cre2_missing_paren,
    cre2_unexpected_paren,
    cre2_trailing_backslash,
    cre2_repeat_argument,
    cre2_repeat_size,
    cre2_repeat_operator,
    cre2_bad_perl_operator,
    cre2_bad_utf8,
    cre2_bad_named_capture,
};

// Compiles a pattern whose program and states may together take `max_memory` bytes. NULL when there is no memory; any
// other pattern must be given back with cre2_delete, also one that is not ok.
cre2_pattern *cre2_new(const uint8_t *pattern, size_t count, int64_t max_memory);
void cre2_delete(cre2_pattern *pattern);

enum cre2_status cre2_status_of(const cre2_pattern *pattern);
// The offending part of the pattern; valid as long as the pattern is.
const char *cre2_error_argument(const cre2_pattern *pattern, size_t *count);

// Groups in parentheses, without the whole match; -1 for a pattern that is not ok.
int cre2_group_count(const cre2_pattern *pattern);
// Whether the group of that number bears that name.
bool cre2_group_has_name(const cre2_pattern *pattern, int number, const uint8_t *name, size_t count);

// Whether the pattern matches anywhere in the text.
bool cre2_matches(const cre2_pattern *pattern, const uint8_t *text, size_t count);
// Finds the leftmost match at or after `offset`, seeing the whole text around it. `groups` takes the whole match and
// then the groups, `group_count` ranges in all.
bool cre2_find(
    const cre2_pattern *pattern, const uint8_t *text, size_t count, size_t offset, cre2_range *groups,
    size_t group_count);

// Nanoseconds of a clock that only moves on: what bounds matching again and again.
uint64_t cre2_nanoseconds(void);

#ifdef __cplusplus
}
#endif

#endif
