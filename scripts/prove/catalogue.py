# SPDX-License-Identifier: Apache-2.0
"""All units, in the order in which they are told."""
import float_units
import integer_units
import small_units
import state_units

ALL = integer_units.UNITS + float_units.UNITS + small_units.UNITS + state_units.UNITS
