/* SPDX-License-Identifier: Apache-2.0
 * The C interface from C: a config by name of its file, one step, one element. */
#include <assay_dpi.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char** argv) {
  void* model = 0;
  uint32_t zero[64] = {0}, value[128];
  if (argc < 2 || assay_dpi_open(ASSAY_DPI_API_VERSION, &model) != ASSAY_DPI_OK) return 1;
  if (assay_dpi_configure_file(model, argv[1]) != ASSAY_DPI_OK) {
    fprintf(stderr, "%s\n", assay_dpi_last_error(model));
    return 1;
  }
  for (int i = 0; i < 3; ++i) {
    if (assay_dpi_model_drive(model, ASSAY_DPI_RST_N, zero, zero, zero, 0) != ASSAY_DPI_OK || assay_dpi_model_step(model) != ASSAY_DPI_OK) return 1;
  }
  if (assay_dpi_model_read(model, "tile.counter[0]", value) != ASSAY_DPI_OK) return 1;
  printf("%u cycles counted\n", (unsigned)value[0]);
  return assay_dpi_close(model) == ASSAY_DPI_OK && value[0] == 3 ? 0 : 1;
}
