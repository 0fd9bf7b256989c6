#include <set>

#include <vitals/notify/receiver.h>

#include "matchers.h"
#include "read_receivers.h"
#include "read_schedule.h"
#include "sections.h"

namespace vitals::config {
namespace {

using Names = std::set<std::string>;

void check_known(Section& section, std::string_view key, const std::string& name,
                 const Names& receivers) {
  if (receivers.count(name) != 0) return;
  section.problem(key, "there is no receiver '" + name + "'");
}

/// A route starts from what its parent has, but for what it matches.
void read_route(Section& section, const Names& receivers, const Schedules& schedules,
                notify::Route& route) {
  section.text("receiver", route.receiver);
  if (!route.receiver.empty()) check_known(section, "receiver", route.receiver, receivers);
  section.texts("group_by", route.group_by);
  section.duration("group_wait", route.group_wait_ms, 0, 3'600'000);
  section.duration("repeat", route.repeat_ms, 0);
  section.texts("escalate", route.escalate);
  for (const std::string& name : route.escalate) check_known(section, "escalate", name, receivers);
  section.sections("routes", [&](Section& child) {
    notify::Route below = route;
    below.match.clear();
    below.matchers.clear();
    below.active.reset();
    below.continue_matching = false;
    below.routes.clear();
    child.text_map("match", below.match);
    read_matchers(child, "matchers", below.matchers);
    read_schedule(child, "active", schedules, below.active);
    child.flag("continue", below.continue_matching);
    read_route(child, receivers, schedules, below);
    route.routes.push_back(std::move(below));
  });
}

/// Not every kind of receiver can be told that nothing is wrong.
void check_heartbeat(Section& section, const std::string& name,
                     const std::vector<notify::Receiver>& receivers) {
  for (const notify::Receiver& receiver : receivers) {
    // What is wrong with the target has been said.
    if (receiver.name != name || !notify::validate(receiver.target)) continue;
    const Status status = notify::check_heartbeat(receiver);
    if (!status) section.problem("receiver", status.error().message);
  }
}

}  // namespace

void read_action(Section& section, const std::filesystem::path& folder, notify::Action& action) {
  section.text("name", action.name);
  if (action.name.empty()) section.problem("name", "is required");
  section.duration("timeout", action.timeout_ms, 100, 300'000);
  section.duration("give_up", action.give_up_ms, 0);
  Section keys = section.section("webhook");
  read_webhook(keys, folder, action.webhook);
  check_target(keys, action.webhook);
}

void read_notify(Section& root, const std::filesystem::path& folder, notify::Options& notify) {
  Names names;
  Section own = root.section("notify");
  std::string external_url;
  own.text("external_url", external_url);
  if (!external_url.empty() && external_url.substr(0, 4) != "http") {
    own.problem("external_url", "must begin with http:// or https://");
  }
  root.sections("receivers", [&](Section& section) {
    notify::Receiver receiver = read_receiver(section, folder);
    receiver.external_url = external_url;
    if (!receiver.name.empty() && !names.insert(receiver.name).second) {
      section.problem("name", "another receiver is called '" + receiver.name + "' too");
    }
    notify.receivers.push_back(std::move(receiver));
  });
  if (notify.receivers.size() == 1) notify.routes.receiver = notify.receivers.front().name;
  Section routes = root.section("routes");
  read_route(routes, names, read_schedules(root), notify.routes);
  if (notify.routes.receiver.empty() && notify.receivers.size() > 1) {
    root.problem("routes", "needs a receiver, for alerts that no other route matches");
  }
  root.sections("heartbeats", [&](Section& each) {
    notify::Heartbeat& heartbeat = notify.heartbeats.emplace_back();
    each.text("receiver", heartbeat.receiver);
    check_known(each, "receiver", heartbeat.receiver, names);
    check_heartbeat(each, heartbeat.receiver, notify.receivers);
    each.duration("every", heartbeat.every_ms, 1'000);
  });
  own.duration("retry_min", notify.retry_min_ms, 10);
  own.duration("retry_max", notify.retry_max_ms, 10);
  own.duration("give_up", notify.give_up_ms, 10);
  own.count("log_entries", notify.log_entries_max, 0, 10'000'000);
  if (notify.retry_max_ms < notify.retry_min_ms) {
    own.problem("retry_max", "must not be below retry_min");
  }
}

}  // namespace vitals::config
