#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/model/batch.h>

#include "decoding.h"

namespace vitals::test {

/// A good event as plain values, drawn at random, and its JSON text in one of many spellings.
struct RandomEvent {
  std::string id;
  std::optional<TimeMs> time_ms;
  model::Outcome outcome;
  std::array<std::string, model::kLabelCount> labels;
  std::array<double, model::kNumberCount> numbers{};
  std::map<std::string, std::string> tags;
};

class EventMaker {
 public:
  explicit EventMaker(std::uint64_t seed) : random_(seed) {}

  RandomEvent event() {
    RandomEvent event;
    if (odds(2)) event.id = text(128);
    if (odds(2)) event.time_ms = kNow - static_cast<TimeMs>(below(29 * kDayMs));
    event.outcome = {tri(), tri(), tri(), tri()};
    for (std::string& label : event.labels) label = odds(2) ? text(256) : "";
    event.labels[model::index(model::Label::prompt)] = text(256);
    for (const model::NumberField& field : model::kNumberFields) {
      double& number = event.numbers[model::index(field.number)];
      number = odds(2) ? model::kAbsent : between(field);
    }
    for (std::uint64_t i = below(4); i > 0; --i) event.tags[text(20)] = text(40);
    return event;
  }

  std::string json(const RandomEvent& event) {
    std::map<std::string, std::vector<std::string>> objects;
    const auto add = [&](const std::string& object, std::string_view key,
                         const std::string& value) {
      objects[object].push_back(space() + quoted(key) + space() + ':' + space() + value + space());
    };
    if (!event.id.empty()) add("", "id", quoted(event.id));
    if (event.time_ms) {
      add("", "time",
          odds(2) ? std::to_string(*event.time_ms) : quoted(format_rfc3339(*event.time_ms)));
    }
    if (event.outcome.success != model::Tri::unknown) {
      add("", "status", event.outcome.success == model::Tri::yes ? "\"success\"" : "\"error\"");
    }
    const auto flag = [&](std::string_view key, model::Tri tri) {
      if (tri != model::Tri::unknown) add("error", key, tri == model::Tri::yes ? "true" : "false");
    };
    flag("detected", event.outcome.detected);
    flag("recovered", event.outcome.recovered);
    flag("degraded", event.outcome.degraded);
    for (const model::LabelField& field : model::kLabelFields) {
      const std::string& label = event.labels[model::index(field.label)];
      if (label.empty()) continue;
      const bool is_type = field.label == model::Label::error_type;
      add(is_type ? "error" : "", is_type ? "type" : field.name, quoted(label));
    }
    for (const model::NumberField& field : model::kNumberFields) {
      const double number = event.numbers[model::index(field.number)];
      if (!std::isnan(number)) add(std::string(field.object), field.name, spelled(number));
    }
    for (const auto& [key, value] : event.tags) add("tags", key, quoted(value));
    if (odds(4)) add("quality", "unknown", R"([{"a":[null,"}"]},1.5])");
    for (const auto& [name, members] : objects) {
      if (!name.empty()) add("", name, object_of(members));
    }
    return object_of(objects[""]);
  }

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool odds(std::uint64_t n) { return below(n) == 0; }

 private:
  model::Tri tri() { return static_cast<model::Tri>(below(3)); }

  /// One to bytes_max bytes of valid UTF-8, the longest now and then.
  std::string text(std::size_t bytes_max) {
    static const std::array<std::string, 10> kPieces{"a",  "Z", "0",  " ",      "\"",
                                                     "\\", "/", "\n", "\u20ac", "\U0001F600"};
    const std::size_t size = odds(20) ? bytes_max : 1 + below(std::min<std::size_t>(bytes_max, 12));
    std::string text;
    while (text.size() < size) {
      const std::string& piece = kPieces[below(kPieces.size())];
      text += text.size() + piece.size() > size || piece == "\n" ? "x" : piece;
    }
    return text;
  }

  double between(const model::NumberField& field) {
    if (odds(10)) return odds(2) ? field.min : field.max;
    const double share = std::uniform_real_distribution<double>(0, 1)(random_);
    const double number = field.min + share * std::min(field.max - field.min, 1e7);
    return field.integer ? std::floor(number) : number;
  }

  std::string space() { return odds(8) ? std::string(1, " \t\r"[below(3)]) : ""; }

  std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\' || (c == '/' && odds(2))) {
        json += {'\\', c};
      } else if (c == '\n') {
        json += odds(2) ? "\\n" : "\\u000A";
      } else if (c == 'a' && odds(3)) {
        json += "\\u0061";
      } else {
        json += c;
      }
    }
    return json + '"';
  }

  std::string spelled(double number) {
    std::array<char, 64> text{};
    const char* format = odds(2) ? "%.17g" : "%.16e";
    if (number == std::trunc(number) && odds(2)) format = "%.0f";
    return {text.data(),
            static_cast<std::size_t>(std::snprintf(text.data(), text.size(), format, number))};
  }

  std::string object_of(std::vector<std::string> members) {
    std::shuffle(members.begin(), members.end(), random_);
    std::string json = "{";
    for (const std::string& member : members) json += (json.size() > 1 ? "," : "") + member;
    return json + "}";
  }

  std::mt19937_64 random_;
};

}  // namespace vitals::test
