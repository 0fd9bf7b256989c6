#include <vitals/base/time_text.h>

#include "alert_json.h"
#include "command_body.h"
#include "route.h"

namespace vitals::api {
namespace {

using rules::Incidents;

/// Who asks, and why: members `by` and `comment` of every command.
Result<Incidents::Person> person_of(const CommandBody& body) {
  const auto name = body.text("by");
  if (!name) return name.error();
  const auto text = body.text("comment");
  if (!text) return text.error();
  return Incidents::Person{name->empty() ? "unknown" : *name, *text};
}

/// Why nothing can be done about an alert that is not among the open ones.
Error not_open(const pipeline::AlertBook& book, const std::string& id) {
  const auto known = book.find(id);
  if (!known) return known.error();
  if (!*known || (*known)->resolved_at == 0)
    return {Errc::not_found, "there is no open alert with this id"};
  return {Errc::unprocessable, "the alert is over since " + format_rfc3339((*known)->resolved_at)};
}

/// Reads the body, lets the spine run `command` on the alert of the path, and answers with it.
template <class Command>
void run(Context& context, const Call& call, const Command& command) {
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  const auto person = person_of(*body);
  if (!person) return call.respond(problem(person.error()));
  const auto alert = context.services.spine.command(
      [&](Incidents& incidents, TimeMs now) { return command(incidents, *body, *person, now); });
  if (alert) return call.respond(json_answer(alert_json(*alert)));
  call.respond(problem(alert.error().code == Errc::not_found
                           ? not_open(context.services.alerts, call.arguments[0])
                           : alert.error()));
}

}  // namespace

void post_acknowledge(Context& context, const Call& call) {
  run(context, call,
      [&](Incidents& incidents, const CommandBody&, const Incidents::Person& person, TimeMs now) {
        return incidents.acknowledge(call.arguments[0], person, now);
      });
}

void post_assign(Context& context, const Call& call) {
  run(context, call,
      [&](Incidents& incidents, const CommandBody& body, const Incidents::Person& person,
          TimeMs now) -> Result<model::Alert> {
        const auto assignee = body.required_text("assignee");
        if (!assignee) return assignee.error();
        return incidents.assign(call.arguments[0], *assignee, person, now);
      });
}

void post_comment(Context& context, const Call& call) {
  run(context, call,
      [&](Incidents& incidents, const CommandBody& body, const Incidents::Person& person,
          TimeMs now) -> Result<model::Alert> {
        const auto text = body.required_text("comment");
        if (!text) return text.error();
        return incidents.comment(call.arguments[0], person, now);
      });
}

void post_approve(Context& context, const Call& call) {
  run(context, call,
      [&](Incidents& incidents, const CommandBody& body, const Incidents::Person& person,
          TimeMs now) -> Result<model::Alert> {
        const auto dry_run = body.flag("dry_run");
        if (!dry_run) return dry_run.error();
        return incidents.approve(call.arguments[0], person, *dry_run, now);
      });
}

}  // namespace vitals::api
