"""A story of the protocol's official client: an agent plans, and cannot start before a person has confirmed."""

import asyncio
import json
import os
import subprocess
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

program, book = sys.argv[1], sys.argv[2]
environment = {"HOME": os.environ["HOME"], "USER": "amber", "TZ": "UTC", "CARDFILE_BOOK": book}


def told(result):
    return json.loads(result.content[0].text)


async def story():
    server = StdioServerParameters(command=program, args=["mcp"], env=environment)
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert len(tools) == 11, tools.keys()

        async def call(name, **arguments):
            return told(await session.call_tool(name, arguments))

        found = await call("search", line="company:acme", limit=1)
        assert found["total"] == 2 and len(found["contacts"]) == 1, found
        assert (await call("explain", line="company:acme"))["total"] == 2
        assert "error" in await call("search", line="colour:red")
        assert "error" in await call("search", line="all", colour="red")
        plan = await call("plan_delete", line="company:acme")
        assert plan["expected"] == 2 and not plan["confirmed"], plan
        refused = await call("apply_plan", plan=plan["plan"], expected=2)
        assert refused["error"]["code"]["code"] == "NOT_CONFIRMED", refused
        assert (await call("search", line="all"))["total"] == 5
        confirm = [program, "confirm", plan["plan"], "--yes"]
        assert subprocess.run([*confirm, "3"], env=environment, capture_output=True).returncode == 3
        assert subprocess.run([*confirm, "2"], env=environment, capture_output=True).returncode == 0
        assert (await call("plan_show", plan=plan["plan"]))["confirmed"]
        wrong = await call("apply_plan", plan=plan["plan"], expected=3)
        assert wrong["error"]["code"]["code"] == "WRONG_COUNT", wrong
        job = (await call("apply_plan", plan=plan["plan"], expected=2))["job"]
        again = await call("apply_plan", plan=plan["plan"], expected=2)
        assert again["error"]["code"]["code"] == "NO_PLAN", again
        while (ended := await call("job", job=job))["status"] != "COMPLETED":
            await asyncio.sleep(0.05)
        assert ended["successTotal"] == 2, ended
        undo = await call("plan_undo", job=job)
        assert undo["expected"] == 2, undo
        assert (await call("plan_edit", line="all", add_labels=["x"]))["expected"] == 3
        assert (await call("plan_merge", ids=[1, 4]))["expected"] == 1
    print("mcp: all as told")


asyncio.run(story())
