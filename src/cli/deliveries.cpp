#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "alert_commands.h"
#include "delivery_commands.h"
#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
  return value.is_string() ? printable(value.get<std::string>()) : "";
}

std::string moment(const Json& value) {
  return value.is_number() ? format_moment(value.get<TimeMs>() / 1000 * 1000) : "-";
}

TableCell state_cell(const std::string& state) {
  if (state == "dead" || state == "open") return {state, Tone::bad};
  return {state, state == "delivered" || state == "closed" ? Tone::good : Tone::warning};
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
    Table table(
        {{"STATE"}, {"RECEIVER"}, {"TRIES", Align::right}, {"MADE (UTC)"}, {"ID"}, {"LAST ERROR"}});
    for (const Json& one : document.at("deliveries")) {
      table.add({state_cell(text_of(one.at("state"))),
                 {text_of(one.at("receiver")), Tone::strong},
                 with_separators(one.at("attempts").get<std::int64_t>()),
                 moment(one.at("created_at")),
                 text_of(one.at("id")),
                 text_of(one.at("last_error"))});
    }
    session.console.out << table.text(session.console.color);
  });
}

int replay(Session& session, const ReplayArguments& arguments) {
  Json body = Json::object();
  if (!arguments.ids.empty()) body["ids"] = arguments.ids;
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
    Table table({{"RECEIVER"},
                 {"CHANNEL"},
                 {"CIRCUIT"},
                 {"WAITING", Align::right},
                 {"LAST SUCCESS (UTC)"},
                 {"LAST ERROR (UTC)"},
                 {"ERROR"}});
    for (const Json& one : document.at("receivers")) {
      table.add({{text_of(one.at("name")), Tone::strong},
                 text_of(one.at("channel")),
                 state_cell(text_of(one.at("circuit"))),
                 with_separators(one.at("waiting").get<std::int64_t>()),
                 moment(one.at("last_success_at")),
                 moment(one.at("last_error_at")),
                 text_of(one.at("last_error"))});
    }
    session.console.out << table.text(session.console.color);
  });
}

void add_deliveries(CLI::App& app, std::function<int(Session&)>& chosen) {
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
  again->add_option("ID", replayed->ids, "Which; without, all of --receiver");
  again->add_option("--receiver", replayed->receiver, "Only to this receiver");
  again->callback([&chosen, replayed] {
    chosen = [replayed](Session& session) { return replay(session, *replayed); };
  });

  app.add_subcommand("receivers", "Receivers, and how delivering to them goes")
      ->callback([&chosen] { chosen = [](Session& session) { return show_receivers(session); }; });
}

}  // namespace vitals::cli
