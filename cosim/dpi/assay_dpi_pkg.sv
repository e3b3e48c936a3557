// SPDX-License-Identifier: Apache-2.0
// Purpose: the functions of libassay_dpi for SystemVerilog; assay_dpi.h says what each does.
// Latency: none.
// Formats: vectors of fixed width, filled up with 0.
// Overflow, rounding: none.
// Twin: none.
//
// What a checker and a bench call with vectors of their tile's own width, or from their own scope, they import themselves (tb/npu_lockstep_checker.sv, tb/npu_tile_tb.sv).
package assay_dpi_pkg;
  localparam int ApiVersion = 1;

  typedef enum int {
    StatusOk            = 0,
    StatusMemories      = 1,
    StatusEnd           = 2,
    StatusDiffers       = 3,
    StatusNullHandle    = -1,
    StatusWrongVersion  = -2,
    StatusBadInput      = -3,
    StatusWrongHardware = -4,
    StatusUnknownBits   = -5,
    StatusAlready       = -6,
    StatusOrder         = -7,
    StatusModelError    = -8
  } status_e;

  // bits of `unknown`
  localparam int XHandshake  = 1;
  localparam int XCommand    = 2;
  localparam int XWeight     = 4;
  localparam int XActivation = 8;
  localparam int XState      = 16;

  // bits of `pins`
  localparam int PinRstN        = 1;
  localparam int PinCmdValid    = 2;
  localparam int PinWeightValid = 4;
  localparam int PinActValid    = 8;
  localparam int PinOutReady    = 16;
  localparam int PinRspReady    = 32;

  import "DPI-C" function int assay_dpi_api_version();
  import "DPI-C" function int assay_dpi_open(input int api_version, output chandle handle);
  import "DPI-C" function int assay_dpi_close(input chandle handle);
  import "DPI-C" function string assay_dpi_last_error(input chandle handle);
  import "DPI-C" function string assay_dpi_status_name(input int status);
  import "DPI-C" function int assay_dpi_configure(input chandle handle, input string parameters);
  import "DPI-C" function int assay_dpi_configure_file(input chandle handle, input string file);

  import "DPI-C" function int assay_dpi_model_restart(input chandle handle);
  import "DPI-C" function int assay_dpi_model_drive(input chandle handle, input int pins, input bit [127:0] cmd_data, input bit [2047:0] weight_data,
                                                    input bit [2047:0] act_data, input int unknown);
  import "DPI-C" function int assay_dpi_model_step(input chandle handle);
  import "DPI-C" function int assay_dpi_model_read(input chandle handle, input string element, output bit [4095:0] value);
  import "DPI-C" function int assay_dpi_model_width(input chandle handle, input string element);
  import "DPI-C" function int assay_dpi_model_compare(input chandle handle, input string element, input bit [4095:0] value, input int unknown);

  import "DPI-C" function int assay_dpi_checker_parameter(input chandle handle, input string key, input int value);
  import "DPI-C" function int assay_dpi_checker_resume(input chandle handle);
  import "DPI-C" function int assay_dpi_checker_finish(input chandle handle);
  import "DPI-C" function string assay_dpi_report(input chandle handle);

  import "DPI-C" function int assay_dpi_bench_open(input chandle handle, input string file);
  import "DPI-C" function int assay_dpi_bench_fill(input chandle handle, input string tile);
  import "DPI-C" function int assay_dpi_bench_deposit(input chandle handle);
endpackage
