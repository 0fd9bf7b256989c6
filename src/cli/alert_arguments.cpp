#include "alert_arguments.h"

#include <cstdlib>
#include <memory>

#include "alert_commands.h"

namespace vitals::cli {
namespace {

std::string user_name() {
  const char* name = std::getenv("USER");
  return name == nullptr ? "" : name;
}

void add_by(CLI::App& command, std::string& by) {
  by = user_name();
  command.add_option("--by", by, "Who; default $USER")->capture_default_str();
}

/// `verb ALERT`, sent as `route`; returns the command for options of its own.
std::pair<CLI::App*, std::shared_ptr<AlertCommand>> add_verb(CLI::App& alerts, Chosen& chosen,
                                                             const char* verb, const char* route,
                                                             const char* help) {
  auto command = std::make_shared<AlertCommand>();
  command->verb = route;
  CLI::App* app = alerts.add_subcommand(verb, help);
  app->add_option("ALERT", command->alert, "Its id, or the end of it")->required();
  add_by(*app, command->by);
  app->callback([&chosen, command] {
    chosen = [command](Session& session) { return command_alert(session, *command); };
  });
  return {app, command};
}

void add_verbs(CLI::App& alerts, Chosen& chosen) {
  const auto [acknowledge, acknowledge_of] =
      add_verb(alerts, chosen, "ack", "acknowledge", "Take an alert on: it escalates no further");
  acknowledge->alias("acknowledge");
  acknowledge->add_option("--comment", acknowledge_of->comment, "What you mean to do");
  const auto [assign, assign_of] =
      add_verb(alerts, chosen, "assign", "assign", "Say who works on an alert");
  assign->add_option("WHO", assign_of->assignee, "Name")->required();
  assign->add_option("--comment", assign_of->comment, "Why");
  const auto [comment, comment_of] =
      add_verb(alerts, chosen, "comment", "comment", "Add a comment to an alert");
  comment->add_option("TEXT", comment_of->comment, "The comment")->required();
  const auto [approve, approve_of] =
      add_verb(alerts, chosen, "approve", "approve", "Have the alert's recovery action called");
  approve->add_option("--comment", approve_of->comment, "Why");
  approve->add_flag("--dry-run,!--for-real", approve_of->dry_run,
                    "Only ask what it would do, or really do it; default as configured");
}

void add_silences(CLI::App& alerts, Chosen& chosen) {
  auto silence_of = std::make_shared<SilenceArguments>();
  CLI::App* silence = alerts.add_subcommand("silence", "Keep quiet about alerts for a time");
  silence
      ->add_option("MATCHER", silence_of->matchers,
                   "LABEL:VALUE, as team:search or rule:quality-*; all must hold")
      ->required();
  silence->add_option("--for", silence_of->duration, "How long, as 2h")
      ->required()
      ->check(check_duration, "DURATION");
  silence->add_option("--reason", silence_of->reason, "Why")->required();
  add_by(*silence, silence_of->by);
  silence->callback([&chosen, silence_of] {
    chosen = [silence_of](Session& session) { return cli::silence(session, *silence_of); };
  });

  auto all = std::make_shared<bool>(false);
  CLI::App* silences = alerts.add_subcommand("silences", "Silences in force and to come");
  silences->add_flag("--all", *all, "Also those that are over");
  silences->callback([&chosen, all] {
    chosen = [all](Session& session) { return show_silences(session, *all); };
  });

  auto ended = std::make_shared<std::string>();
  CLI::App* end = alerts.add_subcommand("unsilence", "End a silence now");
  end->add_option("SILENCE", *ended, "Its id, or the end of it")->required();
  end->callback([&chosen, ended] {
    chosen = [ended](Session& session) { return end_silence(session, *ended); };
  });
}

}  // namespace

void add_alerts(CLI::App& app, Chosen& chosen) {
  struct Listing {
    bool all = false;
    std::vector<std::string> filters;
  };
  auto listing = std::make_shared<Listing>();
  CLI::App* alerts = app.add_subcommand("alerts", "Open alerts, and what people do about them");
  alerts->add_flag("--all", listing->all, "Resolved ones, too");
  alerts->add_option("--filter", listing->filters, "LABEL:VALUE, as team:search; may be repeated")
      ->type_size(1)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  alerts->callback([&chosen, alerts, listing] {
    if (!alerts->get_subcommands().empty()) return;
    chosen = [listing](Session& session) {
      return show_alerts(session, listing->all, listing->filters);
    };
  });

  auto shown = std::make_shared<std::string>();
  CLI::App* show = alerts->add_subcommand("show", "One alert with its whole story");
  show->add_option("ALERT", *shown, "Its id, or the end of it")->required();
  show->callback([&chosen, shown] {
    chosen = [shown](Session& session) { return show_alert(session, *shown); };
  });

  auto last = std::make_shared<std::string>("30d");
  CLI::App* stats = alerts->add_subcommand("stats", "How soon alerts were acknowledged and over");
  stats->add_option("--last", *last, "Of the alerts that fired within this time")
      ->capture_default_str()
      ->check(check_duration, "DURATION");
  stats->callback([&chosen, last] {
    chosen = [last](Session& session) { return show_alert_statistics(session, *last); };
  });
  CLI::App* actions = alerts->add_subcommand("actions", "What was done about recovery actions");
  actions->callback([&chosen] { chosen = [](Session& session) { return show_actions(session); }; });
  add_verbs(*alerts, chosen);
  add_silences(*alerts, chosen);
}

}  // namespace vitals::cli
