# SPDX-License-Identifier: Apache-2.0
"""prove: RTL and golden model of the datapath units equal the specification, for all inputs (docs/proofs.md)."""
import os
import sys

try:
    import z3  # noqa: F401
except ImportError:  # another Python than the distribution's, which the package python3-z3 belongs to
    system = "/usr/bin/python3"
    if os.path.exists(system) and os.path.realpath(sys.executable) != os.path.realpath(system) and not os.environ.get("ASSAY_PROVE_AGAIN"):
        os.environ["ASSAY_PROVE_AGAIN"] = "1"
        os.execv(system, [system, os.path.dirname(os.path.abspath(__file__)), *sys.argv[1:]])
    print("prove: the Python module z3 is not there: install the package python3-z3", file=sys.stderr)
    sys.exit(3)

import command  # noqa: E402

sys.exit(command.main(sys.argv[1:]))
