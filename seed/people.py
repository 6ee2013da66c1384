"""Units, people and posts of the demo county: invented, and said to be so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role, UnitKind

COUNTY = "330225"
SINCE = date(2024, 1, 1)
PASSWORD = "xiangshan-demo-2026"  # printed by `make demo`, which binds to loopback only


@dataclass(frozen=True, kw_only=True)
class DemoUnit:
    code: str
    name: str
    kind: UnitKind
    division: str = COUNTY
    parent: str = "B01"


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    username: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    shown: str = ""  # why a visitor would sign in as this person; empty leaves it off the table


UNITS = (
    DemoUnit(code="B01", name="象山县综合行政执法局", kind=UnitKind.BUREAU, parent=""),
    DemoUnit(code="C01", name="智慧城管指挥中心", kind=UnitKind.CENTRE),
    DemoUnit(code="S01", name="丹东中队", kind=UnitKind.SQUAD, division="330225001"),
    DemoUnit(code="S02", name="丹西中队", kind=UnitKind.SQUAD, division="330225002"),
    DemoUnit(code="S03", name="爵溪中队", kind=UnitKind.SQUAD, division="330225003"),
    DemoUnit(code="S04", name="石浦中队", kind=UnitKind.SQUAD, division="330225101"),
    DemoUnit(code="S05", name="西周中队", kind=UnitKind.SQUAD, division="330225102"),
    DemoUnit(code="S06", name="贤庠中队", kind=UnitKind.SQUAD, division="330225104"),
    DemoUnit(code="S07", name="定塘中队", kind=UnitKind.SQUAD, division="330225107"),
    DemoUnit(code="S08", name="高塘岛中队", kind=UnitKind.SQUAD, division="330225204"),
    DemoUnit(code="D01", name="环境卫生指导中心", kind=UnitKind.DEPARTMENT),
    DemoUnit(code="D02", name="市政园林管理中心", kind=UnitKind.DEPARTMENT),
    DemoUnit(code="D03", name="县住房和城乡建设局", kind=UnitKind.DEPARTMENT, parent=""),
    DemoUnit(code="D04", name="县交通运输局", kind=UnitKind.DEPARTMENT, parent=""),
    DemoUnit(code="D05", name="县供水有限公司", kind=UnitKind.DEPARTMENT, parent=""),
    DemoUnit(code="D06", name="县供电公司", kind=UnitKind.DEPARTMENT, parent=""),
    DemoUnit(code="K01", name="清海保洁服务有限公司", kind=UnitKind.CONTRACTOR, parent="D01"),
    DemoUnit(code="K02", name="远山市政养护有限公司", kind=UnitKind.CONTRACTOR, parent="D02"),
    DemoUnit(
        code="T01", name="丹东街道办事处", kind=UnitKind.TOWN, division="330225001", parent=""
    ),
    DemoUnit(
        code="T02", name="丹西街道办事处", kind=UnitKind.TOWN, division="330225002", parent=""
    ),
)

PEOPLE = (
    DemoPerson(
        username="haiyan", name="陈海燕", unit="C01", shown="值班长：立案、派遣、结案",
        roles=(Role.DUTY_MANAGER, Role.DISPATCHER, Role.ACCEPTANCE_OFFICER),
    ),
    DemoPerson(
        username="lina", name="蒋丽娜", unit="C01", shown="抓拍复核员：确认或驳回机器发现",
        roles=(Role.REVIEWER,),
    ),
    DemoPerson(
        username="wangfang", name="王芳", unit="C01", shown="受理员：登记热线和群众来件",
        roles=(Role.ACCEPTANCE_OFFICER,),
    ),
    DemoPerson(
        username="xiaoyan", name="周小燕", unit="C01", shown="信息采集员：上报、核实、核查",
        roles=(Role.COLLECTOR,),
    ),
    DemoPerson(username="liming", name="李明", unit="C01", roles=(Role.COLLECTOR,)),
    DemoPerson(
        username="haibo", name="任海波", unit="S01", shown="丹东中队队员：处置、拍处置后照片",
        roles=(Role.HANDLER,),
    ),
    DemoPerson(username="jianjun", name="朱建军", unit="S01", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="minhui", name="吴敏慧", unit="S02", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="shipu", name="郑石浪", unit="S04", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="baojie", name="何保洁", unit="D01", roles=(Role.HANDLER,)),
    DemoPerson(username="shizheng", name="钱正平", unit="D02", roles=(Role.HANDLER,)),
    DemoPerson(username="juexi", name="叶爵安", unit="S03", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="xizhou", name="赖西平", unit="S05", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="xianxiang", name="史贤良", unit="S06", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="dingtang", name="俞定一", unit="S07", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="gaotang", name="胡高远", unit="S08", roles=(Role.SQUAD_LEADER, Role.HANDLER)),
    DemoPerson(username="zhujian", name="柳建成", unit="D03", roles=(Role.HANDLER,)),
    DemoPerson(username="jiaotong", name="邵通达", unit="D04", roles=(Role.HANDLER,)),
    DemoPerson(username="gongshui", name="江水清", unit="D05", roles=(Role.HANDLER,)),
    DemoPerson(username="gongdian", name="雷光明", unit="D06", roles=(Role.HANDLER,)),
    DemoPerson(username="yuanshan", name="钱工成", unit="K02", roles=(Role.HANDLER,)),
    DemoPerson(
        username="dandong", name="林丹", unit="T01", shown="镇街人员：只看本街道",
        roles=(Role.TOWN_OFFICER,),
    ),
    DemoPerson(
        username="zhaoqiang", name="赵强", unit="B01", shown="局领导：看数字，点开到案件",
        roles=(Role.LEADER,),
    ),
    DemoPerson(
        username="admin", name="管理员", unit="C01", shown="系统管理员：人员、摄像头、日志",
        roles=(Role.ADMINISTRATOR,),
    ),
    DemoPerson(
        username="jiancha", name="孙检", unit="B01", shown="监督检察：只读", roles=(Role.AUDITOR,)
    ),
)  # fmt: skip


COUNT = len(UNITS) + len(PEOPLE)


def settle(*, actor: Actor, now: datetime) -> Iterator[str]:
    """Create the units and people that are missing; yield the name of each."""
    known = {unit.code for unit in accounts.unit_refs(county=COUNTY)}
    for unit in UNITS:
        if unit.code not in known:
            accounts.create_unit(
                code=unit.code, name=unit.name, kind=unit.kind, division=unit.division,
                parent=unit.parent, actor=actor, now=now,
            )  # fmt: skip
            yield unit.name
    for person in PEOPLE:
        yield _person(person, actor=actor, now=now)


def _person(person: DemoPerson, *, actor: Actor, now: datetime) -> str:
    if accounts.person_ref(person.username):
        return person.name
    ref = accounts.create_person(
        username=person.username, name=person.name, unit=person.unit, password=PASSWORD,
        actor=actor, now=now,
    )  # fmt: skip
    for role in person.roles:
        accounts.give_post(ref, role=role, valid_from=SINCE, actor=actor, now=now)
    return person.name


def actor(username: str, *, now: datetime) -> Actor:
    """Return one of them as an actor, with the posts of the day."""
    from chengzhi.accounts.models import Person

    return accounts.actor_of(Person.objects.get(username=username), on=timezone.localdate(now))


def table() -> str:
    """Return the logins worth showing, as lines for a terminal."""
    shown = [p for p in PEOPLE if p.shown]
    return "\n".join(f"  {p.username:<12}{PASSWORD}   {p.name} {p.shown}" for p in shown)


FOUNDED = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
ADMIN = Actor(
    ref="system:seed", name="演示数据", roles=frozenset({Role.ADMINISTRATOR, Role.SYSTEM}),
    unit="C01", division=COUNTY,
)  # fmt: skip
