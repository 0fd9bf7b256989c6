#pragma once

#include <string>
#include <unordered_set>

#include <vitals/base/guarded.h>

namespace vitals::notify {

/// The open incidents that are kept quiet at present. The spine says so, the courier asks.
/// Thread-safe.
class Quiet {
 public:
  void set(const std::string& incident, bool quiet) {
    incidents_.with([&](auto& all) {
      if (quiet) {
        all.insert(incident);
      } else {
        all.erase(incident);
      }
    });
  }
  bool has(const std::string& incident) const {
    return incidents_.with([&](const auto& all) { return all.count(incident) != 0; });
  }

 private:
  Guarded<std::unordered_set<std::string>> incidents_;
};

}  // namespace vitals::notify
