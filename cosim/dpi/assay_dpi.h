/* SPDX-License-Identifier: Apache-2.0
 * libassay_dpi: the golden model and the lockstep checker as C functions, for any SystemVerilog simulator (assay_dpi_pkg.sv imports them) and for C.
 *
 * Handles are opaque and independent of each other; there are no globals. A handle is used by one thread at a time. No function lets an exception out.
 * Functions return a status: 0 or a positive event, or a negative error whose text assay_dpi_last_error() gives. Texts stay valid until the next call
 * with the same handle. Vectors are arrays of 32-bit words, least significant first; bits above a vector's width are ignored on the way in and 0 on
 * the way out. `unknown` is a mask in which the SystemVerilog side sets a bit per group of values that hold X or Z. */
#ifndef ASSAY_DPI_H
#define ASSAY_DPI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_DPI_API_VERSION 1

enum AssayDpiStatus {
  ASSAY_DPI_OK = 0,
  ASSAY_DPI_MEMORIES = 1,        /* hand over every memory, then call assay_dpi_checker_resume */
  ASSAY_DPI_END = 2,             /* hand over every memory, then call assay_dpi_checker_finish */
  ASSAY_DPI_DIFFERS = 3,         /* assay_dpi_model_compare: the values differ */
  ASSAY_DPI_NULL_HANDLE = -1,    /* the handle is null */
  ASSAY_DPI_WRONG_VERSION = -2,  /* the caller was written for another version of this interface */
  ASSAY_DPI_BAD_INPUT = -3,      /* a config, vector, element or argument is not there or not legal */
  ASSAY_DPI_WRONG_HARDWARE = -4, /* the RTL's parameters or the field table are not the config's, or the simulator lacks something */
  ASSAY_DPI_UNKNOWN_BITS = -5,   /* X or Z where a value is needed; nothing was compared */
  ASSAY_DPI_ALREADY = -6,        /* done before with this handle: a second config, a second checker */
  ASSAY_DPI_ORDER = -7,          /* called before what it needs */
  ASSAY_DPI_MODEL_ERROR = -8     /* the model broke one of its own contracts: a defect of assay */
};

/* Groups of `unknown`. The data groups count while their valid is 1. */
enum AssayDpiUnknown {
  ASSAY_DPI_X_HANDSHAKE = 1,  /* reset, valid and ready inputs */
  ASSAY_DPI_X_COMMAND = 2,    /* command data */
  ASSAY_DPI_X_WEIGHT = 4,     /* weight data */
  ASSAY_DPI_X_ACTIVATION = 8, /* activation data */
  ASSAY_DPI_X_STATE = 16      /* a register or output pin that is compared in every cycle */
};

/* Input pins of one bit each, in `pins`. */
enum AssayDpiPins {
  ASSAY_DPI_RST_N = 1,
  ASSAY_DPI_CMD_VALID = 2,
  ASSAY_DPI_WEIGHT_VALID = 4,
  ASSAY_DPI_ACT_VALID = 8,
  ASSAY_DPI_OUT_READY = 16,
  ASSAY_DPI_RSP_READY = 32
};

/* Handles. */
int assay_dpi_api_version(void);                               /* ASSAY_DPI_API_VERSION of the library */
int assay_dpi_open(int api_version, void** handle);            /* *handle is null unless OK */
int assay_dpi_close(void* handle);                             /* frees it */
const char* assay_dpi_last_error(void* handle);                /* of the last call that failed; "" when none has */
const char* assay_dpi_status_name(int status);                 /* a few words */
int assay_dpi_configure(void* handle, const char* parameters); /* "name=int8_8x8 rows=8 …", every parameter of docs/spec.md section 2 */
int assay_dpi_configure_file(void* handle, const char* file);  /* a config file, schema assay/config/1 */

/* The model stepped by hand. The first call after configure stands right after a reset edge. */
int assay_dpi_model_restart(void* handle); /* back to there */
int assay_dpi_model_drive(void* handle, int pins, const uint32_t* cmd_data /* 128 bits */, const uint32_t* weight_data /* 2048 */,
                          const uint32_t* act_data /* 2048 */, int unknown); /* this cycle's input pins */
int assay_dpi_model_step(void* handle);                                      /* the clock edge, with the pins last driven */
/* An element as reports name it, "pe.psum[2][3]": its value in this cycle, 4096 bits. */
int assay_dpi_model_read(void* handle, const char* element, uint32_t* value);
int assay_dpi_model_width(void* handle, const char* element);                                       /* bits of it */
int assay_dpi_model_compare(void* handle, const char* element, const uint32_t* value, int unknown); /* OK, DIFFERS with the text in last_error, or error */

/* Lockstep: what tb/npu_lockstep_checker.sv calls. Widths are those of the generated npu_observation.svh. */
int assay_dpi_checker_parameter(void* handle, const char* key, int value); /* an elaborated parameter of the RTL */
int assay_dpi_checker_begin(void* handle, const char* hash);               /* field-table hash of the checker; context call */
int assay_dpi_checker_cycle(void* handle, int unknown, const uint32_t* observation);
int assay_dpi_checker_memory(void* handle, int index, const uint32_t* words);
int assay_dpi_checker_resume(void* handle);
int assay_dpi_checker_finish(void* handle); /* the verdict: 0 pass, 1 mismatch, 4 inconclusive */
const char* assay_dpi_report(void* handle); /* the verdict in words, after finish */

/* The stimulus of a run: what tb/npu_tile_tb.sv calls. The file is what `assay run --path dpi` writes. */
int assay_dpi_bench_open(void* handle, const char* file);
int assay_dpi_bench_fill(void* handle, const char* tile); /* random contents into the memories of this npu_tile, before the last reset edge */
int assay_dpi_bench_deposit(void* handle);                /* the faults of the coming cycle */
/* Output pins in (bit 0 cmd_ready, 1 weight_ready, 2 act_ready, 3 out_valid, 4 rsp_valid, 5 busy), the next cycle's input pins out; bit 6 of *pins:
 * call assay_dpi_bench_deposit before the next call. END: no further cycle. */
int assay_dpi_bench_drive(void* handle, int outputs, const uint32_t* out_data, int64_t rsp_data, int* pins, uint32_t* cmd_data, uint32_t* weight_data,
                          uint32_t* act_data);

/* What the probes of tb/ report; context calls, answered by the checker of the same tile. */
void assay_parameter(const char* name, int value);
void assay_assertion(const char* name);

#ifdef __cplusplus
}
#endif
#endif
