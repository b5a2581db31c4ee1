// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The engine's C interface as far as it is used here, declared by hand: nothing of it is needed to build.
#ifndef YETT_WASM_ENGINE_H
#define YETT_WASM_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// The interface changes between major versions; this is the one that the declarations below describe.
#define ENGINE_MAJOR "50"

struct engine_bytes {
    size_t size;
    char *data;
};

struct engine_exports {
    size_t size;
    void **items;
};

struct engine_function {
    uint64_t store;
    void *detail;
};

struct engine_memory {
    uint64_t store;
    uint32_t first, second;
};

enum { engine_kind_function = 0, engine_kind_memory = 3 };

// A thing that a module exports.
struct engine_extern {
    uint8_t kind;
    union {
        struct engine_function function;
        struct engine_memory memory;
        uint64_t room[3];
    } of;
};

struct engine_instance {
    uint64_t store;
    size_t detail;
};

enum { trap_stack = 0, trap_unreachable = 9, trap_interrupt = 10, trap_fuel = 11, trap_none = 255 };

typedef struct config config_t;
typedef struct engine engine_t;
typedef struct failure failure_t;
typedef struct trap trap_t;
typedef struct module module_t;
typedef struct store store_t;
typedef struct context context_t;
typedef struct linker linker_t;
typedef struct linked linked_t;
typedef struct wasi wasi_t;
typedef ssize_t writer_t(void *environment, const unsigned char *bytes, size_t count);

// Result, name, parameters: one line for each function, read by the structure below and by the loader.
#define ENGINE_FUNCTIONS(X) \
    X(config_t *, wasm_config_new, (void)) \
    X(engine_t *, wasm_engine_new_with_config, (config_t *)) \
    X(void, wasm_byte_vec_new, (struct engine_bytes *, size_t, const char *)) \
    X(void, wasm_byte_vec_delete, (struct engine_bytes *)) \
    X(void, wasm_trap_delete, (trap_t *)) \
    X(void, wasm_trap_message, (const trap_t *, struct engine_bytes *)) \
    X(bool, wasmtime_trap_code, (const trap_t *, uint8_t *)) \
    X(void, wasmtime_config_consume_fuel_set, (config_t *, bool)) \
    X(void, wasmtime_config_epoch_interruption_set, (config_t *, bool)) \
    X(void, wasmtime_config_max_wasm_stack_set, (config_t *, size_t)) \
    X(void, wasmtime_config_parallel_compilation_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_threads_set, (config_t *, bool)) \
    X(void, wasmtime_config_shared_memory_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_gc_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_memory64_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_multi_memory_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_component_model_set, (config_t *, bool)) \
    X(void, wasmtime_config_wasm_exceptions_set, (config_t *, bool)) \
    X(void, wasmtime_config_native_unwind_info_set, (config_t *, bool)) \
    X(void, wasmtime_config_memory_init_cow_set, (config_t *, bool)) \
    X(failure_t *, wasmtime_module_new, (engine_t *, const uint8_t *, size_t, module_t **)) \
    X(void, wasmtime_module_delete, (module_t *)) \
    X(void, wasmtime_module_exports, (const module_t *, struct engine_exports *)) \
    X(void, wasm_exporttype_vec_delete, (struct engine_exports *)) \
    X(const struct engine_bytes *, wasm_exporttype_name, (const void *)) \
    X(const void *, wasm_exporttype_type, (const void *)) \
    X(uint8_t, wasm_externtype_kind, (const void *)) \
    X(failure_t *, wasmtime_module_serialize, (module_t *, struct engine_bytes *)) \
    X(failure_t *, wasmtime_module_deserialize_file, (engine_t *, const char *, module_t **)) \
    X(void, wasmtime_error_delete, (failure_t *)) \
    X(void, wasmtime_error_message, (const failure_t *, struct engine_bytes *)) \
    X(bool, wasmtime_error_exit_status, (const failure_t *, int *)) \
    X(store_t *, wasmtime_store_new, (engine_t *, void *, void (*)(void *))) \
    X(void, wasmtime_store_delete, (store_t *)) \
    X(context_t *, wasmtime_store_context, (store_t *)) \
    X(void, wasmtime_store_limiter, (store_t *, int64_t, int64_t, int64_t, int64_t, int64_t)) \
    X(failure_t *, wasmtime_context_set_wasi, (context_t *, wasi_t *)) \
    X(failure_t *, wasmtime_context_set_fuel, (context_t *, uint64_t)) \
    X(void, wasmtime_context_set_epoch_deadline, (context_t *, uint64_t)) \
    X(void, wasmtime_engine_increment_epoch, (engine_t *)) \
    X(linker_t *, wasmtime_linker_new, (engine_t *)) \
    X(failure_t *, wasmtime_linker_define_wasi, (linker_t *)) \
    X(failure_t *, wasmtime_linker_instantiate_pre, (const linker_t *, const module_t *, linked_t **)) \
    X(void, wasmtime_instance_pre_delete, (linked_t *)) \
    X(failure_t *, wasmtime_instance_pre_instantiate, \
      (const linked_t *, context_t *, struct engine_instance *, trap_t **)) \
    X(bool, wasmtime_instance_export_get, \
      (context_t *, const struct engine_instance *, const char *, size_t, struct engine_extern *)) \
    X(size_t, wasmtime_memory_data_size, (const context_t *, const struct engine_memory *)) \
    X(failure_t *, wasmtime_func_call, \
      (context_t *, const struct engine_function *, const void *, size_t, void *, size_t, trap_t **)) \
    X(wasi_t *, wasi_config_new, (void)) \
    X(bool, wasi_config_set_argv, (wasi_t *, size_t, const char **)) \
    X(void, wasi_config_set_stdin_bytes, (wasi_t *, struct engine_bytes *)) \
    X(void, wasi_config_set_stdout_custom, (wasi_t *, writer_t *, void *, void (*)(void *))) \
    X(void, wasi_config_set_stderr_custom, (wasi_t *, writer_t *, void *, void (*)(void *))) \
    X(bool, wasi_config_preopen_dir, (wasi_t *, const char *, const char *, bool))

struct engine_api {
#define MEMBER(result, name, parameters) result(*name) parameters;
    ENGINE_FUNCTIONS(MEMBER)
#undef MEMBER
};

extern struct engine_api api;

// Loads the library and judges its version. On failure false, and in `why` what to do.
bool engine_load(const char *library, char *why, size_t room);

// An engine with every feature off that a WASI program does not need. NULL when there is none. Memory may
// begin as a mapping of the module's file, which needs calls that a worker for foreign modules does without.
engine_t *engine_new(bool counts_fuel, bool maps_images);

// Whether the module exports a function of this name.
bool engine_has_function(const module_t *module, const char *name);

// Takes the failure's or the trap's words into `text`, and frees it.
void engine_words(failure_t *failure, trap_t *trap, char *text, size_t room);

#endif
