"""Manifests and compose file: valid without a cluster, no secret inside, only settings that exist."""

import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from chengzhi_vision.fleet.cost import RESERVE, TYPICAL_MS
from chengzhi_vision.keeping import ROOM
from chengzhi_vision.spool.store import MAX_BYTES as SPOOL_BYTES
from chengzhi_vision.trial.ring import MOST_BYTES, TOTAL_MB, read_total_mb

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
KUBERNETES = "1.31"
GIB = 2**30
DAY_OF_STILLS = 113 * 10**6  # bytes of one camera: 4,320 of 26 KB
REMEMBERED = 5 * 2**20  # of one camera, in <spool>/state: places, street, marks
OURS = re.compile(r"CHENGZHI_[A-Z0-9_]+")


def documents(path: Path) -> list[dict]:
    return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]


def pods() -> list[dict]:
    whole = [one for path in MANIFESTS for one in documents(path)]
    return [one["spec"]["template"]["spec"] for one in whole if "template" in one.get("spec", {})]


def containers() -> list[dict]:
    return [c for pod in pods() for c in [*pod.get("initContainers", []), *pod["containers"]]]


def compose() -> dict:
    return yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_every_manifest_is_valid_without_a_cluster(path):
    for document in documents(path):
        kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_every_container_is_closed_and_says_what_it_needs():
    assert len(containers()) == 4
    for container in containers():
        closed = container["securityContext"]
        assert closed["allowPrivilegeEscalation"] is False
        assert closed["readOnlyRootFilesystem"] is True
        assert closed["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"])
    assert all(pod["securityContext"]["runAsNonRoot"] for pod in pods())


def test_every_folder_that_is_written_to_is_mounted():
    for pod in pods():
        names = {volume["name"] for volume in pod["volumes"]} | {"spool"}
        for container in pod["containers"]:
            mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            assert set(mounts) <= names
            assert mounts["tmp"] == "/tmp"


def test_the_manifests_name_only_settings_that_are_documented():
    told = set(OURS.findall((ROOT / "docs" / "settings.md").read_text("utf-8")))
    used = {
        name
        for path in (ROOT / "deploy").rglob("*")
        if path.is_file()
        for name in OURS.findall(path.read_text("utf-8"))
    }

    assert used <= told


def test_no_secret_lies_in_the_folder():
    secret = {"CHENGZHI_SECRET_KEY", "CHENGZHI_DATABASE", "CHENGZHI_VISION_TOKEN"}
    for path in MANIFESTS:
        for one in documents(path):
            assert one["kind"] != "Secret"
            assert secret.isdisjoint(one.get("data", {}))
    for container in containers():
        told = {item["name"]: item for item in container.get("env", [])}
        assert all("value" not in told[name] for name in secret & set(told))


def test_compose_takes_secrets_from_the_environment_and_refuses_to_start_without():
    services = compose()["services"]
    platform = services["web"]["environment"]

    assert set(services) == {"database", "migrate", "web", "worker", "camera-worker"}
    assert platform["CHENGZHI_SECRET_KEY"].startswith("${CHENGZHI_SECRET_KEY:?")
    assert services["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_compose_mounts_and_waits_only_for_what_it_has():
    whole = compose()
    for service in whole["services"].values():
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert named <= set(whole["volumes"])
        assert set(service.get("depends_on", {})) <= set(whole["services"])


def test_what_runs_is_a_command_of_ours():
    commands = [container["command"] for container in containers()]
    commands += [s["command"] for s in compose()["services"].values() if "command" in s]

    assert {command[0] for command in commands} == {"chengzhi", "chengzhi-vision"}
    assert {command[1] for command in commands} == {"migrate", "serve", "worker", "run"}


def camera_workers() -> dict:
    (found,) = [
        one
        for path in MANIFESTS
        for one in documents(path)
        if one["metadata"]["name"] == "camera-worker" and one["kind"] == "StatefulSet"
    ]
    return found["spec"]


def test_the_volume_of_a_camera_worker_holds_what_its_cores_can_fill():
    spec = camera_workers()
    (container,) = spec["template"]["spec"]["containers"]
    (claim,) = spec["volumeClaimTemplates"]
    told = {item["name"]: item.get("value", "") for item in container["env"]}
    volume = int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi")) * GIB
    stills = read_total_mb(told["CHENGZHI_VISION_STILLS_TOTAL_MB"]) * 2**20
    budget_ms = 1000.0 * int(container["resources"]["limits"]["cpu"]) * (1 - RESERVE)
    cameras = int(budget_ms / TYPICAL_MS)

    assert cameras == 106
    assert stills >= cameras * DAY_OF_STILLS
    assert volume >= stills + SPOOL_BYTES + cameras * REMEMBERED + ROOM


def test_the_default_of_all_stills_is_that_of_the_manifest():
    assert read_total_mb("") == TOTAL_MB == 12288
    assert MOST_BYTES >= DAY_OF_STILLS
