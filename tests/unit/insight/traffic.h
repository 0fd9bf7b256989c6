#pragma once

#include <random>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

#include "unit/query/stand.h"

namespace vitals::insight::test {

using vitals::test::Event;
using vitals::test::kNow;
using vitals::test::Stand;

/// What executions of a version are like.
struct Kind {
  std::string version = "v7";
  double success = 0.97;
  double duration_ms = 2'000;
  double rating = 4.5;
  std::string error = "timeout";
  std::string prompt = "support";
};

/// So many executions, evenly over [from, to), of models, regions and users that have nothing to do
/// with how they end.
inline std::vector<Event> executions(std::mt19937& random, const Kind& kind, TimeMs from, TimeMs to,
                                     int count) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<Event> events;
  for (int i = 0; i < count; ++i) {
    Event event;
    event.time_ms = from + (to - from) * i / count;
    event.id = kind.version + "-" + std::to_string(event.time_ms) + "-" + std::to_string(random());
    event.prompt = kind.prompt;
    event.version = kind.version;
    event.model = random() % 2 == 0 ? "large" : "small";
    event.environment = "production";
    event.region = random() % 3 == 0 ? "eu" : "us";
    event.user = "user-" + std::to_string(random() % 40);
    event.success = uniform(random) < kind.success ? model::Tri::yes : model::Tri::no;
    if (event.success == model::Tri::no) event.error_type = kind.error;
    event.duration_ms = kind.duration_ms;
    event.input_tokens = 500;
    event.rating = kind.rating;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace vitals::insight::test
