#!/usr/bin/env python3
"""runc for a host whose cgroup2 has no controllers, since they are all on cgroup v1: what limits a container is left out, and nothing else."""
import json
import os
import sys

with open("/sys/fs/cgroup/cgroup.controllers") as file:
    has_controllers = "cpu" in file.read().split()
if "create" in sys.argv and not has_controllers:
    path = os.path.join(sys.argv[sys.argv.index("--bundle") + 1], "config.json")
    with open(path) as file:
        spec = json.load(file)
    spec["linux"]["resources"] = {"devices": spec["linux"].get("resources", {}).get("devices", [])}
    with open(path, "w") as file:
        json.dump(spec, file)
os.execvp("runc", sys.argv)
