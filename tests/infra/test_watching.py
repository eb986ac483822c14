"""Logs, alerts and the budget: what is watched, at what limit, and that somebody hears."""

import re

import pytest

from bot.desk.effects import ASSESSMENT, FORWARD_FLAG
from tests.infra.bicep import (
    MODULES,
    Tree,
    config,
    decorator,
    dotted,
    named,
    parameter,
    parse,
    passed,
    resource,
    resources,
)

ALERTS = MODULES["alerts"]
QUERIES = "Microsoft.Insights/scheduledQueryRules"
METRICS = "Microsoft.Insights/metricAlerts"


# The logs


def test_logs_go_to_the_workspace() -> None:
    """Console and system logs reach the workspace with no workspace key."""
    kind = "Microsoft.App/managedEnvironments"
    logs = resource(MODULES["app"], kind)["properties"]["appLogsConfiguration"]
    assert logs == {"destination": "azure-monitor"}
    settings = resource(MODULES["app"], "Microsoft.Insights/diagnosticSettings")
    assert settings["scope"] == "appEnvironment"
    assert settings["properties"]["workspaceId"] == "workspaceId"
    assert {log["category"] for log in settings["properties"]["logs"] if log["enabled"]} == {
        "ContainerAppConsoleLogs",
        "ContainerAppSystemLogs",
    }
    assert passed("app")["workspaceId"] == "logs.outputs.workspaceId"


def test_workspace_takes_no_keys_and_keeps_a_set_time() -> None:
    """The workspace refuses keys, and how long it keeps logs is a parameter."""
    kind = "Microsoft.OperationalInsights/workspaces"
    properties = resource(MODULES["logs"], kind)["properties"]
    assert properties["features"]["disableLocalAuth"] is True
    assert properties["retentionInDays"] == "retentionDays"
    assert passed("logs")["retentionDays"] == "logRetentionDays"


def test_insights_is_in_the_workspace_and_takes_no_keys() -> None:
    """What the app sends is in the one workspace, and only its identity may send."""
    properties = resource(MODULES["logs"], "Microsoft.Insights/components")["properties"]
    assert dotted(properties["WorkspaceResourceId"]) == "workspace.id"
    assert properties["IngestionMode"] == "LogAnalytics"
    assert properties["DisableLocalAuth"] is True
    assert properties["DisableIpMasking"] is False


# The alerts


def rules() -> dict[str, Tree]:
    """Return every alert rule by its symbol."""
    return {
        symbol: config(r)
        for symbol, r in parse(ALERTS)["resources"].items()
        if r["type"] in (QUERIES, METRICS)
    }


def criterion(symbol: str) -> Tree:
    """Return a rule's one condition."""
    [found] = rules()[symbol]["properties"]["criteria"]["allOf"]
    result: Tree = found
    return result


@pytest.mark.parametrize("symbol", rules())
def test_every_alert_is_on_and_reaches_people(symbol: str) -> None:
    """An alert that nobody hears is none."""
    properties = rules()[symbol]["properties"]
    assert properties["enabled"] is True
    assert properties["autoMitigate"] is True
    told = properties["actions"]
    if isinstance(told, dict):
        assert [dotted(one) for one in told["actionGroups"]] == ["people.id"]
    else:
        assert [dotted(one["actionGroupId"]) for one in told] == ["people.id"]


def test_people_are_told_by_email() -> None:
    """There is one group of people, at the address the council gives."""
    [group] = [r for r in resources(ALERTS) if r["type"] == "Microsoft.Insights/actionGroups"]
    properties = config(group)["properties"]
    [receiver] = properties["emailReceivers"]
    assert receiver["emailAddress"] == "email"
    assert properties["enabled"] is True
    assert 1 <= len(properties["groupShortName"]) <= 12  # Azure refuses a longer one
    assert passed("alerts")["email"] == "alertEmail"
    assert parameter("alertEmail")["default"] is None


@pytest.mark.parametrize(
    ("name", "metric", "of", "limit"),
    [
        ("outbox-stuck", "frontdoor.outbox.oldest_seconds", "max", 5 * 60),
        ("flag-given-up", "frontdoor.outbox.given_up", "max", 0),
        ("outbox-given-up", "frontdoor.outbox.given_up", "max", 0),
        ("timers-late", "frontdoor.timers.lag_seconds", "max", 5 * 60),
        ("timers-stopped", "frontdoor.timers.silent_seconds", "max", 5 * 60),
        ("export-late", "frontdoor.export.age_seconds", "min", 26 * 60 * 60),
    ],
)
def test_limits_on_what_the_app_measures(name: str, metric: str, of: str, limit: int) -> None:
    """Each of the app's own metrics that must not grow has its limit."""
    [rule] = [r for r in parse(ALERTS)["variables"]["limits"]["value"] if r["name"] == name]
    assert (rule["metric"], rule["of"], rule["limit"]) == (metric, of, limit)
    assert rule["says"].endswith(".")


def test_a_limit_is_passed_by_the_worst_value_of_ten_minutes() -> None:
    """A histogram has a highest value, and a single measurement only itself."""
    declared = parse(ALERTS)["resources"]["overLimit"]
    assert declared["config"]["loop_type"]["detail"]["array_name"] == "limits"
    condition = criterion("overLimit")
    assert condition["query"] == (
        'customMetrics | where name == "${rule.metric}"${rule.only}'
        " | summarize timestamp = max(timestamp),"
        " worst = ${rule.of}(coalesce(valueMax, value))"
    )
    assert condition["metricMeasureColumn"] == "worst"
    assert (condition["timeAggregation"], condition["operator"]) == ("Maximum", "GreaterThan")
    assert dotted(condition["threshold"]) == "rule.limit"
    assert named(ALERTS, "overLimit")["properties"]["scopes"] == ["insightsId"]
    assert passed("alerts")["insightsId"] == "logs.outputs.insightsId"


def test_what_is_given_up_wakes_somebody_where_a_child_is_not_safe() -> None:
    """The rest can wait for the morning: some of it can never be sent, to whoever has no chat."""
    limits = {row["name"]: row for row in parse(ALERTS)["variables"]["limits"]["value"]}
    flag, rest = limits["flag-given-up"], limits["outbox-given-up"]
    assert (flag["severity"], rest["severity"]) == (1, 2)
    kinds = set(re.findall(r'"(\w+)"', flag["only"]))
    assert kinds == {ASSESSMENT, FORWARD_FLAG}
    assert 'tostring(customDimensions.kind) in ("' in flag["only"]
    assert {row["only"] for name, row in limits.items() if name != "flag-given-up"} == {""}


def test_silence_is_an_alert() -> None:
    """A limit says nothing when no metric comes."""
    condition = criterion("silent")
    assert condition["query"] == 'customMetrics | where name == "frontdoor.outbox.waiting"'
    assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == (
        "Count",
        "LessThan",
        1,
    )


def test_copies_that_are_not_ready_are_an_alert() -> None:
    """The platform's own lines about failed probes are read."""
    condition = criterion("notReady")
    assert condition["query"] == (
        'ContainerAppSystemLogs | where Reason == "ProbeFailed" | where Log has "Readiness"'
    )
    assert condition["operator"] == "GreaterThan"
    assert named(ALERTS, "notReady")["properties"]["scopes"] == ["workspaceId"]
    assert passed("alerts")["workspaceId"] == "logs.outputs.workspaceId"


ERRORS = {"name": "statusCodeCategory", "operator": "Include", "values": ["5xx"]}


@pytest.mark.parametrize(
    ("name", "metric", "of", "operator", "limit", "dimensions"),
    [
        ("too-few-copies", "Replicas", "Maximum", "LessThan", "minReplicas", []),
        ("restarting", "RestartCount", "Maximum", "GreaterThan", 3, []),
        ("errors", "Requests", "Total", "GreaterThan", 5, [ERRORS]),
    ],
)
def test_limits_on_what_the_platform_measures(
    name: str, metric: str, of: str, operator: str, limit: object, dimensions: object
) -> None:
    """Copies, restarts and errors are counted by the platform; refusals are no errors."""
    table = parse(ALERTS)["variables"]["platformLimits"]["value"]
    [rule] = [r for r in table if r["name"] == name]
    assert (rule["metric"], rule["of"], rule["operator"]) == (metric, of, operator)
    assert (rule["limit"], rule["dimensions"]) == (limit, dimensions)
    assert rule["says"].endswith(".")


def test_the_platforms_limits_are_used() -> None:
    """The rule takes each part from its row, for this app."""
    declared = parse(ALERTS)["resources"]["platform"]
    assert declared["config"]["loop_type"]["detail"]["array_name"] == "platformLimits"
    condition = {key: dotted(value) for key, value in criterion("platform").items()}
    assert condition["metricNamespace"] == "Microsoft.App/containerApps"
    assert condition["metricName"] == "rule.metric"
    assert condition["dimensions"] == "rule.dimensions"
    assert condition["timeAggregation"] == "rule.of"
    assert condition["operator"] == "rule.operator"
    assert condition["threshold"] == "rule.limit"
    assert rules()["platform"]["properties"]["scopes"] == ["appId"]
    assert passed("alerts")["appId"] == "app.outputs.appId"


# The budget


def test_budget_warns_before_and_after() -> None:
    """Somebody hears at most of the amount, at all of it, and when it will be passed."""
    budget = resource(MODULES["budget"], "Microsoft.Consumption/budgets")["properties"]
    assert (budget["amount"], budget["timeGrain"]) == ("amount", "Monthly")
    assert budget["timePeriod"] == {"startDate": "start"}
    told = {(n["thresholdType"], n["threshold"]) for n in budget["notifications"].values()}
    assert told == {("Actual", 80), ("Actual", 100), ("Forecasted", 100)}
    for notification in budget["notifications"].values():
        assert notification["enabled"] is True
        assert notification["contactEmails"] == ["email"]
        assert notification["contactGroups"] == ["actionGroupId"]


def test_budget_must_be_chosen() -> None:
    """There is no amount that is right for everybody, and a start only the council knows."""
    assert parameter("monthlyBudget")["default"] is None
    assert decorator(parameter("monthlyBudget"), "min_value") == 1
    assert parameter("budgetStart")["default"] is None
    assert passed("budget")["actionGroupId"] == "alerts.outputs.peopleId"
