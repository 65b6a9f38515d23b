{# The person behind an account. Accounts outside the roster count as one person: several may be one, and one must not look like a quorum. #}
{% macro person_of(account, accounts) -%}
    case
        when {{ accounts }}.person_key is not null
        then {{ accounts }}.person_key
        when {{ account }} is not null
        then 'unrostered'
    end
{%- endmacro %}
