"""Pictures of what the Engine says right now, and of how it works, as SVG inside HTML, with a text twin."""

from __future__ import annotations

from course.views.build import build
from course.views.compose import compose
from course.views.diagnosis import diagnosis
from course.views.drawings.architecture import architecture
from course.views.drawings.build_context import build_context
from course.views.drawings.namespaces import namespaces
from course.views.drawings.overlay import overlay
from course.views.drawings.publishing import publishing
from course.views.drawings.rag_stack import rag_stack
from course.views.drawings.signals import signals
from course.views.drawings.vm_and_container import vm_and_container
from course.views.layers import layers
from course.views.life_cycle import life_cycle
from course.views.machine import machine
from course.views.networks import networks
from course.views.ports import ports
from course.views.stopping import stopping
from course.views.storage import storage
from course.views.svg import Picture

__all__ = [
    "Picture",
    "architecture",
    "build",
    "build_context",
    "compose",
    "diagnosis",
    "layers",
    "life_cycle",
    "machine",
    "namespaces",
    "networks",
    "overlay",
    "ports",
    "publishing",
    "rag_stack",
    "signals",
    "stopping",
    "storage",
    "vm_and_container",
]
