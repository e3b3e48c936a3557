// SPDX-License-Identifier: Apache-2.0
// The places in the rules of docs/spec.md where a hypothesis may make a difference.
#pragma once

#include <cstdint>

namespace assay::npu {

/// What stands at a site, and so what may be wrong there.
enum class Role : uint8_t {
  Operand,    ///< reads a data register of lanes
  Weight,     ///< reads a weight
  Parameter,  ///< reads a parameter of the column
  Mode,       ///< reads a mode bit or constant of the command that travels with the beat
  Control,    ///< reads a control register
  Address,    ///< an entry, a bank, a row, an index
  Wait,       ///< a condition that a unit waits for
  Condition,  ///< another condition
  Limit,      ///< a number that something is compared with
  Lanes,      ///< the number of lanes that take part
  Rule        ///< an arithmetic rule with alternatives of its own (rules.hpp)
};

// X(site, role, rule it belongs to, what stands there)
#define ASSAY_DIAGNOSIS_CONTROL_SITES(X)                                                        \
  X(FifoFull, Limit, "FIFO", "the depth at which it is full")                                   \
  X(FifoPush, Condition, "FIFO", "the push")                                                    \
  X(FifoPop, Condition, "FIFO", "the pop")                                                      \
  X(FifoRule, Rule, "FIFO", "the push beside a full FIFO")                                      \
  X(LoadTicket, Wait, "load unit", "the wait for the switch ticket")                            \
  X(LoadAge, Wait, "load unit", "the wait for the last switch to pass")                         \
  X(LoadAgeLimit, Limit, "load unit", "the age at which the last switch has passed")            \
  X(LoadContinues, Condition, "load unit", "that a load under way goes on")                     \
  X(LoadData, Wait, "load unit", "the wait for a weight row")                                   \
  X(LoadLast, Limit, "load unit", "the last row")                                               \
  X(LoadK, Address, "load unit", "k of the load")                                               \
  X(LoadUnsigned, Mode, "pe.shadow_high", "weight_unsigned")                                    \
  X(LoadFormat, Mode, "pe.shadow", "the format of the weights")                                 \
  X(LoadNeed, Control, "load unit", "need_switch")                                              \
  X(SwitchAgeStart, Limit, "tile.switch_age", "the age given by a switch")                      \
  X(SwitchAgeTop, Limit, "tile.switch_age", "the age at which it stays")                        \
  X(SwitchCounts, Condition, "tile.switch_issued", "that only a first beat with switch counts") \
  X(MatmulBank, Wait, "matmul unit", "the wait for the bank's activations")                     \
  X(MatmulWeights, Wait, "matmul unit", "the wait for the weights")                             \
  X(MatmulInTime, Condition, "matmul unit", "the start while the last load is under way")       \
  X(MatmulInTimeRows, Limit, "matmul unit", "the rows that must wait in the weight FIFO")       \
  X(MatmulData, Wait, "matmul unit", "the wait for an activation beat")                         \
  X(MatmulLast, Limit, "matmul unit", "the last beat")                                          \
  X(MatmulBankIndex, Address, "matmul unit", "the bank of the ticket it waits for")             \
  X(MatmulNeedLoad, Control, "matmul unit", "need_load")                                        \
  X(MatmulNeedAct, Control, "matmul unit", "need_act")                                          \
  X(MatmulStride, Address, "tile.matmul_addr", "the stride")                                    \
  X(MatmulAddress, Address, "tile.matmul_addr", "the address of the next beat")                 \
  X(MatmulBase, Address, "tag_entry", "the base")                                               \
  X(MatmulEntry, Address, "array.tag_entry", "the entry")                                       \
  X(MatmulUnsigned, Mode, "array.skew_high", "activation_unsigned")                             \
  X(MatmulFormat, Mode, "array.skew", "the format of the activations")                          \
  X(MatmulAccumulate, Mode, "array.tag_accumulate", "accumulate of the command")                \
  X(MatmulBf16, Mode, "array.tag_bf16", "bf16_entries of the command")                          \
  X(MatmulSwitch, Mode, "matmul unit", "switch of the command")                                 \
  X(MatmulColumns, Address, "array.tag_columns", "n of the command")                            \
  X(SwitchFirst, Condition, "array.switch", "that only a first beat with switch switches")      \
  X(RetireValid, Control, "tile.matmul_ret", "the valid bit of the last tag stage")             \
  X(RetireStage, Address, "tile.matmul_ret", "the tag stage that is looked at")                 \
  X(RetireLast, Control, "tile.matmul_ret", "the last bit of the last tag stage")               \
  X(RetireBank, Address, "tile.matmul_ret", "the bank of the last tag stage")                   \
  X(DispatchQueue, Wait, "dispatch", "the wait for room in the unit's queue")                   \
  X(DispatchIdle, Wait, "dispatch", "the wait for idle")                                        \
  X(DispatchOutput, Wait, "dispatch", "the fence's wait for the output FIFO")                   \
  X(DispatchResponse, Wait, "dispatch", "the wait for room for the response")                   \
  X(IdleLoads, Wait, "idle", "that the load queue is empty")                                    \
  X(IdleMatmuls, Wait, "idle", "that the matmul queue is empty")                                \
  X(IdleActs, Wait, "idle", "that the activation queue is empty")                               \
  X(IdleTags, Wait, "idle", "that no tag is valid")                                             \
  X(IdleStages, Wait, "idle", "that no stage of the activation unit is valid")                  \
  X(IdleStageCount, Limit, "idle", "the stages that must be empty")                             \
  X(NeedSwitch, Control, "tile.load_queue", "the switch ticket of a load")                      \
  X(NeedLoad, Control, "tile.matmul_queue", "the load ticket of a matmul")                      \
  X(NeedAct, Control, "tile.matmul_queue", "the activation ticket of a matmul")                 \
  X(NeedMatmul, Control, "tile.act_queue", "the matmul ticket of an activation")                \
  X(NeedActBank, Address, "tile.matmul_queue", "the bank of the activation ticket")             \
  X(NeedMatmulBank, Address, "tile.act_queue", "the bank of the matmul ticket")                 \
  X(CountLoad, Condition, "tile.load_disp", "that a load counts")                               \
  X(CountSwitch, Condition, "tile.switch_disp", "that only a matmul with switch counts")        \
  X(CountMatmulBank, Address, "tile.matmul_disp", "the bank that counts")                       \
  X(CountActBank, Address, "tile.act_disp", "the bank that counts")                             \
  X(CheckReserved, Condition, "command check", "that a reserved bit makes a command illegal")   \
  X(CheckM, Limit, "command check", "the largest m")                                            \
  X(CheckK, Limit, "command check", "the largest k")                                            \
  X(CheckN, Limit, "command check", "the largest n")                                            \
  X(CheckBank, Limit, "command check", "the largest bank")                                      \
  X(CheckBeats, Limit, "command check", "the m - 1 strides of the address")                     \
  X(CheckAddress, Limit, "command check", "the largest address")                                \
  X(CheckValue, Condition, "command check", "that an illegal value makes a command illegal")    \
  X(CheckColumn, Limit, "command check", "the largest column")                                  \
  X(ResponseStatus, Address, "tile.response_fifo", "the status")                                \
  X(ResponseCounter, Control, "tile.response_fifo", "the counter that is read")                 \
  X(ResponseFlags, Control, "tile.response_fifo", "the flags that a fence answers with")        \
  X(ClearFlag, Condition, "CLEAR", "that it clears the flag")                                   \
  X(ClearCounters, Condition, "CLEAR", "that it clears the counters")                           \
  X(ClearWritten, Condition, "CLEAR", "that it clears the written bits")                        \
  X(ClearTable, Condition, "CLEAR", "that it clears the table's written bits")                  \
  X(CounterCounts, Condition, "tile.counter", "what the counter counts")                        \
  X(PinReady, Condition, "pins", "ready")                                                       \
  X(PinBusyOutput, Wait, "tile.busy", "that the output FIFO is empty")                          \
  X(PinBusyResponse, Wait, "tile.busy", "that the response FIFO is empty")                      \
  X(PinBusyCommand, Wait, "tile.busy", "that the command FIFO is empty")

#define ASSAY_DIAGNOSIS_ARRAY_SITES(X)                                                                        \
  X(SkewRows, Lanes, "array.skew", "the rows that take the beat")                                             \
  X(SkewData, Operand, "array.skew", "the lane of the beat")                                                  \
  X(SkewHigh, Rule, "array.skew_high", "the sign of the activation")                                          \
  X(DecodeActivation, Rule, "array.skew", "the decoding of the codes")                                        \
  X(SwitchDown, Control, "array.switch", "the switch of the row above")                                       \
  X(SwitchRight, Control, "array.switch", "the switch of the column before")                                  \
  X(ShadowRow, Address, "pe.shadow", "the row that a weight row is loaded into")                              \
  X(ShadowEnable, Condition, "pe.shadow", "the load of the row")                                              \
  X(ShadowData, Operand, "pe.shadow", "the lane of the weight row")                                           \
  X(ShadowHigh, Rule, "pe.shadow_high", "the sign of the weight")                                             \
  X(DecodeWeight, Rule, "pe.shadow", "the decoding of the codes")                                             \
  X(WeightSwitch, Control, "pe.weight", "the switch that loads it")                                           \
  X(WeightEnable, Condition, "pe.weight", "the load of the weight")                                           \
  X(WeightShadow, Weight, "pe.weight", "the shadow weight")                                                   \
  X(WeightShadowHigh, Weight, "pe.weight_high", "the shadow weight's high bit")                               \
  X(ActIn, Operand, "pe.act", "the activation of the column before")                                          \
  X(ActHighIn, Operand, "pe.act_high", "the activation's high bit of the column before")                      \
  X(ActValidIn, Operand, "pe.act_valid", "the valid bit of the column before")                                \
  X(PsumAct, Operand, "pe.psum", "the activation")                                                            \
  X(PsumActHigh, Operand, "pe.psum", "the activation's high bit")                                             \
  X(PsumActLow, Operand, "pe.psum", "the activation's low mantissa bits")                                     \
  X(PsumActValid, Operand, "pe.psum", "the activation's valid bit")                                           \
  X(PsumWeight, Weight, "pe.psum", "the weight")                                                              \
  X(PsumWeightHigh, Weight, "pe.psum", "the weight's high bit")                                               \
  X(PsumWeightLow, Weight, "pe.psum", "the weight's low mantissa bits")                                       \
  X(PsumOperands, Rule, "pe.psum", "where both operands come from")                                           \
  X(PsumAbove, Operand, "pe.psum", "the partial sum from above")                                              \
  X(PsumProduct, Rule, "pe.psum", "the product")                                                              \
  X(PsumSum, Rule, "pe.psum", "the sum")                                                                      \
  X(PsumComputes, Condition, "pe.psum", "that only a valid activation is multiplied, else the sum passes")    \
  X(FusedAdd, Rule, "PEs, accumulators and bias", "the adder they share")                                     \
  X(PsumValidIn, Operand, "pe.psum_valid", "the valid bit from above")                                        \
  X(PeFlags, Rule, "array.pe_flags", "the flags of the PEs")                                                  \
  X(PeFlagsLanes, Lanes, "array.pe_flags", "the columns whose flags count")                                   \
  X(AccNew, Operand, "accumulators.acc_new", "the partial sum of the last row")                               \
  X(AccValid1, Control, "accumulators stage 1", "the tag's valid bit")                                        \
  X(AccColumns1, Control, "accumulators stage 1", "the tag's columns")                                        \
  X(AccLanes1, Lanes, "accumulators stage 1", "the columns that take part")                                   \
  X(AccEntry1, Control, "accumulators stage 1", "the tag's entry")                                            \
  X(AccIndex1, Address, "accumulators.acc_old", "the entry that is read")                                     \
  X(AccMode1, Mode, "accumulators stage 1", "the tag's accumulate bit")                                       \
  X(AccAccumulate, Condition, "accumulators.acc_old", "accumulate or overwrite")                              \
  X(AccValid2, Control, "accumulators stage 2", "the tag's valid bit")                                        \
  X(AccColumns2, Control, "accumulators stage 2", "the tag's columns")                                        \
  X(AccLanes2, Lanes, "accumulators stage 2", "the columns that take part")                                   \
  X(AccEntry2, Control, "accumulators stage 2", "the tag's entry")                                            \
  X(AccIndex2, Address, "accumulators.mem", "the entry that is written")                                      \
  X(AccMode2, Mode, "accumulators stage 2", "the tag's bf16_entries bit")                                     \
  X(AccTakesOld, Condition, "accumulators.acc_old", "accumulate or overwrite, whether a tag is valid or not") \
  X(AccHit, Condition, "accumulators.acc_old", "the forwarding of a sum still in the adder")                  \
  X(AccDefined, Condition, "accumulators.acc_old", "that an entry never written counts as 0")                 \
  X(AccNeutral, Rule, "accumulators.acc_old", "what is added to where nothing is")                            \
  X(AccMemory, Operand, "accumulators.acc_old", "the stored sum")                                             \
  X(AccAddOld, Operand, "accumulators adder", "acc_old")                                                      \
  X(AccAddNew, Operand, "accumulators adder", "acc_new")                                                      \
  X(AccSum, Rule, "accumulators adder", "the sum")                                                            \
  X(AccNarrow, Rule, "accumulators adder", "the second rounding of a BF16 entry")                             \
  X(AccWrite, Condition, "accumulators.mem", "the write")                                                     \
  X(AccWriteLanes, Lanes, "accumulators.mem, accumulators.written", "the columns that are written")           \
  X(AccMemoryLanes, Lanes, "accumulators.mem", "the columns that are written")                                \
  X(AccSetWritten, Condition, "accumulators.written", "that a write sets it")                                 \
  X(AccOverflow, Rule, "accumulators.acc_overflow", "the overflow of a sum")                                  \
  X(AccOverflowLane, Condition, "accumulators.acc_overflow", "that the column's overflow counts")             \
  X(AccUndefined, Condition, "accumulators.acc_undefined", "accumulating onto an entry never written")        \
  X(ReadUndefined, Condition, "accumulators.acc_undefined", "reading an entry never written")                 \
  X(ReadLanes, Lanes, "accumulators.read", "the columns that are read")                                       \
  X(ReadWritten, Condition, "accumulators.read", "that an entry never written counts as 0")                   \
  X(ReadIndex, Address, "accumulators.read", "the entry that is read")                                        \
  X(ReadMemory, Operand, "accumulators.read", "the stored sum")                                               \
  X(ReadEnable, Condition, "accumulators.read", "that it loads only on a beat")

#define ASSAY_DIAGNOSIS_ACTIVATION_SITES(X)                                                                \
  X(ActBank, Wait, "activation unit", "the wait for the bank's matmuls")                                   \
  X(ActBankIndex, Address, "activation unit", "the bank of the ticket it waits for")                       \
  X(ActNeed, Control, "activation unit", "need_matmul")                                                    \
  X(ActCredit, Wait, "activation unit", "the wait for credit")                                             \
  X(ActCreditLimit, Limit, "activation unit", "the credit")                                                \
  X(ActDrain, Wait, "activation unit", "the wait for the stages to drain before a parameter")              \
  X(ActDrainStages, Address, "activation unit", "the valid bits of the stages that a parameter waits for") \
  X(ActLast, Limit, "activation unit", "the last beat")                                                    \
  X(ActStride, Address, "activation.act_addr", "the stride")                                               \
  X(ActAddress, Address, "activation.act_addr", "the address of the next beat")                            \
  X(ActBase, Address, "activation unit", "the base")                                                       \
  X(ActEntry, Address, "activation unit", "the entry")                                                     \
  X(ActRetBank, Address, "activation.act_ret", "the bank that counts")                                     \
  X(CreditTaken, Condition, "activation.credit", "that a beat takes credit")                               \
  X(CreditReturned, Condition, "activation.credit", "that an output transfer returns credit")              \
  X(ParamColumn, Address, "activation.bias", "the column of the parameters")                               \
  X(ParamBias, Condition, "activation.bias", "the load of the bias")                                       \
  X(ParamMultiplier, Condition, "activation.multiplier", "the load of the multiplier")                     \
  X(ParamShift, Condition, "activation.shift", "the load of the shift")                                    \
  X(TableLine, Address, "activation.table", "the line that is loaded")                                     \
  X(TableOrder, Rule, "activation.table", "the order of the bytes")                                        \
  X(SeedRule, Rule, "activation.random", "the seed of a lane")                                             \
  X(ControlColumns, Address, "activation.ctl_0", "n of the command")                                       \
  X(ControlHold, Condition, "activation.ctl", "that it loads only with a valid beat")                      \
  X(BiasRaw, Mode, "activation.biased", "raw")                                                             \
  X(BiasRead, Operand, "activation.biased", "the sum that was read")                                       \
  X(BiasParam, Parameter, "activation.biased", "the bias")                                                 \
  X(BiasSum, Rule, "activation.biased", "the sum")                                                         \
  X(BiasHold, Condition, "activation.biased", "that it loads only with a valid beat")                      \
  X(BiasOverflow, Rule, "activation.act_overflow", "the overflow of the bias")                             \
  X(BiasOverflowLanes, Lanes, "activation.act_overflow", "the lanes whose flags count")                    \
  X(MultiplyRaw, Mode, "activation.product", "raw")                                                        \
  X(MultiplySingle, Mode, "activation.product", "single")                                                  \
  X(MultiplyIn, Operand, "activation.product", "the biased sum")                                           \
  X(MultiplyMultiplier, Parameter, "activation.product", "the multiplier")                                 \
  X(MultiplyShift, Parameter, "activation.product", "the shift")                                           \
  X(MultiplySaturate, Rule, "activation.product", "the saturation before the multiplication")              \
  X(MultiplyHold, Condition, "activation.product", "that it loads only with a valid beat")                 \
  X(ScaleRaw, Mode, "activation.scaled", "raw")                                                            \
  X(ScaleSingle, Mode, "activation.scaled", "single")                                                      \
  X(ScaleIn, Operand, "activation.scaled", "the product")                                                  \
  X(ScaleShift, Parameter, "activation.scaled", "the shift")                                               \
  X(ScaleFirst, Rule, "activation.scaled", "the first rounding of mode double")                            \
  X(ScaleSecond, Rule, "activation.scaled", "the second rounding of mode double")                          \
  X(ScaleOnce, Rule, "activation.scaled", "the rounding of mode single")                                   \
  X(ScaleSaturate, Rule, "activation.scaled", "the saturation of mode single")                             \
  X(ScaleHold, Condition, "activation.scaled", "that it loads only with a valid beat")                     \
  X(ClampRaw, Mode, "activation.clamped", "raw")                                                           \
  X(ClampUnsigned, Mode, "activation.act_saturated", "output_unsigned")                                    \
  X(ClampZero, Mode, "activation.clamped", "the zero point")                                               \
  X(ClampLow, Mode, "activation.clamped", "clamp_lo")                                                      \
  X(ClampHigh, Mode, "activation.clamped", "clamp_hi")                                                     \
  X(ClampIn, Operand, "activation.clamped", "the scaled value")                                            \
  X(ClampRule, Rule, "activation.clamped", "the clamp")                                                    \
  X(ClampHold, Condition, "activation.clamped", "that it loads only with a valid beat")                    \
  X(SaturatedLanes, Lanes, "activation.act_saturated", "the lanes whose flags count")                      \
  X(SaturatedRule, Rule, "activation.act_saturated", "what counts as saturated")                           \
  X(TableMode, Mode, "tile.output_fifo", "table")                                                          \
  X(TableUnsigned, Mode, "tile.output_fifo", "output_unsigned")                                            \
  X(TableWritten, Condition, "tile.output_fifo", "that a line never loaded counts as 0")                   \
  X(TableIndex, Address, "tile.output_fifo", "the entry of the table")                                     \
  X(TableBytes, Rule, "tile.output_fifo", "the order of the bytes of a line")                              \
  X(TableUndefined, Condition, "activation.act_undefined", "reading a line never loaded")                  \
  X(TableUndefinedLanes, Lanes, "activation.act_undefined", "the lanes whose flags count")                 \
  X(OutputIn, Operand, "tile.output_fifo", "the lane")                                                     \
  X(OutputColumns, Mode, "tile.output_fifo", "the columns")                                                \
  X(OutputLanes, Lanes, "tile.output_fifo", "the lanes that are not 0")                                    \
  X(ConvertMode, Mode, "activation.converted", "the format")                                               \
  X(ConvertRaw, Mode, "activation.converted", "raw")                                                       \
  X(ConvertRelu, Mode, "activation.converted", "relu")                                                     \
  X(ConvertSaturate, Mode, "activation.converted", "saturate")                                             \
  X(ConvertStochastic, Mode, "activation.converted", "stochastic")                                         \
  X(ConvertIn, Operand, "activation.converted", "the biased sum")                                          \
  X(ConvertRandom, Operand, "activation.converted", "the random number")                                   \
  X(ConvertRule, Rule, "activation.converted", "the conversion")                                           \
  X(RandomLanes, Lanes, "activation.random", "the lanes that step")                                        \
  X(RandomStep, Condition, "activation.random", "that only a stochastic beat steps it")                    \
  X(FloatFlagLanes, Lanes, "activation.act_flags", "the lanes whose flags count")                          \
  X(FloatFlags, Rule, "activation.act_flags", "the flags")

enum class Site : uint16_t {
  None,
  Register,  ///< a whole register, whatever its rule
#define ASSAY_SITE_NAME(name, role, rule, what) name,
  ASSAY_DIAGNOSIS_CONTROL_SITES(ASSAY_SITE_NAME) ASSAY_DIAGNOSIS_ARRAY_SITES(ASSAY_SITE_NAME) ASSAY_DIAGNOSIS_ACTIVATION_SITES(ASSAY_SITE_NAME)
#undef ASSAY_SITE_NAME
      Count
};

struct SiteInfo {
  const char* name;
  Role role;
  const char* rule;  ///< the register or unit whose rule it stands in
  const char* what;
};
/// Not for None, Register and Count.
const SiteInfo& site_info(Site site);

}  // namespace assay::npu
