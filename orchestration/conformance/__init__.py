"""The conformance kit: tiny histories with what must come out of them, run through the door and the real models.

A case tells events and the exact values of the marts, before any protection (docs/conformance.md). Its events become
the answers that a system would give (`changes`, `tasks`, `commits`); the real declarations minimise them and the real
writer stores them (`door`); dbt's compiled models run over that vault in memory; what the registry says of each measure
is worked out from the marts, in full (`measured`).

Left out is what does not decide numbers: HTTP and paging, which tests/unit/test_extract_*.py hold over real HTTP, and
the protection, which the gate and the attacks hold.
"""
