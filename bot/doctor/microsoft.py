"""What Microsoft Entra, Graph and Exchange let this app do: no more and no less than it needs."""

from __future__ import annotations

from urllib.parse import quote

import jwt

from bot.credential import STORAGE_SCOPE
from bot.desk.graph_ports import DirectoryUnavailable
from bot.doctor.finding import (
    Finding,
    Patient,
    check,
    fix,
    identity_of,
    ok,
    partnership_of,
    settings_of,
)
from bot.graph.client import (
    SCOPE,
    Answer,
    GraphClient,
    NoAnswer,
    NotSent,
    NotSignedIn,
    deadline,
)
from bot.graph.groups import NOBODY, GraphGroups
from bot.graph_session import graph_session
from bot.identity import CONNECTOR_SCOPE, TokenUnavailable

_WITHIN_S = 8.0
_TO_READ_GROUPS = ("User.Read.All", "GroupMember.Read.All")
_MAIL_SEND = "Mail.Send"
_MOST_GROUPS = 20
_MEANING = {
    "invalid_client": "Entra does not accept the certificate or password. Register the certificate"
    " with the app, or make a new one if it has ended.",
    "unauthorized_client": "Entra does not know this app in this tenant. Check MICROSOFT_APP_ID and"
    " MICROSOFT_APP_TENANT_ID.",
    "invalid_request": "Entra does not understand the request. Check MICROSOFT_APP_ID and"
    " MICROSOFT_APP_TENANT_ID.",
    "invalid_scope": "Entra does not know what is asked for in this tenant.",
    "invalid_resource": "Entra does not know what is asked for in this tenant.",
    "invalid_grant": "A conditional access policy keeps this app out. Ask whoever runs Entra.",
    "too_slow": "The sign-in service did not answer in time. Check the network.",
}
_NO_ENDPOINT = (
    "This machine has no managed identity. Run this inside the container app, and see that the"
    " identity is assigned to it"
)
_FOR = {CONNECTOR_SCOPE: "Teams", STORAGE_SCOPE: "the storage account", SCOPE: "Microsoft Graph"}


async def sign_in(patient: Patient) -> list[Finding]:
    """A token for each service that is used."""
    settings, identity = settings_of(patient), identity_of(patient)
    wanted = [CONNECTOR_SCOPE]
    if settings.store.get_secret_value().startswith("https://"):
        wanted.append(STORAGE_SCOPE)
    p = patient.partnership
    if settings.graph and p and (p.groups or p.mailbox):
        wanted.append(SCOPE)
    found = []
    for scope in wanted:
        try:
            await identity.token(scope)
        except TokenUnavailable as error:
            found.append(fix(f"No token for {_FOR[scope]}: {_meaning(patient, str(error))}"))
        else:
            found.append(ok(f"A token for {_FOR[scope]}."))
    return found


def _meaning(patient: Patient, code: str) -> str:
    managed = settings_of(patient).app_type == "UserAssignedMSI"
    if managed and not any(name in patient.env for name in ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")):
        return f"{_NO_ENDPOINT} ({code})."
    if managed:
        return (
            "The managed identity was refused. Check that MICROSOFT_APP_ID is its client id and"
            f" that it is assigned to this app ({code})."
        )
    words = _MEANING.get(code, "The sign-in service could not be asked. Check the network.")
    return f"{words} ({code})"


async def _roles(patient: Patient) -> list[str] | Finding:
    """The app's Graph permissions, as its token says. The token is not checked: it is our own."""
    try:
        token = await identity_of(patient).token(SCOPE)
        claims = jwt.decode(token, options={"verify_signature": False})
    except TokenUnavailable:
        return fix("No token for Microsoft Graph: see Sign-in.")
    except jwt.PyJWTError:
        return check("The token does not say which permissions it has.")
    return [str(role) for role in claims.get("roles", [])]


async def groups(patient: Patient) -> list[Finding]:
    """Only what asking who is in a group needs, and one real question."""
    settings, p = settings_of(patient), partnership_of(patient)
    if not p.groups:
        return [ok("Roles come from the list, so none are read.")]
    if not settings.graph:
        return [fix("There are graph.groups in the file, and no Microsoft Graph to ask.")]
    roles = await _roles(patient)
    if isinstance(roles, Finding):
        return [roles]
    missing = [name for name in _TO_READ_GROUPS if name not in roles]
    if missing:
        return [
            fix(
                f"The Graph permission {' and '.join(missing)} is missing. infra/README.md says"
                " how to give it. A managed identity's token can take a day to notice."
            )
        ]
    session = await graph_session(settings)
    try:
        asking = GraphGroups(GraphClient(session, settings.graph, identity_of(patient)))
        await asking.member_of(NOBODY, [g.group_id for g in p.groups][:_MOST_GROUPS])
    except DirectoryUnavailable as error:
        return [fix(f"Graph did not say who is in a group ({error}). Nobody would have a role.")]
    finally:
        await session.close()
    return [ok("Graph says who is in a group.")]


async def mailbox(patient: Patient) -> list[Finding]:
    """A message to nobody: from the bot's mailbox it is refused for having no recipient, from any
    other because it is not the bot's. Nothing can be sent.
    """
    settings, p = settings_of(patient), partnership_of(patient)
    if not p.mailbox:
        return [ok("There is no mailbox, so nothing is emailed.")]
    if not settings.graph:
        return [fix("There is a graph.mailbox in the file, and no Microsoft Graph to ask.")]
    roles = await _roles(patient)
    if isinstance(roles, Finding):
        return [roles]
    found = []
    if _MAIL_SEND in roles:
        found.append(
            fix(
                "The app has the Graph permission Mail.Send, which is for every mailbox in the"
                " tenant. Take it away: the Exchange role over the one mailbox is enough."
            )
        )
    session = await graph_session(settings)
    try:
        client = GraphClient(session, settings.graph, identity_of(patient))
        found.append(_own(await _to_nobody(client, p.mailbox)))
        if patient.other_mailbox:
            found.append(_other(await _to_nobody(client, patient.other_mailbox)))
    except NotSignedIn:
        found.append(fix("No token for Microsoft Graph: see Sign-in."))
    except (NotSent, NoAnswer) as error:
        found.append(fix(f"Microsoft Graph does not answer ({error}). Check the network."))
    finally:
        await session.close()
    if not patient.other_mailbox:
        found.append(check("To see that it may not send from others, add --other-mailbox ADDRESS."))
    return found


async def _to_nobody(client: GraphClient, address: str) -> Answer:
    """Raises NotSignedIn, NotSent or NoAnswer."""
    message = {
        "subject": "Front Door doctor",
        "body": {"contentType": "Text", "content": ""},
        "toRecipients": [],
    }
    body = {"message": message, "saveToSentItems": False}
    path = f"/v1.0/users/{quote(address, safe='@')}/sendMail"
    return await client.post(path, body, deadline(_WITHIN_S))


def _own(answer: Answer) -> Finding:
    match answer.status:
        case 400:
            return ok("The bot may send from its mailbox.")
        case 403:
            return fix(
                "The bot may not send from its mailbox. Give it the Exchange role Application"
                " Mail.Send over it, as infra/README.md says; it takes up to two hours."
            )
        case 404:
            return fix("graph.mailbox: there is no such mailbox.")
        case status:
            return check(f"Exchange answered {status} where a refusal was expected. Try again.")


def _other(answer: Answer) -> Finding:
    if answer.status == 403:
        return ok("The bot may not send from the other mailbox.")
    if answer.status == 404:
        return check("There is no such other mailbox. Name one that exists.")
    return fix(
        "The bot may send from the other mailbox too. Narrow the Exchange role's scope to the one"
        " mailbox, and take away Mail.Send."
    )
