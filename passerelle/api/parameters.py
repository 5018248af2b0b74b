"""The parameters of the API: what each may be, and that no other is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ontology.model import Role
from passerelle.api.problems import UNKNOWN
from passerelle.views import Filters

MOST_ANSWERS = 200
REPEATABLE = frozenset({"role"})


def _yes_no(value: object) -> object:
    """`true` or `false` as a boolean; anything else is left for the refusal."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value, "neither")
    return value


Flag = Annotated[bool, BeforeValidator(_yes_no)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=8_000)]
Count = Annotated[int, Field(ge=1, le=MOST_ANSWERS)]
Kilometres = Annotated[float, Field(gt=0, le=20_000, allow_inf_nan=False)]


class Known(BaseModel):
    """Parameters of a request; one that is not declared is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def only_known(cls, given: object) -> object:
        """What is given, when every name is declared; the refusal names the first that is not, and those that are."""
        unknown = [name for name in given if name not in cls.model_fields] if isinstance(given, Mapping) else []
        if unknown:
            known = ", ".join(cls.model_fields) or "none"
            raise PydanticCustomError(UNKNOWN, "unknown parameter {name}; known: {known}", {"name": repr(str(unknown[0])[:80]), "known": known})
        return given


class SearchQuestion(Known):
    """What is looked for."""

    q: Words = Field(description="A name or a subject, in French or English")
    k: Count = Field(15, description="How many results at most")


class Filtered(Known):
    """The filters that all answers know."""

    role: list[Role] = Field(default=[], description="Only these roles; repeatable")
    sector: str | None = Field(None, min_length=1, max_length=100, description="Only this sector, by its id")


class IdeaQuestion(Filtered):
    """Partners for an idea."""

    text: Words = Field(description="An idea, a need or a project, in French or English")
    k: Count = Field(10, description="How many partners, and how many supports, at most")

    def filters(self) -> Filters:
        """The filters asked for."""
        return Filters(roles=_roles(self.role), sector=self.sector)


class ActorQuestion(Filtered):
    """Partners for an actor."""

    k: Count = Field(10, description="How many partners, and how many supports, at most")
    explore: float = Field(0.0, ge=0, le=1, allow_inf_nan=False, description="From the closest (0) to the most bridging (1)")
    max_km: Kilometres | None = Field(None, description="Within this distance, in km")
    cross_sector: Flag = Field(False, description="Only actors that share no sector")

    def filters(self) -> Filters:
        """The filters asked for."""
        return Filters(roles=_roles(self.role), sector=self.sector, max_km=self.max_km, cross_sector=self.cross_sector)


class LinksQuestion(Filtered):
    """The strongest missing links."""

    k: Count = Field(20, description="How many links at most")
    max_km: Kilometres | None = Field(None, description="Within this distance, in km")
    cross_sector: Flag = Field(False, description="Only actors that share no sector")
    cross_cluster: Flag = Field(False, description="Only between two clusters")
    research_industry: Flag = Field(False, description="Only between research or training and a company")

    def filters(self) -> Filters:
        """The filters asked for."""
        return Filters(
            roles=_roles(self.role),
            sector=self.sector,
            max_km=self.max_km,
            cross_sector=self.cross_sector,
            cross_cluster=self.cross_cluster,
            research_industry=self.research_industry,
        )


def each_once(request: Request) -> None:
    """Nothing, when no parameter is repeated that stands for one value; which of two would be meant cannot be known."""
    keys = [key for key, _ in request.query_params.multi_items() if key not in REPEATABLE]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise RequestValidationError([{"type": "twice", "loc": ("query", twice[0]), "msg": "is given more than once", "input": None}])


def _roles(given: Iterable[Role]) -> frozenset[str]:
    return frozenset(role.value for role in given)
