// SPDX-License-Identifier: Apache-2.0
// A unit of one's own: 4 by 4 bits, both signed, added to 12 bits, saturating.
module my_mac (
  input  logic [11:0] acc_i,
  input  logic [3:0]  a_i,
  input  logic [3:0]  w_i,
  output logic [11:0] acc_o,
  output logic        saturated_o
);
  logic signed [7:0]  product;
  logic signed [12:0] sum;

  assign product     = $signed(a_i) * $signed(w_i);
  assign sum         = $signed(acc_i) + product;
  assign saturated_o = sum[12] != sum[11];
  assign acc_o       = saturated_o ? {sum[12], {11{~sum[12]}}} : sum[11:0];
endmodule
