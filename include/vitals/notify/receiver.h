#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/model/filter.h>
#include <vitals/model/schedule.h>

namespace vitals::notify {

using Headers = std::map<std::string, std::string>;

/// Our own JSON, signed by Standard Webhooks 1.0.
struct WebhookTarget {
  std::string url;
  /// `whsec_` + base64 of 24 to 64 bytes; several, separated by spaces, sign with each, for
  /// rotation; "" sends unsigned.
  std::string secret;
  Headers headers;
};

/// Slack, or what takes its messages: an incoming webhook (`url`), or a bot (`token`, `channel`),
/// which has one message per incident and changes it.
struct SlackTarget {
  std::string url;
  std::string token;
  std::string channel;
  std::string api_url = "https://slack.com/api";
};

/// Mail to all of `to`, one thread per incident.
struct EmailTarget {
  /// On a plain connection that must become TLS, on a TLS connection, or without.
  enum class Security : std::uint8_t { starttls, tls, none };
  std::vector<std::string> to;
  std::string from;
  std::string server;  ///< HOST:PORT
  Security security = Security::starttls;
  std::string user;  ///< "" does not log in
  std::string password;
  std::string ca_file;  ///< "" trusts whom the system trusts
};

/// PagerDuty Events API v2.
struct PagerDutyTarget {
  std::string routing_key;
  std::string url = "https://events.pagerduty.com/v2/enqueue";
};

/// Opsgenie's alert API, or Jira Service Management's by its URL.
struct OpsgenieTarget {
  struct Responder {
    std::string type;  ///< team, user, escalation or schedule
    std::string name;  ///< of a user: the user name
  };
  std::string api_key;
  std::string url = "https://api.opsgenie.com";
  std::vector<Responder> responders;
  /// P1 to P5, by severity.
  std::map<model::Severity, std::string> priorities = {{model::Severity::critical, "P1"},
                                                       {model::Severity::warning, "P3"},
                                                       {model::Severity::informational, "P5"}};
};

/// One Alertmanager (API v2). Each of a cluster is a receiver of its own.
struct AlertmanagerTarget {
  std::string url;
  Headers headers;
  DurationMs refresh_ms = 60'000;  ///< open alerts are told again so often
};

/// CloudEvents 1.0 over HTTP.
struct CloudEventsTarget {
  std::string url;
  std::string source = "/vitals";
  bool binary = false;  ///< attributes as headers, else all in the body
  Headers headers;
  std::string secret;  ///< as of WebhookTarget
};

/// Any other HTTP receiver: the body is a mustache template (docs/how-to/notify-incident-tools.md).
struct TemplateTarget {
  std::string url;
  std::string method = "POST";
  Headers headers;
  std::string content_type = "application/json";
  std::string body;
};

using Target = std::variant<WebhookTarget, SlackTarget, EmailTarget, PagerDutyTarget,
                            OpsgenieTarget, AlertmanagerTarget, CloudEventsTarget, TemplateTarget>;

/// Where notifications go.
struct Receiver {
  std::string name;
  DurationMs timeout_ms = 15'000;   ///< for one try
  std::uint32_t rate_max = 0;       ///< so many messages at most, 0 is no limit ...
  DurationMs rate_per_ms = 60'000;  ///< ... in so much time
  Target target;
  std::string external_url;  ///< where people reach this daemon, for links; "" makes none
};

/// A webhook that does something about an alert; `alert.action` names it.
struct Action {
  std::string name;
  WebhookTarget webhook;
  DurationMs timeout_ms = 10'000;
  DurationMs give_up_ms = 300'000;
};

/// Somebody who is told, by that nothing comes, that this daemon is not well.
struct Heartbeat {
  std::string receiver;
  DurationMs every_ms = 60'000;
};

/// A tree: an alert goes to the first child that matches it, else to this node's receiver; with
/// `continue_matching` the siblings after it are asked too. The root matches everything.
struct Route {
  std::string receiver;                      ///< "" is the parent's; at the root: nobody
  std::map<std::string, std::string> match;  ///< label = value; `severity` and `rule` too
  std::vector<model::Filter> matchers;       ///< all of them too (model/matcher.h)
  std::optional<model::Schedule> active;     ///< only then; always without one
  /// Incidents with the same values of these labels share messages; none: each has its own.
  std::vector<std::string> group_by;
  DurationMs group_wait_ms = 0;       ///< a message waits so long for others of its group
  DurationMs repeat_ms = 0;           ///< open incidents are told again so often; 0: never
  std::vector<std::string> escalate;  ///< receivers that each escalation adds, in this order
  bool continue_matching = false;
  std::vector<Route> routes;
};

/// Somebody to be told.
struct Recipient {
  std::string receiver;
  std::string group;  ///< what incidents that share messages have in common; "" shares none
  DurationMs group_wait_ms = 0;
  DurationMs repeat_ms = 0;

  bool operator==(const Recipient&) const = default;
};

/// Whom to tell, without repeats: the receivers that the routes lead to, of their escalations as
/// many as the alert has had, and last those who were told before (`alert.told`), so that all who
/// heard of it hear of its end, wherever routes lead meanwhile. An incident keeps to the routes of
/// the moment in which it was first told (`alert.announced_at`, else `now`).
std::vector<Recipient> recipients(const Route& root, const model::Alert& alert, TimeMs now);

/// Whether the routes, or their escalations, lead to the receiver.
bool is_routed(const Route& root, const model::Alert& alert, const std::string& receiver,
               TimeMs now);

/// How often the alert can be escalated to somebody new.
std::uint32_t escalation_steps(const Route& root, const model::Alert& alert, TimeMs now);

struct Options {
  std::vector<Receiver> receivers;
  Route routes;
  std::vector<Action> actions;
  std::vector<Heartbeat> heartbeats;
  DurationMs retry_min_ms = 5'000;           ///< first wait; doubles, with full jitter
  DurationMs retry_max_ms = kHourMs;         ///< longest wait
  DurationMs give_up_ms = 72LL * 3'600'000;  ///< then a dead letter
  std::uint32_t log_entries_max = 10'000;    ///< delivery log; as many dead letters beside it
  std::uint64_t jitter_seed = 0;             ///< 0 takes one from the operating system
};

/// Whether a target makes sense; the error is `key: reason`, with the key as in the configuration
/// file, and never a value that may be a secret.
Status validate(const Target& target);

/// Whether a receiver with a sound target can be told heartbeats; the error says why not.
Status check_heartbeat(const Receiver& receiver);

/// Whether the options make sense: names, URLs, secrets, routes to known receivers, times. The
/// error names the receiver and the reason, never a secret.
Status validate(const Options& options);

}  // namespace vitals::notify
