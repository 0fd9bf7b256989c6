#pragma once

#include <string>
#include <vector>

#include "subcommands.h"

namespace vitals::cli {

struct DeliveryArguments {
  std::string state, receiver, alert, limit;  ///< as the API takes them
};

struct ReplayArguments {
  std::vector<std::string> ids;
  std::string receiver;
};

int show_deliveries(Session& session, const DeliveryArguments& arguments);
int replay(Session& session, const ReplayArguments& arguments);
int show_receivers(Session& session);

/// `vitalsctl deliveries …` and `vitalsctl receivers`.
void add_deliveries(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
