"""
The deployed `provision_step`, in a process that kills itself where the provisioning's id says.

Nothing of it is replaced: the platform's ports, steps and engine are wrapped before the real `main.py` is loaded.
"""

from __future__ import annotations

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from tests.crashes.killing import Killer, dying

from provisioning.local.functions import FUNCTIONS, source_of
from provisioning.runtime import current, installed

FOLDER = "CRASHES"

_installation = installed(dying(current(), Killer(Path(os.environ[FOLDER]))))
_installation.__enter__()

_deployed = source_of(next(function for function in FUNCTIONS if function.name == "provision_step"))
_spec = spec_from_file_location("deployed_provision_step", _deployed)
assert _spec is not None and _spec.loader is not None
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
provision_step = _module.provision_step
