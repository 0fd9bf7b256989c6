#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/alert.h>

namespace vitals::notify {

/// Where notifications go. `webhook` is the channel of the foundation; others join as one folder
/// each.
struct Receiver {
  std::string name;
  std::string url;
  std::string secret;  ///< `whsec_` + base64 (Standard Webhooks 1.0); "" sends unsigned
  std::map<std::string, std::string> headers;
  DurationMs timeout_ms = 15'000;
};

/// A tree: an alert goes to the first child that matches it, else to this node's receiver; with
/// `continue_matching` the siblings after it are asked too. The root matches everything.
struct Route {
  std::string receiver;
  std::map<std::string, std::string> match;  ///< label = value; `severity` and `rule` too
  bool continue_matching = false;
  std::vector<Route> routes;
};

/// Names of the receivers an alert goes to, without repeats.
std::vector<std::string> route(const Route& root, const model::Alert& alert);

struct Options {
  std::vector<Receiver> receivers;
  Route routes;
  DurationMs retry_min_ms = 5'000;           ///< first wait; doubles, with full jitter
  DurationMs retry_max_ms = 3'600'000;       ///< longest wait
  DurationMs give_up_ms = 72LL * 3'600'000;  ///< then a dead letter
  std::uint32_t log_entries_max = 10'000;    ///< delivery log
};

}  // namespace vitals::notify
