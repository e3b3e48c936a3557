#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes images.npy and labels.npy from digits.csv.gz (1,797 lines of 64 pixels 0..16 and a label).

usage: make_images.py digits.csv.gz [DIR]           write into DIR (default: beside this script)
       make_images.py --check digits.csv.gz [DIR]   compare with the files in DIR instead
"""
import gzip
import pathlib
import sys


def npy(descr, shape, payload):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, shape)
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + payload


def convert(path):
    with gzip.open(path, "rt", encoding="ascii") as lines:
        rows = [[int(float(x)) for x in line.split(",")] for line in lines]
    if len(rows) != 1797 or any(len(row) != 65 for row in rows):
        sys.exit(f"{path}: expected 1797 lines of 65 numbers")
    if any(not 0 <= p <= 16 for row in rows for p in row[:64]) or any(not 0 <= row[64] <= 9 for row in rows):
        sys.exit(f"{path}: pixel outside 0..16 or label outside 0..9")
    # int8 = 15·pixel − 128: scale 1/240, zero point −128, lossless; the real value is pixel/16.
    pixels = bytes((15 * p - 128) & 255 for row in rows for p in row[:64])
    return {"images.npy": npy("|i1", (1797, 64), pixels), "labels.npy": npy("|u1", (1797,), bytes(row[64] for row in rows))}


def main(args):
    check = args[:1] == ["--check"]
    args = args[check:]
    if len(args) not in (1, 2):
        sys.exit(__doc__)
    folder = pathlib.Path(args[1]) if len(args) == 2 else pathlib.Path(__file__).parent
    wrong = 0
    for name, data in convert(args[0]).items():
        if not check:
            (folder / name).write_bytes(data)
        elif (folder / name).read_bytes() != data:
            print(f"{folder / name}: differs")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
