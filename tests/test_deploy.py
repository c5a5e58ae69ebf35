"""docs/deploy: the compose overrides and the Kubernetes manifests keep to their schemas, fit together, and name only settings, roles
and paths that there are. That what they start does start is shown in tests/e2e/test_deployed_roles.py."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.run import ROLES, STOP_WITHIN
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
OVERRIDES = ("roles.yml", "webhook.yml", "cluster.yml")
COMPOSE: dict[str, dict[str, Any]] = {
    path.name: yaml.safe_load(path.read_text("utf-8"))
    for path in (ROOT / "docker-compose.yml", *(DEPLOY / name for name in OVERRIDES))
}
OBJECTS: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
SCHEMA = ROOT / "tests" / "kubernetes.schema.json"
PATHS = ("/healthz", "/readyz", "/metrics")


def check(*words: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("check-jsonschema", path=sysconfig.get_path("scripts")) or "check-jsonschema"
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)


def merged(*names: str) -> dict[str, Any]:
    """As `docker compose -f … -f …` joins files: maps deeply, everything else by the later one."""
    result: dict[str, Any] = {}
    for name in names:
        _merge(result, json.loads(json.dumps(COMPOSE[name])))  # what YAML's anchors share is apart again
    return result


def _merge(into: dict[str, Any], other: dict[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


ALL = merged("docker-compose.yml", *OVERRIDES)


def roles_in(words: list[str]) -> set[str]:
    assert words[:2] == ["run", "--only"] and len(words) == 3
    return set(words[2].split(","))


def ours(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == kind}


def container(deployment: dict[str, Any]) -> dict[str, Any]:
    (only,) = deployment["spec"]["template"]["spec"]["containers"]
    return dict(only)


# ------------------------------------------------------------------------------------------------ compose
def test_the_overrides_keep_to_the_schema(tmp_path: Path) -> None:
    whole = tmp_path / "whole.yml"
    whole.write_text(yaml.safe_dump(ALL), "utf-8")
    done = check("--builtin-schema", "vendor.compose-spec", whole, *(DEPLOY / name for name in OVERRIDES))
    assert done.returncode == 0, done.stdout


def test_every_role_runs_and_every_service_is_watched() -> None:
    services = merged("docker-compose.yml", "roles.yml")["services"]
    assert set().union(*(roles_in(one["command"]) for name, one in services.items() if name != "store")) == set(ROLES)
    for name, one in ALL["services"].items():
        if name != "join":
            assert one["restart"] == "unless-stopped" and one["healthcheck"]["test"], name
        assert set(one["networks"]) <= set(ALL["networks"])
        assert {mount.partition(":")[0] for mount in one.get("volumes", ())} <= {*ALL["volumes"], "./inbox"}
        assert set(one.get("secrets", ())) <= set(ALL["secrets"])
        assert set(one.get("depends_on", ())) <= set(ALL["services"])


def test_several_chats_only_behind_a_webhook() -> None:
    polled = merged("docker-compose.yml", "roles.yml")["services"]["chat"]
    assert polled["deploy"]["replicas"] == 1 and "KANBAO_WEBHOOK_URL" not in polled["environment"]
    hooked = ALL["services"]["chat"]
    assert hooked["deploy"]["replicas"] > 1 and {"KANBAO_WEBHOOK_URL", "KANBAO_WEBHOOK_SECRET_FILE"} <= set(
        hooked["environment"]
    )


def test_the_clusters_masters_are_what_the_single_store_is() -> None:
    command = ALL["services"]["store"]["command"]
    single = COMPOSE["docker-compose.yml"]["services"]["store"]["command"]
    assert command[: len(single)] == single and "--cluster-enabled" in command
    assert ALL["services"]["store2"]["command"] == ALL["services"]["store3"]["command"] == command
    volumes = [ALL["services"][name]["volumes"] for name in ("store", "store2", "store3")]
    assert len({str(mounts) for mounts in volumes}) == 3
    for name in ("kanbao", "compose", "deliver", "chat"):
        one = ALL["services"][name]
        assert one["environment"]["KANBAO_REDIS_URL"].startswith("redis+cluster://store:")
        assert one["depends_on"]["join"] == {"condition": "service_completed_successfully"}


def test_the_script_that_joins_the_masters_is_a_script() -> None:
    shell, flag, script = ALL["services"]["join"]["command"]
    assert (shell, flag) == ("sh", "-ec")
    done = subprocess.run(["sh", "-n"], input=script.replace("$$", "$"), text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", ["kanbao", "compose", "deliver", "chat"])
def test_the_settings_are_settings(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ALL["services"][service]["environment"]
    read = settings_of(asked, tmp_path, monkeypatch)
    assert set(asked) <= {f"KANBAO_{field.upper()}" for field in Settings.model_fields}
    assert read.web_address == ("0.0.0.0", 8080) and read.log == "json"
    assert (read.webhook_url is not None) is (service == "chat")


def settings_of(asked: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As a container gets them when `.env` holds the webhook's address only."""
    for name in [name for name in os.environ if name.startswith("KANBAO_")]:
        monkeypatch.delenv(name)
    (folder / "bot_token").write_text("123456:" + "a" * 35)
    (folder / "webhook_secret").write_text("b" * 64)
    for name, value in asked.items():
        value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value).replace("/run/secrets", str(folder))
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:\?[^}]*\}", "https://bot.example.org/telegram", value))
    return Settings()


# ------------------------------------------------------------------------------------------------ Kubernetes
def test_the_manifests_keep_to_the_schema(tmp_path: Path) -> None:
    done = checked(OBJECTS, tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_schema_sees_what_is_wrong(tmp_path: Path) -> None:
    broken = deepcopy(next(one for one in OBJECTS if one["kind"] == "Deployment"))
    container(broken)["readinessProbe"]["httpget"] = {}
    done = checked([broken, {"kind": "Deploiment"}], tmp_path)
    assert done.returncode == 1 and "httpget" in done.stdout and "Deploiment" in done.stdout


def checked(objects: list[dict[str, Any]], folder: Path) -> subprocess.CompletedProcess[str]:
    names = [folder / f"{at}.json" for at in range(len(objects))]
    for name, one in zip(names, objects, strict=True):
        name.write_text(json.dumps(one), "utf-8")
    return check("--schemafile", SCHEMA, *names)


def test_what_refers_finds_what_it_names() -> None:
    pods = {**ours("Deployment"), **ours("StatefulSet")}
    labels = {name: one["spec"]["template"]["metadata"]["labels"] for name, one in pods.items()}
    for name, one in pods.items():
        assert one["spec"]["selector"]["matchLabels"].items() <= labels[name].items()
        spec, only = one["spec"]["template"]["spec"], container(one)
        claims = one["spec"].get("volumeClaimTemplates", [])
        volumes = {volume["name"] for volume in spec.get("volumes", ())} | {c["metadata"]["name"] for c in claims}
        assert {mount["name"] for mount in only["volumeMounts"]} == volumes
        used = [
            v["persistentVolumeClaim"]["claimName"] for v in spec.get("volumes", ()) if "persistentVolumeClaim" in v
        ]
        assert set(used) <= set(ours("PersistentVolumeClaim"))
        assert all(e["configMapRef"]["name"] in ours("ConfigMap") for e in only.get("envFrom", ()))
    for name, one in ours("Service").items():
        (target,) = [pod for pod in pods if one["spec"]["selector"].items() <= labels[pod].items()]
        ports = {port.get("name") for port in container(pods[target])["ports"]}
        assert {port.get("targetPort", port["name"]) for port in one["spec"]["ports"]} <= ports, name
    for one in ours("HorizontalPodAutoscaler").values():
        assert one["spec"]["minReplicas"] == pods[one["spec"]["scaleTargetRef"]["name"]]["spec"]["replicas"]
    for name, one in ours("PodDisruptionBudget").items():
        assert one["spec"]["selector"] == pods[name]["spec"]["selector"]
        assert one["spec"]["minAvailable"] < pods[name]["spec"]["replicas"]


def test_every_role_has_pods_that_are_probed_and_have_time_to_end() -> None:
    found: set[str] = set()
    for one in ours("Deployment").values():
        only, spec = container(one), one["spec"]["template"]["spec"]
        found |= roles_in(only["args"])
        assert "web" in roles_in(only["args"])
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert only[probe]["httpGet"]["path"] in PATHS and only[probe]["httpGet"]["port"] == "http"
        pause = int(only.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["", "0"])[1])
        assert spec["terminationGracePeriodSeconds"] >= STOP_WITHIN + pause + 5
    assert found == set(ROLES)


@pytest.mark.parametrize("name", sorted(ours("Deployment")))
def test_the_pods_settings_are_settings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = dict(ours("ConfigMap")["kanbao"]["data"])
    secrets = {"bot-token": "123456:" + "a" * 35, "webhook-secret": "b" * 64}
    for env in container(ours("Deployment")[name])["env"]:
        if "value" in env:
            given[env["name"]] = env["value"]
        else:
            assert env["valueFrom"]["secretKeyRef"]["name"] == "kanbao"
            given[env["name"]] = secrets[env["valueFrom"]["secretKeyRef"]["key"]]
    assert set(given) <= {f"KANBAO_{field.upper()}" for field in Settings.model_fields}
    read = settings_of(given, tmp_path, monkeypatch)
    assert not read.sandbox and (read.webhook_url is not None) is (name == "chat")


def test_the_ingress_leads_to_the_webhook() -> None:
    (rule,) = ours("Ingress")["chat"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    urls = [e["value"] for e in container(ours("Deployment")["chat"])["env"] if e["name"] == "KANBAO_WEBHOOK_URL"]
    assert (urlsplit(urls[0]).hostname, urlsplit(urls[0]).path) == (rule["host"], path["path"])
    assert path["pathType"] == "Exact" and path["backend"]["service"]["name"] in ours("Service")


def test_the_store_is_the_composed_one() -> None:
    command = container(ours("StatefulSet")["store"])["command"]
    single = COMPOSE["docker-compose.yml"]["services"]["store"]["command"]
    assert command == [*single, "--dir", "/data"]
