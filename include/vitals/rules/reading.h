#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace vitals::rules {

using Labels = std::map<std::string, std::string>;

/// What a rule's condition says of one group at one moment. A plain value.
struct Reading {
  bool holds = false;
  /// It is well. Neither this nor `holds`: not known well enough, so an alert stays what it is.
  bool clears = true;
  std::optional<double> value;
  std::optional<double> threshold;
  std::string against;  ///< what the threshold is, as of Alert::against
  std::uint64_t samples = 0;
  std::map<std::string, std::string> words;  ///< for {{NAME}} in annotations, see words_of()
};

struct GroupReading {
  Labels group;  ///< by field name; absent values left out
  Reading reading;
};

}  // namespace vitals::rules
