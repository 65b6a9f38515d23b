{#
    When the work on each of some changes began: with its first commit, but 90 days before the change was opened at the earliest. One row per
    change of `changes(change_key, created_at)`: change_key and started_at. `all_commits` are theirs, and maybe others'.
#}
{% macro work_started(changes, all_commits) %}
    select
        changes.change_key,
        case
            when first_commits.first_commit_at is null
            then changes.created_at
            when first_commits.first_commit_at < changes.created_at - interval 90 day
            then changes.created_at - interval 90 day
            else first_commits.first_commit_at
        end as started_at
    from {{ changes }} as changes
    left join
        (
            select
                commits.change_key,
                min(least(commits.authored_at, commits.committed_at)) as first_commit_at
            from {{ all_commits }} as commits
            join {{ changes }} as changed on changed.change_key = commits.change_key
            group by commits.change_key
        ) as first_commits
        on first_commits.change_key = changes.change_key
{% endmacro %}
