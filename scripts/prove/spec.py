# SPDX-License-Identifier: Apache-2.0
"""Specifications: SMT-LIB files whose functions `claim-NAME` of no argument are what is to be proved.

The comment above a claim says it in words; of its lines `by: z3|cadical` names who decides, `uses: NAME …` claims that are proved by
themselves and may be taken for granted, `cut: WIRE …` wires that are free values here, `side: rtl|model` where it holds. A function
`assume` restricts the inputs. `include: FILE` in the comment at the top puts another file's functions in front.
"""
import dataclasses
import re

from common import UsageError

KEYS = {"by": ["z3", "cadical"], "side": ["rtl", "model"], "uses": None, "cut": None}


@dataclasses.dataclass
class Claim:
    name: str
    words: str
    line: int
    by: str = "z3"
    side: str = ""
    uses: list = dataclasses.field(default_factory=list)
    cut: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Spec:
    file: object
    definitions: dict  # name: text, in order
    claims: dict       # name: Claim

    def cone(self, claim):
        """What `claim` needs of this file: the definitions' text and all symbols in it."""
        needed, seen = ["claim-" + name for name in [claim.name] + claim.uses] + ["assume"] * ("assume" in self.definitions), set()
        while needed:
            name = needed.pop()
            if name not in seen:
                seen.add(name)
                needed += symbols(self.definitions.get(name, ""))
        return "".join(text + "\n" for name, text in self.definitions.items() if name in seen), seen


def symbols(text):
    """The names in a definition but those of its own parameters."""
    bare = re.sub(r"\|[^|]+\||;[^\n]*", " ", text)
    head = re.match(r"\(\s*define-fun\s+\S+\s+\(((?:\s*\(\s*[^\s()]+\s+(?:[^\s()]+|\([^()]*\))\s*\))*)\s*\)", bare)
    own = re.findall(r"\(\s*([^\s()_]+)\s+(?:[^\s()]+|\([^()]*\))\s*\)", head[1]) if head else []
    return [name for name in re.findall(r"\|([^|]+)\|", text) + re.findall(r"[^\s()]+", bare) if name not in own]


def forms(text, place):
    """The top-level forms as (line, comment lines right above, text)."""
    found, comment, at, line = [], [], 0, 1
    while at < len(text):
        if text[at] == ";":
            end = text.find("\n", at) if "\n" in text[at:] else len(text)
            comment.append(text[at:end].lstrip("; ").rstrip())
            at = end
        elif text[at] == "\n":
            if text[at:at + 2] == "\n\n":
                comment = []
            line, at = line + 1, at + 1
        elif text[at].isspace():
            at += 1
        else:
            end = form_end(text, at, f"{place}:{line}")
            found.append((line, comment, text[at:end]))
            line, at, comment = line + text.count("\n", at, end), end, []
    return found


def form_end(text, at, place):
    depth = 0
    if text[at] != "(":
        raise UsageError(f"{place}: {text[at:at + 20].split()[0]}: expected a form in parentheses")
    for match in re.compile(r";[^\n]*|\|[^|]*\||\"[^\"]*\"|[()]").finditer(text, at):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.end()
    raise UsageError(f"{place}: the form is never closed, expected )")


def load(file):
    """A Spec. Only definitions may stand in it: declarations and assertions would change what is proved."""
    try:
        text = file.read_text()
    except OSError as error:
        raise UsageError(f"{file}:1: file: {error.strerror}, expected a specification in SMT-LIB") from None
    definitions, claims = {}, {}
    for name in re.findall(r"^; include: (\S+)$", text, re.M):
        definitions |= load(file.parent / name).definitions
    for line, comment, form in forms(text, file):
        head = re.match(r"\(\s*(define-fun|define-sort)\s+(\|[^|]+\||[^\s()]+)\s*(\(\s*\)\s*Bool)?", form)
        if head is None:
            raise UsageError(f"{file}:{line}: {form.split()[0]}: not allowed here, expected define-fun or define-sort")
        name = head[2].strip("|")
        if name in definitions:
            raise UsageError(f"{file}:{line}: {name}: defined twice, expected one definition")
        definitions[name] = form
        if name.startswith("claim-") or name == "assume":
            if head[3] is None:
                raise UsageError(f"{file}:{line}: {name}: has arguments or is not Bool, expected (define-fun {name} () Bool …)")
        if name.startswith("claim-"):
            claims[name[6:]] = claim_of(name[6:], comment, f"{file}:{line}", line)
    for claim in claims.values():
        for other in claim.uses:
            if other not in claims or other == claim.name:
                raise UsageError(f"{file}:{claim.line}: uses: is '{other}', expected another claim of this file")
    return Spec(file, definitions, claims)


def claim_of(name, comment, place, line):
    claim, words = Claim(name, "", line), []
    for text in comment:
        key = re.match(r"(by|uses|cut|side): (.*)$", text)
        if key is None:
            words.append(text)
        elif KEYS[key[1]] is None:
            setattr(claim, key[1], key[2].split())
        elif key[2] in KEYS[key[1]]:
            setattr(claim, key[1], key[2])
        else:
            raise UsageError(f"{place}: {key[1]}: is '{key[2]}', expected {' or '.join(KEYS[key[1]])}")
    claim.words = " ".join(words)
    if not claim.words:
        raise UsageError(f"{place}: claim-{name}: no comment above it, expected one that says it in words")
    return claim
