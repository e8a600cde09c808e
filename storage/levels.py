"""The levels of the tree of places, and what people may be there."""

from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """The five levels of the tree; a tree may leave levels out (since 1 July 2025 there is no huyện)."""

    NATION = "nuoc"
    PROVINCE = "tinh"
    DISTRICT = "huyen"
    COMMUNE = "xa"
    VILLAGE = "thon"


LASTING: Final = (Level.PROVINCE, Level.DISTRICT)
"""Levels at which a closed unit is still asked about its ground, since a plan may still be in force for it."""


class RoleName(StrEnum):
    VILLAGE_HEAD = "truong-thon"
    COMMUNE_OFFICER = "can-bo-xa"
    DISTRICT_OFFICER = "can-bo-huyen"
    PROVINCE_OFFICER = "can-bo-tinh"
    CENTRAL_OFFICER = "trung-uong"
    ADMINISTRATOR = "quan-tri"
