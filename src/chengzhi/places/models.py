"""Tables of places: divisions, unit grids, patrol grids, roads and components."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from chengzhi.places.types import LEVEL_DIGITS, ComponentStatus, DataSource, Level

models.CharField.register_lookup(Length)


class Division(models.Model):
    """An administrative division (行政区划): county, town or community, with its shape if known."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    squad = models.CharField(max_length=18, blank=True)  # unit answerable outside patrol grids
    polygon = models.JSONField(null=True, blank=True)  # GeoJSON geometry, WGS-84
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="places_division_once"
            ),
            models.CheckConstraint(
                name="places_division_code",
                condition=models.Q(
                    *(
                        Q(
                            level=level.value,
                            code__length=LEVEL_DIGITS[level],
                            parent__isnull=level is Level.COUNTY,
                        )
                        for level in Level
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="places_division_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="places_division_level")]


class PatrolGrid(models.Model):
    """A patrol grid (责任网格): the beat of one collector, made of unit grids."""

    code = models.CharField(max_length=20, unique=True)  # town code + local number
    name = models.CharField(max_length=60)
    town_code = models.CharField(max_length=9)
    squad = models.CharField(max_length=18, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="places_grid_town", condition=Q(town_code__length=LEVEL_DIGITS[Level.TOWN])
            ),
            models.CheckConstraint(
                name="places_grid_code", condition=Q(code__startswith=models.F("town_code"))
            ),
        ]


class Cell(models.Model):
    """A unit grid (单元网格, GB/T 47678.3). A changed border closes the row and adds another."""

    code = models.CharField(max_length=15)
    polygon = models.JSONField()  # GeoJSON geometry, WGS-84
    area = models.FloatField()  # square metres
    grid = models.ForeignKey(
        PatrolGrid, models.PROTECT, null=True, blank=True, related_name="cells"
    )
    initial_on = models.DateField()
    changed_on = models.DateField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    remark = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="places_cell_once"
            ),
            models.CheckConstraint(name="places_cell_code", condition=Q(code__length=15)),
            models.CheckConstraint(name="places_cell_area", condition=Q(area__gt=0)),
        ]


class Road(models.Model):
    """A road by its name and middle line."""

    code = models.CharField(max_length=20, unique=True)  # county code + local number
    name = models.CharField(max_length=60)
    line = models.JSONField()  # GeoJSON geometry, WGS-84
    length = models.FloatField()  # metres

    class Meta:
        indexes = [models.Index(fields=["name"], name="places_road_name")]


class Component(models.Model):
    """A managed component (管理部件) with the attributes of GB/T 47678.5 table 2.

    A code is never given twice: a removed component keeps its row with the status "removed".
    """

    code = models.CharField("标识码", max_length=17, unique=True)
    county = models.CharField(max_length=6)
    type_code = models.CharField("类别代码", max_length=5)
    sequence = models.PositiveIntegerField()
    name = models.CharField("部件名称", max_length=30)
    authority_code = models.CharField("主管部门代码", max_length=18)
    authority_name = models.CharField("主管部门名称", max_length=100)
    owner_code = models.CharField("权属单位代码", max_length=18, blank=True)
    owner_name = models.CharField("权属单位名称", max_length=100, blank=True)
    maintainer_code = models.CharField("养护单位代码", max_length=18, blank=True)
    maintainer_name = models.CharField("养护单位名称", max_length=100, blank=True)
    cell_code = models.CharField("所在单元网格", max_length=15)
    status = models.CharField("状态", max_length=10)
    initial_on = models.DateField("初始日期")
    changed_on = models.DateField("变更日期", null=True, blank=True)
    source = models.CharField("数据来源", max_length=20)
    town_code = models.CharField("所在街道", max_length=9)
    community_code = models.CharField("所在社区", max_length=12)
    remark = models.CharField("备注", max_length=1000, blank=True)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "type_code", "sequence"], name="places_component_sequence"
            ),
            models.CheckConstraint(
                name="places_component_codes",
                condition=Q(
                    code__length=17,
                    county__length=6,
                    type_code__length=5,
                    cell_code__length=15,
                    town_code__length=9,
                    community_code__length=12,
                ),
            ),
            models.CheckConstraint(
                name="places_component_status",
                condition=Q(status__in=[status.value for status in ComponentStatus]),
            ),
            models.CheckConstraint(
                name="places_component_source",
                condition=Q(source__in=[source.value for source in DataSource]),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "code"], name="places_component_county"),
            models.Index(fields=["cell_code"], name="places_component_cell"),
            models.Index(fields=["town_code", "code"], name="places_component_town"),
        ]


class PlacesVersion(models.Model):
    """The county's state of shapes; every import changes the stamp that the index is keyed by."""

    county = models.CharField(max_length=6, unique=True)
    number = models.PositiveIntegerField(default=0)
    stamp = models.CharField(max_length=64, blank=True)
