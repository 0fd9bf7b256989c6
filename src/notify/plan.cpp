#include "plan.h"

#include <utility>
#include <variant>

#include "webhook/action.h"

namespace vitals::notify {
namespace {

struct KindOf {
  const char* operator()(const WebhookTarget&) const { return "webhook"; }
  const char* operator()(const SlackTarget&) const { return "slack"; }
  const char* operator()(const EmailTarget&) const { return "email"; }
  const char* operator()(const PagerDutyTarget&) const { return "pagerduty"; }
  const char* operator()(const OpsgenieTarget&) const { return "opsgenie"; }
  const char* operator()(const AlertmanagerTarget&) const { return "alertmanager"; }
  const char* operator()(const CloudEventsTarget&) const { return "cloudevents"; }
  const char* operator()(const TemplateTarget&) const { return "template"; }
};

}  // namespace

Plan::Plan(Options given) : options(std::move(given)) {
  for (const Receiver& receiver : options.receivers) {
    Destination& made = destinations[receiver.name];
    made.kind = std::visit(KindOf{}, receiver.target);
    made.channel = make_channel(receiver);
    made.webhook = std::get_if<WebhookTarget>(&receiver.target);
    made.timeout_ms = receiver.timeout_ms;
    made.give_up_ms = options.give_up_ms;
    made.rate_max = receiver.rate_max;
    made.rate_per_ms = receiver.rate_per_ms;
  }
  for (const Action& action : options.actions) {
    Destination& made = destinations[destination_of_action(action.name)];
    made.channel = webhook::make_action_channel(action);
    made.timeout_ms = action.timeout_ms;
    made.give_up_ms = action.give_up_ms;
  }
}

const Destination* Plan::find(const std::string& name) const {
  const auto found = destinations.find(name);
  return found == destinations.end() ? nullptr : &found->second;
}

std::string destination_of_action(const std::string& action) { return "action:" + action; }

bool is_action(const std::string& destination) { return destination.starts_with("action:"); }

}  // namespace vitals::notify
