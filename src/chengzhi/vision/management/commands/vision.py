"""`chengzhi vision`: a worker's token, camera files and tables, the chain of manifests."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, TokenScope
from chengzhi.kernel.errors import DomainError, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.queries.camera_table import CAMERA_DEED_LABELS, judge_cameras
from chengzhi.vision.queries.manifests import (
    cameras_with_manifests,
    last_epoch_of,
    manifests_of,
    unkept_manifests_of,
)
from chengzhi.vision.rules.camera_file import parse_toml
from chengzhi.vision.rules.manifest_chain import ChainFault, chain_faults, chain_notes
from chengzhi.vision.types import CameraDraft, CameraFile

DAYS = 365


class Command(BaseCommand):
    """Tokens and camera files from the command line."""

    help = "识别程序的令牌（token）、摄像头文件（import-camera）与表格（import）、散列清单的链（chain）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        token = deeds.add_parser("token", help="签发识别程序的令牌，只显示一次")
        token.add_argument("--name", default="camera-worker", help="用途，例如 一号识别机")
        token.add_argument("--days", type=int, default=DAYS, help="有效天数，最多365")
        bring = deeds.add_parser("import-camera", help="按摄像头文件登记或更新一路摄像头")
        bring.add_argument("file", type=Path)
        bring.add_argument("--lon", type=float, help="经度（WGS-84），新摄像头必填")
        bring.add_argument("--lat", type=float, help="纬度（WGS-84），新摄像头必填")
        bring.add_argument("--address", default="", help="地点")
        bring.add_argument("--heading", type=float, help="朝向，正北为0")
        table = deeds.add_parser("import", help="按表格登记或更新许多摄像头，先看会改什么")
        table.add_argument("file", type=Path)
        table.add_argument("--apply", action="store_true", help="写入；不加只显示")
        chain = deeds.add_parser("chain", help="核对每路摄像头每天的散列清单是否首尾相接")
        chain.add_argument("--camera", default="", help="只看一路，填编号")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = accounts.system_actor("command-line", division=settings.CHENGZHI_COUNTY)
        try:
            DEEDS[options["deed"]](self, actor, options)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _token(self, actor: Actor, options: dict[str, Any]) -> None:
        now = timezone.now()
        issued = accounts.issue_token(
            name=options["name"],
            scopes=[TokenScope.VISION],
            expires_at=now + timedelta(days=options["days"]),
            actor=actor,
            now=now,
        )
        self.stdout.write(issued.plain)

    def _bring(self, actor: Actor, options: dict[str, Any]) -> None:
        file = parse_toml(_read(options["file"]))
        now = timezone.now()
        with transaction.atomic():
            if not _is_known(actor, file.code):
                commands.register_camera(file.code, _draft(file, options), actor=actor, now=now)
            commands.import_camera_file(file, actor=actor, now=now)
        self.stdout.write(f"{file.code}：{len(file.zones)} 个区域已导入。")

    def _table(self, actor: Actor, options: dict[str, Any]) -> None:
        content = _bytes(options["file"])
        plan = judge_cameras(actor, content, file_name=options["file"].name)
        for fault in plan.faults:
            self.stdout.write(f"第 {fault.row} 行没有读：{fault.reason}")
        for line in plan.changes:
            fields = "、".join(line.fields)
            self.stdout.write(
                f"第 {line.row} 行 {CAMERA_DEED_LABELS[line.deed]} {line.code} {fields}"
            )
        if options["apply"]:
            commands.import_cameras(content, actor=actor, now=timezone.now())
        done = "已写入" if options["apply"] else "未写入，加 --apply 写入"
        self.stdout.write(f"{len(plan.changes)} 路有改动，{len(plan.faults)} 行没有读；{done}。")

    def _chain(self, actor: Actor, options: dict[str, Any]) -> None:
        one = options["camera"]
        cameras = [access_camera(actor, one).code] if one else cameras_with_manifests(actor)
        count = broken = 0
        for camera in cameras:
            manifests = manifests_of(actor, camera)
            unkept = unkept_manifests_of(actor, camera)
            faults = chain_faults(manifests, unkept, last_epoch=last_epoch_of(actor, camera))
            count, broken = count + len(manifests), broken + len(faults)
            for told in faults:
                self._tell(camera, told)
            for told in chain_notes(manifests, unkept):
                self._tell(camera, told, mark="〔说明〕")
        if broken:
            raise CommandError(f"{count} 份清单中有 {broken} 处不相接。", returncode=1)
        self.stdout.write(f"{len(cameras)} 路摄像头的 {count} 份清单首尾相接。")

    def _tell(self, camera: str, told: ChainFault, *, mark: str = "") -> None:
        where = " ".join(filter(None, (camera, told.day, told.finding_id)))
        self.stdout.write(f"{mark}{where}：{told.reason}")


DEEDS = {
    "chain": Command._chain,
    "import": Command._table,
    "import-camera": Command._bring,
    "token": Command._token,
}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"读不到 {path}，请核对路径。") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"读不到 {path}，请核对路径，文件应为 UTF-8。") from error


def _is_known(actor: Actor, code: str) -> bool:
    try:
        access_camera(actor, code)
    except NotVisible:
        return False
    return True


def _draft(file: CameraFile, options: dict[str, Any]) -> CameraDraft:
    if options["lon"] is None or options["lat"] is None:
        raise CommandError(f"“{file.code}”还没有登记，请加 --lon 和 --lat 写明安装位置。")
    return CameraDraft(
        name=file.name or file.code,
        lon=options["lon"],
        lat=options["lat"],
        address=options["address"],
        heading=options["heading"],
        source=file.source,
        options=file.options,
    )
