"""Codes of places: how they are written, read and given out."""

from dataclasses import dataclass

from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.types import LEVEL_DIGITS, Level

CELL_DIGITS = 15  # GB/T 47678.3: 6 county + 3 town + 3 community + 3 sequence
COMPONENT_DIGITS = 17  # GB/T 47678.5: 6 county + 2 major class + 3 minor class + 6 sequence
TYPE_DIGITS = 5  # GB/T 47678.5: 2 major class + 3 minor class
CELLS_PER_COMMUNITY = 999
COMPONENTS_PER_TYPE = 999_999


@dataclass(frozen=True, kw_only=True, slots=True)
class CellCode:
    """A unit grid's code (单元网格标识码), read into its parts."""

    county: str
    town: str  # nine digits
    community: str  # twelve digits
    sequence: int

    def __str__(self) -> str:
        return f"{self.community}{self.sequence:03d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentCode:
    """A component's code (管理部件标识码), read into its parts."""

    county: str
    type_code: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.county}{self.type_code}{self.sequence:06d}"


def cell_code(community: str, sequence: int) -> str:
    """Return the fifteen digits of a community's n-th unit grid.

    :raises InvalidInput: the community's code is malformed, or its numbers are used up.
    """
    digits(community, LEVEL_DIGITS[Level.COMMUNITY], "社区代码")
    if not 1 <= sequence <= CELLS_PER_COMMUNITY:
        raise InvalidInput(
            f"社区{community}的单元网格序号为{sequence}，只能在1至{CELLS_PER_COMMUNITY}之间。"
            "请划分社区或合并网格。",
            field="sequence",
        )
    return f"{community}{sequence:03d}"


def read_cell_code(code: str) -> CellCode:
    """Return the parts of a unit grid's code.

    :raises InvalidInput: it is not fifteen digits, or its sequence is zero.
    """
    digits(code, CELL_DIGITS, "单元网格标识码")
    sequence = int(code[12:])
    if not sequence:
        raise InvalidInput(f"单元网格标识码{code}的序号为000，应从001起编。", field="code")
    return CellCode(county=code[:6], town=code[:9], community=code[:12], sequence=sequence)


def component_code(county: str, type_code: str, sequence: int) -> str:
    """Return the seventeen digits of a county's n-th component of a type.

    :raises InvalidInput: a part is malformed, or the type's numbers are used up.
    """
    digits(county, LEVEL_DIGITS[Level.COUNTY], "区划代码")
    digits(type_code, TYPE_DIGITS, "部件类别代码")
    if not 1 <= sequence <= COMPONENTS_PER_TYPE:
        raise InvalidInput(
            f"{county}的{type_code}类部件序号为{sequence}，"
            f"只能在1至{COMPONENTS_PER_TYPE}之间；号码不重复使用。",
            field="sequence",
        )
    return f"{county}{type_code}{sequence:06d}"


def read_component_code(code: str) -> ComponentCode:
    """Return the parts of a component's code.

    :raises InvalidInput: it is not seventeen digits, or its sequence is zero.
    """
    digits(code, COMPONENT_DIGITS, "管理部件标识码")
    sequence = int(code[11:])
    if not sequence:
        raise InvalidInput(f"管理部件标识码{code}的序号为000000，应从000001起编。", field="code")
    return ComponentCode(county=code[:6], type_code=code[6:11], sequence=sequence)


def level_of(code: str) -> Level:
    """Return a division's level from the length of its code.

    :raises InvalidInput: no level has codes of that length.
    """
    for level, length in LEVEL_DIGITS.items():
        if len(code) == length and is_digits(code):
            return level
    raise InvalidInput(
        f"区划代码“{code}”不对：县（市、区）6位、街道（乡镇）9位、社区（村）12位数字。",
        field="code",
    )


def parent_of(code: str) -> str:
    """Return the code of the division above; empty for a county."""
    return {6: "", 9: code[:6], 12: code[:9]}[len(code)]


def digits(code: str, length: int, what: str) -> str:
    """Return the code if it is so many digits.

    :raises InvalidInput: it is not; the sentence says what it is and should be.
    """
    if len(code) != length or not is_digits(code):
        raise InvalidInput(f"{what}“{code}”不对：应为{length}位数字。", field="code")
    return code


def is_digits(code: str) -> bool:
    """Return whether a code is written in the ten ASCII digits only."""
    return code.isascii() and code.isdigit()
