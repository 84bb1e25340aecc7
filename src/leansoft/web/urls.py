"""Addresses of the pages and the API."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from leansoft.web.api import site
from leansoft.web.views import (
    administration,
    calendar,
    contacts,
    health,
    outlook,
    outlook_account,
    outlook_connect,
    outlook_history,
    outlook_leave,
    outlook_runs,
    outlook_start,
    outlook_timeline,
    outlook_undo,
    people,
    settings,
    webhook,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", calendar.home),
    path("api/v1/", site.urls),
    path("calendar/", calendar.calendar, name="calendar"),
    path("contacts/", contacts.list_contacts, name="contacts"),
    path("contacts/new/", contacts.new_contact, name="contact_new"),
    path("contacts/<int:contact_id>/", contacts.edit_contact, name="contact"),
    path("contacts/<int:contact_id>/delete", contacts.delete_contact, name="contact_delete"),
    path("settings/general/", settings.general, name="settings_general"),
    path("settings/general/test", settings.try_integration, name="settings_test"),
    path("settings/general/warning", settings.put_warning_away, name="warning_away"),
    path("settings/mailboxes/", administration.mailboxes, name="mailboxes"),
    path(
        "settings/mailboxes/<int:mailbox_id>/sync",
        administration.sync_mailbox,
        name="mailbox_sync",
    ),
    path("settings/people/", people.list_people, name="people"),
    path("settings/people/new/", people.add_person, name="person_new"),
    path("settings/people/<int:user_id>/", people.show_person, name="person"),
    path("settings/people/<int:user_id>/link", people.make_link, name="person_link"),
    path("settings/people/<int:user_id>/off", people.let_out, name="person_off"),
    path("settings/people/<int:user_id>/on", people.let_in, name="person_on"),
    path("settings/doctor/", administration.doctor, name="doctor"),
    path("settings/doctor/checks", administration.doctor_checks, name="doctor_checks"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("outlook/", outlook.outlook, name="outlook"),
    path("outlook/sync", outlook.sync, name="outlook_sync"),
    path("outlook/pause", outlook.pause, name="outlook_pause"),
    path("outlook/resume", outlook.resume, name="outlook_resume"),
    path("outlook/disconnect", outlook_leave.disconnect, name="outlook_disconnect"),
    path(
        "outlook/disconnect/preview",
        outlook_leave.disconnect_preview,
        name="outlook_disconnect_preview",
    ),
    path("outlook/reset", outlook_leave.reset, name="outlook_reset"),
    path("outlook/reset/preview", outlook_leave.reset_preview, name="outlook_reset_preview"),
    path("outlook/account", outlook_account.account, name="outlook_account"),
    path("outlook/confirm", outlook_leave.confirm, name="outlook_confirm"),
    path("outlook/connect", outlook_connect.connect, name="outlook_connect"),
    path("microsoft_account/authentication", outlook_connect.come_back),
    path("outlook/start", outlook_start.start, name="outlook_start"),
    path("outlook/start/preview", outlook_start.show_preview, name="outlook_preview"),
    path("outlook/start/reading", outlook_start.show_reading, name="outlook_reading"),
    path("outlook/runs/<uuid:run_id>/", outlook_runs.show_run, name="outlook_run"),
    path(
        "outlook/runs/<uuid:run_id>/progress", outlook_runs.show_progress, name="outlook_progress"
    ),
    path("outlook/runs/<uuid:run_id>/approve", outlook.approve, name="outlook_approve"),
    path("outlook/runs/<uuid:run_id>/reject", outlook.reject_run, name="outlook_reject"),
    path("outlook/runs/<uuid:run_id>/undo", outlook_undo.undo, name="outlook_undo"),
    path(
        "outlook/runs/<uuid:run_id>/undo/preview",
        outlook_undo.show_preview,
        name="outlook_undo_preview",
    ),
    path("outlook/history", outlook_history.history, name="outlook_history"),
    path(
        "outlook/events/<uuid:event_id>/",
        outlook_timeline.show_timeline,
        name="outlook_timeline",
    ),
    path(
        "outlook/actions/<int:action_id>/restore", outlook_timeline.restore, name="outlook_restore"
    ),
    path("outlook/notifications", webhook.notifications),
    # Browsers ask for it on pages that name no icon, such as plain answers.
    path("favicon.ico", RedirectView.as_view(url=static("leansoft/build/mark.svg"))),
    path("healthz", health.healthz),
    path("metrics", health.metrics),
]
