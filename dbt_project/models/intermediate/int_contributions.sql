{{ config(enabled="github" in var("systems") or "git" in var("systems")) }}
{% set clip = var("policy")["change_clip"] %}
{# What is not known stays NULL: least() would make it the clip. #}
{% if "github" in var("systems") %}
    select
        change_key as contribution_key,
        author_key,
        merged_at as contributed_at,
        case
            when additions > {{ clip }} then {{ clip }} else additions
        end as lines_added,
        case
            when deletions > {{ clip }} then {{ clip }} else deletions
        end as lines_deleted
    from {{ ref("stg_github__changes") }}
    where
        merged_at is not null
        and author_key is not null
        and not coalesce(author_is_bot, false)
{% endif %}
{% if "github" in var("systems") and "git" in var("systems") %}
    union all
{% endif %}
{% if "git" in var("systems") %}
    select
        commits.commit_key as contribution_key,
        commits.author_key,
        commits.committed_at as contributed_at,
        case
            when commits.additions > {{ clip }} then {{ clip }} else commits.additions
        end as lines_added,
        case
            when commits.deletions > {{ clip }} then {{ clip }} else commits.deletions
        end as lines_deleted
    from {{ ref("stg_git__commits") }} as commits
    where
        not coalesce(commits.is_merge, false)
        and not coalesce(commits.author_is_bot, false)
        and commits.author_key is not null
        {% if "github" in var("systems") %}
            and not exists (
                select 1
                from {{ ref("stg_github__repositories") }} as repositories
                where repositories.repository_key = commits.repository_key
            )
        {% endif %}
{% endif %}
