#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>

namespace vitals::notify {

/// Where notifications go. `webhook` is the channel of the foundation; others join as one folder
/// each.
struct Receiver {
  std::string name;
  std::string url;
  /// `whsec_` + base64 of 24 to 64 bytes (Standard Webhooks 1.0); several, separated by spaces,
  /// sign with each, for rotation; "" sends unsigned.
  std::string secret;
  std::map<std::string, std::string> headers;
  DurationMs timeout_ms = 15'000;
};

/// A tree: an alert goes to the first child that matches it, else to this node's receiver; with
/// `continue_matching` the siblings after it are asked too. The root matches everything.
struct Route {
  std::string receiver;                      ///< "" is the parent's; at the root: nobody
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
  std::uint32_t log_entries_max = 10'000;    ///< delivery log; as many dead letters beside it
  std::uint32_t lanes = 4;                   ///< see Outbox::lanes(); fixed when it is opened
  std::uint64_t jitter_seed = 0;             ///< 0 takes one from the operating system
};

/// Whether the options make sense: names, URLs, secrets, routes to known receivers, times. The
/// error names the receiver and the reason, never a secret.
Status validate(const Options& options);

}  // namespace vitals::notify
