"""The partnership's file: read, checked, and every fault named with what was expected."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from bot import configuration
from bot.configuration import ConfigurationError, build, fictional_object_id, load, read
from bot.domain.vocabulary import Role

GOOD = read(configuration.DEFAULT_FILE)
Data = dict[str, Any]
GONE = object()


def changed(path: str, value: object) -> Data:
    """The default file's data with one key set (or taken away), for example 'people.0.agency'."""
    data: Any = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = data
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return data


def faults(data: Data) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        build(data)
    return str(caught.value).splitlines()


def repeated(table: str) -> Data:
    return changed(table, [*GOOD[table], GOOD[table][0]])


def test_the_default_file_loads():
    p = load()

    assert p.name == "Riverside Safeguarding Children Partnership"
    assert p.outcome_agreement == "second_person"
    assert p.roll_call_by == dt.time(9, 15)
    assert [a.code for a in p.core_agencies] == [
        "social_care",
        "police",
        "health",
        "education",
        "early_help",
    ]
    assert p.calendar.zone.key == "Europe/London"
    assert p.calendar.opening[2] == (dt.time(10, 30), dt.time(17, 0))
    assert p.test_days == {1, 2, 3}
    assert p.with_role(Role.DUTY_MANAGER)
    assert p.outcome["immediate"].needs_strategy_note
    assert not p.outcome["immediate"].plan_first
    assert p.district["outside"].assessment_team is None
    assert p.timers.undo_minutes == 5
    assert p.timers.immediate_not_taken_most == 12, "left out of the file, so its default"


def test_the_version_changes_with_the_file_and_only_then():
    same, other = build(copy.deepcopy(GOOD)), build(changed("phones.mash", "01632 960199"))

    assert load().version == same.version
    assert same.version != other.version
    assert len(same.version) == 12


def test_what_may_be_left_out_has_its_default():
    data = changed("partnership.outcome_agreement", GONE)
    del data["timers"]
    del data["partnership"]["timezone"]
    del data["calendar"]["urgent_only_last_minutes"]

    p = build(data)

    assert p.outcome_agreement == "second_person"
    assert p.calendar.zone.key == "Europe/London"
    assert p.calendar.urgent_only_last_minutes == 30
    assert p.timers.default_lead_working_minutes == 30


FAULTS = {
    "unknown key": (
        changed("partnership.nmae", "x"),
        "partnership.nmae: not a key of this file; check the spelling",
    ),
    "unknown table": (
        changed("phnoes", {}),
        "phnoes: not a key of this file; check the spelling",
    ),
    "unknown key in a row": (
        changed("people.2.phone", "999"),
        "people[2].phone: not a key of this file; check the spelling",
    ),
    "missing key": (
        changed("phones.mash", GONE),
        "phones.mash: expected a value; it is missing",
    ),
    "missing key in a row": (
        changed("people.0.role", GONE),
        "people[0].role: expected a value; it is missing",
    ),
    "missing table": (changed("districts", GONE), "districts: expected a value; it is missing"),
    "wrong choice": (
        changed("partnership.outcome_agreement", "anybody"),
        "partnership.outcome_agreement: expected 'second_person', 'social_worker' or 'none';"
        " got 'anybody'",
    ),
    "no such feedback level": (
        changed("referrer_groups.0.feedback_level", "everything"),
        "referrer_groups[0].feedback_level: expected one of professional_full,",
    ),
    "no such sharing basis": (
        changed("sharing_bases.0.code", "because"),
        "sharing_bases[0].code: expected one of duty_16la, public_task,",
    ),
    "a person who is the bot": (
        changed("people.0.role", "bot"),
        "people[0].role: expected a role a person can hold; got 'bot'",
    ),
    "no such role": (changed("people.0.role", "wizard"), "people[0].role: expected 'masho', 'rep'"),
    "object id that is no id": (
        changed("people.0.object_id", "carys"),
        "people[0].object_id: expected ",
    ),
    "phone that is no number": (changed("phones.lado", "ring Sam"), "phones.lado: expected "),
    "empty name": (changed("partnership.name", ""), "partnership.name: expected "),
    "empty list": (changed("needs", []), "needs: expected "),
    "timer out of bounds": (
        changed("timers.undo_minutes", 0),
        "timers.undo_minutes: expected greater than or equal to 1; got '0'",
    ),
    "unknown timer": (
        changed("timers.undo_seconds", 5),
        "timers.undo_seconds: not a key of this file; check the spelling",
    ),
    "closes before it opens": (
        changed("calendar.opening_hours.tue", [dt.time(17), dt.time(8, 30)]),
        "calendar.opening_hours: expected tue to open before it closes",
    ),
    "closes as it opens": (
        changed("calendar.opening_hours.fri", [dt.time(9), dt.time(9)]),
        "calendar.opening_hours: expected fri to open before it closes",
    ),
    "never open": (changed("calendar.opening_hours", {}), "calendar.opening_hours: expected at "),
    "no such weekday": (changed("calendar.test_days", ["tues"]), "calendar.test_days[0]: expected"),
    "a test that ends before it begins": (
        changed("test_windows.0.last_day", dt.date(2026, 11, 1)),
        "test_windows[0]: expected last_day on or after first_day",
    ),
    "bad regular expression": (
        changed("partnership.mosaic_id_pattern", "(abc"),
        "partnership.mosaic_id_pattern: expected a regular expression (",
    ),
    "thread link without its message": (
        changed("partnership.thread_link", "https://teams.example/{channel}"),
        "partnership.thread_link: expected ",
    ),
    "disagreement link that is not https": (
        changed("partnership.disagreement_url", "http://x.example"),
        "partnership.disagreement_url: expected ",
    ),
    "unknown timezone": (
        changed("partnership.timezone", "Europe/Nottingham"),
        "partnership.timezone: expected an IANA name; got 'Europe/Nottingham'",
    ),
    "empty timezone": (
        changed("partnership.timezone", ""),
        "partnership.timezone: expected an IANA name; got ''",
    ),
    "timezone that is a folder": (
        changed("partnership.timezone", "Europe"),
        "partnership.timezone: expected an IANA name; got 'Europe'",
    ),
    "unknown agency": (
        changed("people.3.agency", "circus"),
        "people[3].agency: expected one of agencies; got 'circus'",
    ),
    "unknown tenant": (
        changed("people.6.tenant", "borogh"),
        "people[6].tenant: expected one of tenants; got 'borogh'",
    ),
    "no tenant of its own": (
        changed("tenants.host", GONE),
        "tenants.host: expected the council's own tenant; it is missing",
    ),
    "unknown assessment team": (
        changed("districts.1.assessment_team", "Team Z"),
        "districts[1].assessment_team: expected one of assessment_teams; got 'Team Z'",
    ),
    "default basis not offered": (
        changed("sharing_bases", GOOD["sharing_bases"][1:]),
        "partnership.default_sharing_basis: expected one of sharing_bases",
    ),
    "no duty manager": (
        changed("people", [x for x in GOOD["people"] if x["role"] != "duty_manager"]),
        "people: expected at least one duty_manager, who leads when nobody claims",
    ),
    "the same object id twice": (
        changed("people.1.object_id", GOOD["people"][0]["object_id"].upper()),
        "people (object_id): expected each code once; got",
    ),
}


@pytest.mark.parametrize(("data", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_names_the_key_and_what_was_expected(data, message):
    found = faults(data)
    assert any(line.startswith(message) for line in found), found


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("agencies", "social_care"),
        ("needs", "safe_home"),
        ("referrer_groups", "school"),
        ("outcomes", "immediate"),
        ("districts", "North"),
        ("sharing_bases", "duty_16la"),
        ("assessment_teams", "Assessment Team A"),
    ],
)
def test_a_code_given_twice_is_named(table, code):
    assert faults(repeated(table)) == [f"{table}: expected each code once; got '{code}' twice"]


def test_a_person_given_twice_is_named():
    assert "people: expected each code once; got 'masho-1' twice" in faults(repeated("people"))


def test_several_faults_are_all_listed():
    data = changed("phones.mash", GONE)
    data["partnership"]["outcome_agreement"] = "anybody"
    data["people"][0]["role"] = "wizard"
    data["colour"] = "green"

    found = faults(data)

    assert len(found) == 4
    for key in ("phones.mash", "partnership.outcome_agreement", "people[0].role", "colour"):
        assert any(line.startswith(f"{key}: ") for line in found), key


def test_several_broken_promises_between_keys_are_all_listed():
    data = changed("people.0.agency", "circus")
    data["people"][1]["tenant"] = "borogh"
    data["partnership"]["timezone"] = "Mars/Olympus"
    data["needs"].append(data["needs"][0])

    found = faults(data)

    assert len(found) == 4
    for key in ("people[0].agency", "people[1].tenant", "partnership.timezone", "needs"):
        assert any(line.startswith(f"{key}: ") for line in found), key


def test_a_long_wrong_value_is_cut_short_in_the_message():
    (line,) = faults(changed("phones.mash", "x" * 5000))
    assert len(line) < 200


GROUP = {"id": "0B000000-0000-4000-8000-00000000000A", "role": "rep", "agency": "education"}


def grouped(*groups: Data) -> Data:
    return changed("graph", {"groups": list(groups)})


def test_with_groups_the_list_gives_hosts_people_names_but_no_role():
    manager = {**GROUP, "id": "0b000000-0000-4000-8000-00000000000b", "role": "duty_manager"}
    p = build(grouped(GROUP, manager))

    assert [g.group_id for g in p.groups] == [GROUP["id"].lower(), manager["id"]]
    assert {x.tenant for x in p.people} == {"police", "nhs", "borough", "charity"}
    assert p.everyone == p.people
    assert p.with_role(Role.DUTY_MANAGER) == ()
    assert p.name_of("mgr-1") == "Grace O."
    listed = load().person("mgr-1")
    assert listed is not None
    assert p.listed(listed.object_id) is None
    named = p.person_of_object(listed.object_id)
    assert named is not None
    assert named.role is Role.NONE


def test_a_rehearsal_still_has_the_roles_the_list_gives():
    manager = {**GROUP, "id": "0b000000-0000-4000-8000-00000000000b", "role": "duty_manager"}

    rehearsed = build(grouped(GROUP, manager)).by_the_list()

    assert rehearsed.people == load().people
    assert (rehearsed.groups, rehearsed.found) == ((), {})


def test_without_groups_the_list_is_the_only_source():
    p = load()
    assert (p.groups, p.found) == ((), {})
    assert p.everyone is p.people


def test_a_duty_manager_on_the_list_does_not_do_where_groups_say_who_is_one():
    assert faults(grouped(GROUP)) == [
        "people: expected at least one duty_manager, who leads when nobody claims"
    ]


@pytest.mark.parametrize("role", ["none", "bot", "wizard"])
def test_nobody_is_given_a_role_that_people_do_not_hold(role):
    assert any(
        line.startswith("people[0].role: expected ")
        for line in faults(changed("people.0.role", role))
    )
    assert any(
        line.startswith("graph.groups[0].role: expected ")
        for line in faults(grouped({**GROUP, "role": role}))
    )


def test_a_missing_file_is_named(tmp_path):
    missing = tmp_path / "nowhere.toml"
    with pytest.raises(ConfigurationError, match="cannot be read") as caught:
        load(missing)
    assert str(caught.value).startswith(f"{missing}: ")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    "content", [b"[partnership\nname = 'x'", b"a = 1\na = 2", b"name = '\xff\xfe'"]
)
def test_a_file_that_is_not_toml_is_named(tmp_path, content):
    bad = tmp_path / "bad.toml"
    bad.write_bytes(content)

    with pytest.raises(ConfigurationError, match="not valid TOML") as caught:
        load(bad)
    assert str(caught.value).startswith(f"{bad}: ")


def test_an_empty_file_lists_every_table_it_should_have(tmp_path):
    empty = tmp_path / "empty.toml"
    empty.write_text("", encoding="utf-8")

    with pytest.raises(ConfigurationError) as caught:
        load(empty)

    for table in ("partnership", "phones", "calendar", "agencies", "tenants"):
        assert f"{table}: expected a value; it is missing" in str(caught.value)


def test_a_made_up_person_has_the_same_object_id_every_time():
    assert fictional_object_id("pol-1") == fictional_object_id("pol-1")
    assert fictional_object_id("pol-1") != fictional_object_id("pol-2")


# Files people bring -------------------------------------------------------------------------


def test_how_the_files_are_laid_out_is_read():
    data = changed("survey_import", {"columns": {"who": "Q1"}, "date_format": "%d.%m.%Y %H:%M"})
    data["teams_phone_import"] = {"duration_is_wait": True}
    files = build(data).files

    assert files.phone is not None
    assert files.phone.columns["started_at"] == "Began"
    assert files.phone.answered == ("Answered",)
    assert files.survey.columns == {"who": "Q1"}
    assert files.survey.date_format == "%d.%m.%Y %H:%M"
    assert files.teams_calls.duration_is_wait
    assert build(changed("phone_import", GONE)).files.phone is None


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("phone_import.columns", {"started_at": "A", "phone": "B"}, "(not phone)"),
        ("phone_import.columns", {"answered_at": "A"}, "columns to name the one for started_at"),
        ("phone_import.answered", [], "columns.result with the words of answered and abandoned"),
        ("phone_import.zone", "paris", "expected 'local' or 'utc'; got 'paris'"),
        ("phone_import.date_format", "%d/%m", "phone_import.date_format: expected a date format"),
        ("survey_import", {"columns": {"name": "Q1"}}, "survey_import.columns: expected names"),
        ("baseline_import", {"columns": {"name": "Q1"}}, "baseline_import.columns: expected names"),
        ("teams_phone_import", {"wait": True}, "teams_phone_import.wait: not a key of this file"),
    ],
)
def test_a_fault_in_the_layout_of_files_names_its_key(path, value, said):
    assert any(said in line for line in faults(changed(path, value)))
