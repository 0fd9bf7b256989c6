#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/wire/json.h>

namespace vitals::api {

/// Lends decoders, whose buffers are worth keeping, to I/O threads. Thread-safe.
class DecoderPool {
 public:
  DecoderPool(wire::Comments comments, wire::ErrorTypeOf error_type_of)
      : comments_(comments), error_type_of_(std::move(error_type_of)) {}

  template <class Use>
  auto with(Use&& use) {
    auto decoder = free_.with([this](auto& free) -> std::unique_ptr<wire::ExecutionDecoder> {
      if (free.empty()) return make();
      auto taken = std::move(free.back());
      free.pop_back();
      return taken;
    });
    auto result = use(*decoder);
    free_.with([&decoder](auto& free) { free.push_back(std::move(decoder)); });
    return result;
  }

 private:
  std::unique_ptr<wire::ExecutionDecoder> make() const {
    return std::make_unique<wire::ExecutionDecoder>(UuidGenerator(), comments_, error_type_of_);
  }

  const wire::Comments comments_;
  const wire::ErrorTypeOf error_type_of_;
  Guarded<std::vector<std::unique_ptr<wire::ExecutionDecoder>>> free_;
};

/// Names of ignored fields that the log has told once. Thread-safe, bounded.
class UnknownFields {
 public:
  /// The names that were not known before.
  std::vector<std::string> first_seen(const std::vector<std::string>& names) {
    constexpr std::size_t kNamesMax = 1000;
    return seen_.with([&names](auto& seen) {
      std::vector<std::string> fresh;
      for (const std::string& name : names) {
        if (seen.size() < kNamesMax && seen.insert(name).second) fresh.push_back(name);
      }
      return fresh;
    });
  }

 private:
  Guarded<std::set<std::string>> seen_;
};

}  // namespace vitals::api
