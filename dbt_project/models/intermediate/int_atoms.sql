{{ config(materialized="incremental", incremental_strategy="by_period", unique_key=["table_name", "period_start"], full_refresh=false, on_schema_change="append_new_columns") }}
{{
    atoms(
        periods=ref("int_periods"),
        units=ref("int_units"),
        members=ref("int_members"),
        ledger=ref("int_ledger"),
        constants=ref("int_constants"),
        quantities=ref("int_quantities"),
        calendar=ref("stg_ops__calendar"),
    )
}}
