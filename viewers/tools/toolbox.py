"""The tools by their id."""

from viewers.scene.state import ToolId
from viewers.tools.caliper_tool import CaliperTool
from viewers.tools.gesture import Tool
from viewers.tools.intents import PickPoint, SeedThreshold
from viewers.tools.point_tools import ClickTool, RulerTool
from viewers.tools.sphere_tool import ReferenceTool, SphereTool


def new_tool(tool: ToolId) -> Tool | None:
    """A fresh tool of an id; None for those that only move the view."""
    if tool is ToolId.SPHERE:
        return SphereTool()
    if tool is ToolId.REFERENCE:
        return ReferenceTool()
    if tool is ToolId.THRESHOLD:
        return ClickTool(SeedThreshold)
    if tool is ToolId.PICK:
        return ClickTool(PickPoint)
    if tool is ToolId.CALIPER:
        return CaliperTool()
    if tool is ToolId.RULER:
        return RulerTool()
    return None
