"""Every table, and the lifetime of its rows; grouped by noun in the files of this folder, all importable from here.

Times are stored in UTC; days and periods are those of the configured time zone. A code that opens a door (an
invitation) is stored only as its hash. JSON columns hold state that only its own room reads.
"""

from storage.levels import Level, RoleName
from storage.tables.broadcasts import (
    Announcement,
    AnnouncementRead,
    AnnouncementState,
    Emergency,
    SavedQuestion,
    WeeklyChoice,
    WeeklyLine,
)
from storage.tables.columns import Exact, Instant, metadata, now
from storage.tables.messages import Carried, DeliveryTotal, Outbox, OutboxState, Seen, Sender
from storage.tables.people import Contact, ContactPerson, Invitation, Person, Role, RosterEntry
from storage.tables.places import Place, PlaceAlias, PlaceEdge, PlaceEvent, PlaceMark, PlaceSuccession
from storage.tables.records import AuditEntry, Setting
from storage.tables.reports import (
    Attachment,
    AttachmentState,
    ChallengeRow,
    Form,
    InterviewRow,
    InterviewStatus,
    LedgerRow,
    ListState,
    Observation,
    Risk,
    Submission,
)
from storage.tables.trust import (
    ConsentText,
    Exchange,
    FigureReturn,
    JournalAuthor,
    JournalEntry,
    JournalHead,
    PeriodLock,
    PersonRequest,
    Remark,
    RoleRequest,
)

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "AnnouncementState",
    "Attachment",
    "AttachmentState",
    "AuditEntry",
    "Carried",
    "ChallengeRow",
    "ConsentText",
    "Contact",
    "ContactPerson",
    "DeliveryTotal",
    "Emergency",
    "Exact",
    "Exchange",
    "FigureReturn",
    "Form",
    "Instant",
    "InterviewRow",
    "InterviewStatus",
    "Invitation",
    "JournalAuthor",
    "JournalEntry",
    "JournalHead",
    "LedgerRow",
    "Level",
    "ListState",
    "Observation",
    "Outbox",
    "OutboxState",
    "PeriodLock",
    "Person",
    "PersonRequest",
    "Place",
    "PlaceAlias",
    "PlaceEdge",
    "PlaceEvent",
    "PlaceMark",
    "PlaceSuccession",
    "Remark",
    "Risk",
    "Role",
    "RoleName",
    "RoleRequest",
    "RosterEntry",
    "SavedQuestion",
    "Seen",
    "Sender",
    "Setting",
    "Submission",
    "WeeklyChoice",
    "WeeklyLine",
    "metadata",
    "now",
]
