"""Every table of a workspace is known to the registry, or says why not."""

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey

from compliance.encryption.fields import SealedField
from core.isolation.rows import WorkspaceModel
from core.records.registry import NoPersonalData, record_types

# Not records people work with. The reason says who looks after the rows instead.
EXCUSED = {
    "members.Session": "Belongs to its member; gone when it ends.",
    "members.User": "A login: members' pages own it, and deleting a member removes it.",
    "members.Role": "Settings.",
    "members.Team": "Settings.",
    "members.TeamMembership": "Belongs to its team.",
    "members.RecordShare": "Belongs to its record.",
    "members.Invitation": "A way in for seven days, forgotten a month later.",
    "members.JoinRequest": "A way in, gone after a day.",
    "members.MailDomain": "Settings.",
    "members.KnownBrowser": "Belongs to its member.",
    "members.LoginPolicy": "Settings.",
    "members.LoginToken": "A way in, gone after a minute.",
    "views.ViewShare": "Belongs to its view.",
    "members.Viewing": "Shown on the page of the member who was looked as.",
    "members.ConsentRecord": "Proof of what a member agreed to.",
    "sso.Connection": "Settings: who members sign in through.",
    "sso.GroupRule": "Settings: belongs to its connection.",
    "sso.Identity": "Belongs to its member and connection.",
    "sso.SignInRule": "Settings.",
    "sso.Assertion": "A way in, gone after minutes; remembered until it could not be shown again.",
    "scim.ScimToken": "A login of a provider; its own page in settings.",
    "scim.ScimSettings": "Settings.",
    "scim.ScimMember": "Belongs to its member.",
    "scim.ScimTeam": "Belongs to its team.",
    "events.Event": "What happened to records; shown on their pages.",
    "history.ChangeSet": "What somebody did to many records; shown on the history pages.",
    "history.Portion": "Belongs to its change set.",
    "history.Change": "Belongs to its record, whose key seals it.",
    "history.Duplicate": "Two records that may be one; shown in the queue of duplicates.",
    "history.DuplicateSearch": "A piece of work, shown in the queue of duplicates.",
    "history.MergedRecord": "Belongs to the record it became part of, whose key seals it.",
    "keys.ApiKey": "A login of a program; its own page in settings.",
    "customers.LifecycleStage": "Settings: a choice records point at.",
    "customers.Tag": "Settings: a choice records point at.",
    "customers.CompanyTag": "Belongs to its company.",
    "customers.ContactTag": "Belongs to its contact.",
    "customers.Affiliation": "Belongs to its contact.",
    "customers.ContactEmail": "Belongs to its contact.",
    "customers.ContactPhone": "Belongs to its contact.",
    "customers.ContactAddress": "Belongs to its contact.",
    "bookmarks.Bookmark": "Belongs to its member.",
    "bookmarks.Visit": "Belongs to its member; the latest fifty are kept.",
    "files.Attachment": "Belongs to its record, whose key seals it.",
    "files.FileVersion": "Belongs to its file.",
    "notes.Note": "Belongs to its record, whose key seals it.",
    "notifications.Notification": "Belongs to its member; forgotten after ninety days.",
    "notifications.NotificationPreference": "A setting of its member.",
    "views.Pin": "Belongs to its member.",
    "views.SavedView": "How a list is set up; shown above the list.",
    "transfer.Import": "A piece of work, shown on the import pages.",
    "transfer.ImportNote": "Belongs to its import.",
    "transfer.Export": "A file on its way out; nobody works with it.",
    "home.Sample": "Says which records are made up; nobody works with it.",
    "transfer.SavedMapping": "A setting of the import pages.",
}
LIBRARIES = {"account", "auth", "contenttypes", "mfa"}


def of_workspaces():
    labels = {apps.get_app_config(label).label for label in _labels(settings.TENANT_APPS)}
    return [model for model in apps.get_models() if model._meta.app_label in labels - LIBRARIES]


def _labels(names):
    by_name = {config.name: config.label for config in apps.get_app_configs()}
    return [by_name[name] for name in names]


def test_every_model_of_a_workspace_is_a_registered_record_or_excused():
    registered = {record_type.model._meta.label for record_type in record_types()}
    found = {model._meta.label for model in of_workspaces()}

    assert found - registered - EXCUSED.keys() == set()
    assert EXCUSED.keys() - found == set()


def test_every_model_of_a_workspace_stays_in_its_workspace():
    assert [model for model in of_workspaces() if not issubclass(model, WorkspaceModel)] == []


def test_no_row_of_a_workspace_points_outside():
    ours = set(of_workspaces()) | {
        model for model in apps.get_models() if model._meta.app_label in LIBRARIES
    }
    keys = [
        field
        for model in of_workspaces()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    ]

    assert [str(field) for field in keys if field.related_model not in ours] == []


def test_every_record_type_says_whose_data_it_holds():
    for record_type in record_types():
        declared = record_type.personal_data
        sealed = [
            field
            for field in record_type.model._meta.get_fields()
            if isinstance(field, SealedField)
        ]

        assert isinstance(declared, NoPersonalData) != bool(sealed), record_type.name
