"""The gateway: the only Docker socket that a student can open.

A normalising proxy with an allow-list. It parses each request strictly (``head``, ``target``, ``strictjson``), finds
its route in a table (``routes``), decides on the parsed form (``models``, ``decide``), and sends the Engine a request
that it wrote itself (``connection``). Answers stream back as they come.
"""
