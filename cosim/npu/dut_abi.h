/* SPDX-License-Identifier: Apache-2.0
 * The C entry point of a Verilated tile in a shared library of its own. One library per hardware config; several can live in one
 * process because every other symbol is local. */
#ifndef ASSAY_NPU_DUT_ABI_H
#define ASSAY_NPU_DUT_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_DUT_ABI_VERSION = 2 };

/* What the RTL tells its host; called from inside create and clock only. */
typedef struct AssayDutHost {
  void* user;
  void (*parameter)(void* user, const char* name, int value); /* the RTL's own elaborated parameters */
  void (*assertion)(void* user, const char* name);            /* a broken assertion */
} AssayDutHost;

typedef void (*AssayPartSink)(void* user, const char* field, int part, void* data, size_t bytes);

typedef struct AssayDutApi {
  uint32_t version;                          /* ASSAY_DUT_ABI_VERSION */
  const char* field_table_hash;              /* of the table that the adapter was generated from; "" for a unit */
  void* (*create)(const AssayDutHost* host); /* the host structure must outlive the DUT */
  void (*destroy)(void* dut);
  void (*clock)(void* dut);                                 /* one rising edge, then the clock low */
  void (*settle)(void* dut);                                /* recompute combinational logic, no edge */
  void (*parts)(void* dut, AssayPartSink sink, void* user); /* every observed vector, memory and pin, once; pointers stay valid */
  void (*restart)(void* dut);                               /* to cycle 0 without a clock; null for hardware, which is reset */
} AssayDutApi;

/* The only exported symbol. */
const AssayDutApi* assay_dut_api(void);

#ifdef __cplusplus
}
#endif
#endif
