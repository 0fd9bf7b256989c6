#include <algorithm>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "alert_commands.h"
#include "delivery_commands.h"
#include "json_text.h"
#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What is longer is the whole id of a delivery, not the end of one.
constexpr std::size_t kAlertIdBytes = 36;

TableCell state_cell(const std::string& state) {
  if (state == "dead" || state == "open") return {state, Tone::bad};
  return {state, state == "delivered" || state == "closed" ? Tone::good : Tone::warning};
}

/// With the end of the alert's id, which commands take for the whole.
std::string delivery_id(const Json& delivery) {
  std::string id = text_of(delivery, "id");
  const std::string alert = text_of(delivery, "alert");
  if (alert.empty() || !id.starts_with(alert)) return id;
  return short_id(alert) + id.substr(alert.size());
}

/// `5m ago`, in the largest unit; `-` for null.
std::string ago_text(const Json& moment, TimeMs now) {
  if (!moment.is_number()) return "-";
  return format_ago(now - moment.get<TimeMs>());
}

std::string letters(std::int64_t count, const char* one, const char* many) {
  return with_separators(count) + (count == 1 ? one : many);
}

}  // namespace

int show_deliveries(Session& session, const DeliveryArguments& arguments) {
  std::string alert = arguments.alert;
  if (!alert.empty()) {
    auto whole = find_id(session, "/api/v1/alerts?status=all&limit=10000", "alerts", alert);
    // The delivery log may know alerts that are not listed any more.
    if (!whole && whole.error().code != Errc::not_found) return fail(session, whole.error());
    if (whole) alert = *std::move(whole);
  }
  QueryString query;
  query.add_given("state", arguments.state);
  query.add_given("receiver", arguments.receiver);
  query.add_given("alert", alert);
  query.add_given("limit", arguments.limit);
  return show_document(session, "/api/v1/deliveries" + query.text(), [&](const Json& document) {
    if (document.at("deliveries").empty()) {
      session.console.out << "There are no such deliveries.\n";
      return;
    }
    Table table({{"STATE"},
                 {"RECEIVER", Align::flexible},
                 {"TRIES", Align::right},
                 {"MADE", Align::right},
                 {"ID"},
                 {"LAST ERROR", Align::flexible}});
    for (const Json& one : document.at("deliveries")) {
      table.add({state_cell(text_of(one, "state")),
                 {text_of(one, "receiver"), Tone::strong},
                 with_separators(one.at("attempts").get<std::int64_t>()),
                 ago_text(one.at("created_at"), session.clock.now_ms()),
                 delivery_id(one),
                 text_of(one, "last_error")});
    }
    table.print(session.console);
  });
}

int replay(Session& session, const ReplayArguments& arguments) {
  Json body = Json::object();
  for (const std::string& end : arguments.ids) {
    if (end.size() > kAlertIdBytes) {
      body["ids"].push_back(end);
      continue;
    }
    auto id = find_id(session, "/api/v1/deliveries?state=dead&limit=10000", "deliveries", end);
    if (!id) return fail(session, id.error());
    body["ids"].push_back(*std::move(id));
  }
  if (!arguments.receiver.empty()) body["receiver"] = arguments.receiver;
  const auto answer =
      session.server.post("/api/v1/deliveries/replay", "application/json", body.dump());
  if (!answer) return fail(session, answer.error());
  if (answer->status != 200) return fail(session, explain(*answer));
  const auto document = parse_document(answer->body);
  if (!document) return fail(session, document.error());
  const std::int64_t queued = document->value("queued", std::int64_t{0});
  const std::int64_t skipped = document->value("skipped", std::int64_t{0});
  if (queued == 0 && skipped == 0) {
    return fail(session, Error{Errc::not_found, "there are no such dead letters"});
  }
  if (session.json) {
    session.console.out << answer->body;
    return kDone;
  }
  session.console.out << letters(queued, " dead letter waits once more\n",
                                 " dead letters wait once more\n");
  if (skipped > 0) {
    session.console.out << letters(skipped, " skipped: its incident is over\n",
                                   " skipped: their incidents are over\n");
  }
  return kDone;
}

int show_receivers(Session& session) {
  return show_document(session, "/api/v1/receivers", [&](const Json& document) {
    if (document.at("receivers").empty()) {
      session.console.out << "No receiver is configured.\n";
      return;
    }
    const TimeMs now = session.clock.now_ms();
    Table table({{"RECEIVER", Align::flexible},
                 {"CHANNEL"},
                 {"CIRCUIT"},
                 {"WAITING", Align::right},
                 {"SUCCEEDED", Align::right},
                 {"FAILED", Align::right},
                 {"LAST ERROR", Align::flexible}});
    for (const Json& one : document.at("receivers")) {
      table.add({{text_of(one, "name"), Tone::strong},
                 text_of(one, "channel"),
                 state_cell(text_of(one, "circuit")),
                 with_separators(one.at("waiting").get<std::int64_t>()),
                 ago_text(one.at("last_success_at"), now),
                 ago_text(one.at("last_error_at"), now),
                 text_of(one, "last_error")});
    }
    table.print(session.console);
  });
}

void add_deliveries(CLI::App& app, Chosen& chosen) {
  auto listed = std::make_shared<DeliveryArguments>();
  CLI::App* deliveries =
      app.add_subcommand("deliveries", "Notifications: waiting, delivered, and dead letters");
  deliveries->add_option("--state", listed->state, "waiting, delivered or dead");
  deliveries->add_option("--receiver", listed->receiver, "Only to this receiver");
  deliveries->add_option("--alert", listed->alert,
                         "Only of the alert with this id, or the end of it");
  deliveries->add_option("--limit", listed->limit, "At most so many; default 100");
  deliveries->callback([&chosen, deliveries, listed] {
    if (!deliveries->get_subcommands().empty()) return;
    chosen = [listed](Session& session) { return show_deliveries(session, *listed); };
  });

  auto replayed = std::make_shared<ReplayArguments>();
  CLI::App* again = deliveries->add_subcommand("replay", "Send dead letters once more");
  again->add_option("ID", replayed->ids,
                    "Which, by id or the end of it; without, all of --receiver");
  again->add_option("--receiver", replayed->receiver, "Only to this receiver");
  again->callback([&chosen, replayed] {
    chosen = [replayed](Session& session) { return replay(session, *replayed); };
  });

  app.add_subcommand("receivers", "Receivers, and how delivering to them goes")
      ->callback([&chosen] { chosen = [](Session& session) { return show_receivers(session); }; });
}

}  // namespace vitals::cli
